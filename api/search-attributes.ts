import type { Client } from '@temporalio/client';
import { missingSearchAttributes, registerCommands } from '../domain/search-attributes';
import type { Log } from '../telemetry/log';

/**
 * Says what to run where the namespace lacks search attributes: the workers register them, or stop for want of them, and
 * the API is where somebody looks when nothing moves (durability 5.4).
 */
export async function checkSearchAttributes(client: Client, log: Log): Promise<void> {
  const { namespace } = client.options;
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
  const missing = missingSearchAttributes(Object.keys(customAttributes));
  if (missing.length > 0) log.warn({ run: registerCommands(missing, namespace) }, 'search attributes are missing');
}
