import { readFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';
import type { TemporalTls } from '../config/environment';

export interface TemporalAddress {
  /** host:port */
  readonly address: string;
  readonly namespace: string;
  readonly apiKey: string | null;
  readonly tls: TemporalTls | null;
}

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
    // gateway.ts retries itself (patience.ts).
    interceptors: [],
  });
  return new Client({ connection, namespace });
}
