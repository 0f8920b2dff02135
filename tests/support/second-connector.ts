import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HandoverKey } from '../../domain/handover';
import { HANDOVER_KEYS } from '../../domain/handover';
import { connectorWorkflowId } from '../../domain/ids';
import type { AttributeRecord } from '../../domain/model';
import type { RunRecord } from '../../store/records';
import { CONNECTOR_WORKFLOW, FLOW_QUEUE, requestSyncUpdate } from '../../workflows/messages';
import { createCommands, ended } from './commands';
import { toCsv } from './people';
import type { Row } from './people';
import type { System } from './system';

export type Commands = ReturnType<typeof createCommands>;
export interface SecondConnector extends Commands {
  readonly connectorId: string;
  readonly write: (rows: readonly Row[]) => void;
  readonly stop: () => Promise<void>;
}

/** One more connector of a system to the same Jira, with a file of its own. */
export async function addConnector(
  { store, client, file }: System,
  id: string,
  rows: readonly Row[],
  config: AttributeRecord = {}
): Promise<SecondConnector> {
  const users = join(dirname(file), `${id}.csv`);
  const write = (written: readonly Row[]): void => {
    writeFileSync(users, toCsv(written));
  };
  write(rows);
  await store.connectors.insert({
    id,
    targetId: 'jira',
    config: { id, target: 'jira', source: { type: 'file', users }, ...config },
    by: 'test',
    now: new Date().toISOString(),
  });
  const started = await client.workflow.start(CONNECTOR_WORKFLOW, {
    workflowId: connectorWorkflowId(id),
    taskQueue: FLOW_QUEUE,
    args: [{ connectorId: id, tuning: { heartbeatTimeoutMs: 3_000 } }],
  });
  const commands = createCommands({ handle: client.workflow.getHandle(started.workflowId), store, connectorId: id });
  return {
    ...commands,
    connectorId: id,
    write,
    stop: async () => {
      await started.terminate('end of test').catch(() => undefined);
    },
  };
}

/** Asks for a hand-over as the API does, and waits for its plan. */
export async function planHandover(
  { store }: System,
  to: Pick<SecondConnector, 'connectorId' | 'handle'>,
  from: string,
  matchBy: readonly HandoverKey[] = HANDOVER_KEYS
): Promise<RunRecord> {
  const requestId = randomUUID();
  await store.requests.open({
    id: requestId,
    kind: 'run',
    subject: to.connectorId,
    input: { mode: 'handover', from, matchBy },
    createdAt: new Date().toISOString(),
  });
  const { runId } = await to.handle.executeUpdate(requestSyncUpdate, {
    args: [{ requestId, mode: 'handover', trigger: 'api' }],
    updateId: requestId,
  });
  return ended(store, runId);
}
