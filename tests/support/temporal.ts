import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { msToTs } from '@temporalio/common/lib/time';
import type { Connection } from '@temporalio/client';
import { DefaultLogger, Runtime, makeTelemetryFilterString } from '@temporalio/worker';

/** What the operators' view filters by; the numbers are those of Temporal's IndexedValueType: keyword, int. */
const SEARCH_ATTRIBUTES = { RollcallConnectorId: 2, RollcallTrigger: 2, RollcallStatus: 2, RollcallFailed: 3 } as const;
const RETENTION = '1 day';
const POLL_MS = 50;

let isQuiet = false;

/** Workers say only what went wrong; the log of a test run stays readable. Once a process. */
export function quietTemporal(): void {
  if (isQuiet) return;
  isQuiet = true;
  const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' });
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter } } });
}

/**
 * Registers a namespace of its own for one system, so that systems of other suites do not poll its task queues.
 * @returns its name, when the server answers for it
 */
export async function freshNamespace(connection: Connection): Promise<string> {
  const namespace = `t-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs(RETENTION),
  });
  await usable(() =>
    connection.operatorService.addSearchAttributes({ namespace, searchAttributes: SEARCH_ATTRIBUTES })
  );
  await usable(() => connection.workflowService.listOpenWorkflowExecutions({ namespace, maximumPageSize: 1 }));
  return namespace;
}

/** A namespace is known to the parts of the server one after the other. */
async function usable(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await ask();
      return;
    } catch (error) {
      if (tries > 200) throw error;
      await wait(POLL_MS);
    }
  }
}
