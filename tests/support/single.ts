import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { AttributeRecord } from '../../domain/model';
import { PERSON_REQUEST_KEPT_MS, SWEEP_WORKFLOW_ID, userWorkflowId } from '../../domain/ids';
import type { OutcomeRecord, RequestRecord } from '../../store/records';
import type { Store } from '../../store/store';
import {
  FLOW_QUEUE,
  SWEEP_WORKFLOW,
  USER_SYNC_WORKFLOW,
  sweepNowUpdate,
  syncUserUpdate,
} from '../../workflows/messages';
import type { SweepAnswer } from '../../workflows/messages';

interface Around {
  readonly client: Client;
  readonly store: Store;
  readonly connectorId: string;
  readonly clock: { now(): Date };
}
export interface Asked {
  readonly trigger?: 'login' | 'api';
  readonly mode?: 'sync' | 'preview';
  readonly attributes?: AttributeRecord;
  readonly requestId?: string;
}

/** Asks for the sync of one person as the API does. @returns the request as it ended */
export async function syncPerson(around: Around, identifier: string, asked: Asked = {}): Promise<RequestRecord> {
  const { client, store, connectorId, clock } = around;
  const { trigger = 'login', mode = 'sync', attributes = {}, requestId = `r-${randomUUID()}` } = asked;
  await store.requests.open({
    id: requestId,
    kind: 'syncUser',
    subject: connectorId,
    input: { identifier, attributes, trigger, mode },
    createdAt: clock.now().toISOString(),
    keptUntil: new Date(clock.now().getTime() + PERSON_REQUEST_KEPT_MS).toISOString(),
  });
  await client.workflow.executeUpdateWithStart(syncUserUpdate, {
    args: [{ requestId }],
    updateId: `syncUser:${requestId}`,
    startWorkflowOperation: new WithStartWorkflowOperation(USER_SYNC_WORKFLOW, {
      workflowId: userWorkflowId(connectorId, identifier),
      taskQueue: FLOW_QUEUE,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [{ connectorId, tuning: { heartbeatTimeoutMs: 3_000 } }],
    }),
  });
  const request = await store.requests.get(requestId);
  if (request === null) throw new Error('the request is gone');
  return request;
}

/** The result that a request was answered with. */
export const resultOf = ({ result }: RequestRecord): Pick<OutcomeRecord, 'outcome' | 'operations' | 'reasons'> =>
  result as unknown as OutcomeRecord;

/** Makes one round of the sweep, and waits for it. */
export async function sweep({ client }: Pick<Around, 'client'>): Promise<SweepAnswer> {
  const requestId = randomUUID();
  return client.workflow.executeUpdateWithStart(sweepNowUpdate, {
    args: [{ requestId }],
    updateId: requestId,
    startWorkflowOperation: new WithStartWorkflowOperation(SWEEP_WORKFLOW, {
      workflowId: SWEEP_WORKFLOW_ID,
      taskQueue: FLOW_QUEUE,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [{}],
    }),
  });
}
