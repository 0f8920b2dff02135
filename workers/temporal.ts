import { NativeConnection } from '@temporalio/worker';
import { connectionOptions } from '../config/temporal';
import type { TemporalAddress } from '../config/temporal';

/** @throws TransportError when nothing answers there, or when a file of the TLS settings cannot be read */
export async function connectWorker(address: TemporalAddress): Promise<NativeConnection> {
  return NativeConnection.connect(await connectionOptions(address));
}
