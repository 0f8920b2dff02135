import { readFile } from 'node:fs/promises';
import { NativeConnection } from '@temporalio/worker';
import type { NativeConnectionOptions } from '@temporalio/worker';
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

async function tlsOptions(tls: TemporalTls): Promise<NonNullable<NativeConnectionOptions['tls']>> {
  const [ca, crt, key] = await Promise.all([tls.caPath, tls.clientCertPath, tls.clientKeyPath].map(readOptional));
  return {
    ...(tls.serverName === null ? {} : { serverNameOverride: tls.serverName }),
    ...(ca === undefined ? {} : { serverRootCACertificate: ca }),
    ...(crt === undefined || key === undefined ? {} : { clientCertPair: { crt, key } }),
  };
}

/** @throws TransportError when nothing answers there, or a file of the TLS settings cannot be read */
export async function connectWorker({ address, apiKey, tls }: TemporalAddress): Promise<NativeConnection> {
  return NativeConnection.connect({
    address,
    ...(apiKey === null ? {} : { apiKey }),
    ...(tls === null ? {} : { tls: await tlsOptions(tls) }),
  });
}
