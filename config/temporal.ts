import { readFile } from 'node:fs/promises';
import type { TemporalTls } from './environment';

/** Where Temporal is, and how one gets in; the same for API and worker. */
export interface TemporalAddress {
  /** host:port */
  readonly address: string;
  readonly namespace: string;
  readonly apiKey: string | null;
  readonly tls: TemporalTls | null;
}

/** TLS settings as the Temporal SDK takes them, in client and worker alike. */
export interface TemporalTlsOptions {
  readonly serverNameOverride?: string;
  readonly serverRootCACertificate?: Buffer;
  readonly clientCertPair?: { readonly crt: Buffer; readonly key: Buffer };
}

async function readOptional(path: string | null): Promise<Buffer | undefined> {
  return path === null ? undefined : readFile(path);
}

async function tlsOptions(tls: TemporalTls): Promise<TemporalTlsOptions> {
  const [ca, crt, key] = await Promise.all([tls.caPath, tls.clientCertPath, tls.clientKeyPath].map(readOptional));
  return {
    ...(tls.serverName === null ? {} : { serverNameOverride: tls.serverName }),
    ...(ca === undefined ? {} : { serverRootCACertificate: ca }),
    ...(crt === undefined || key === undefined ? {} : { clientCertPair: { crt, key } }),
  };
}

/**
 * The options of a connection to Temporal.
 * @throws when a file of the TLS settings cannot be read
 */
export async function connectionOptions({ address, apiKey, tls }: TemporalAddress) {
  return {
    address,
    ...(apiKey === null ? {} : { apiKey }),
    ...(tls === null ? {} : { tls: await tlsOptions(tls) }),
  };
}
