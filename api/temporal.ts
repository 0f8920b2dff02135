import { readFile } from 'node:fs/promises';
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';
import type { TemporalTls } from '../config/environment';

export interface TemporalAddress {
  /** host:port */
  readonly address: string;
  readonly namespace: string;
  readonly apiKey: string | null;
  readonly tls: TemporalTls | null;
}

/**
 * Tries of one call. The usual ten would keep a caller waiting for half a minute where Temporal is away, and would hide
 * that a workflow takes no more updates (durability 5.2).
 */
const ATTEMPTS = 4;

async function readOptional(path: string | null): Promise<Buffer | undefined> {
  return path === null ? undefined : readFile(path);
}

async function tlsOptions(tls: TemporalTls): Promise<NonNullable<ConnectionOptions['tls']>> {
  const [ca, crt, key] = await Promise.all([tls.caPath, tls.clientCertPath, tls.clientKeyPath].map(readOptional));
  return {
    ...(tls.serverName === null ? {} : { serverNameOverride: tls.serverName }),
    ...(ca === undefined ? {} : { serverRootCACertificate: ca }),
    ...(crt === undefined || key === undefined ? {} : { clientCertPair: { crt, key } }),
  };
}

/**
 * A client that connects when it is first used: the API starts, and says so at /readyz, while Temporal is still away.
 * @throws when a file of the TLS settings cannot be read
 */
export async function connectTemporal({ address, namespace, apiKey, tls }: TemporalAddress): Promise<Client> {
  const connection = Connection.lazy({
    address,
    ...(apiKey === null ? {} : { apiKey }),
    ...(tls === null ? {} : { tls: await tlsOptions(tls) }),
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: ATTEMPTS }))],
  });
  return new Client({ connection, namespace });
}
