import { Client, Connection } from '@temporalio/client';
import { connectionOptions } from '../config/temporal';
import type { TemporalAddress } from '../config/temporal';

/**
 * A client that connects when it is first used: the API starts, and says so at /readyz, while Temporal is still away.
 * @throws when a file of the TLS settings cannot be read
 */
export async function connectTemporal(address: TemporalAddress): Promise<Client> {
  // No interceptors: gateway.ts retries itself (patience.ts).
  const connection = Connection.lazy({ ...(await connectionOptions(address)), interceptors: [] });
  return new Client({ connection, namespace: address.namespace });
}
