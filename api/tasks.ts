import { setTimeout as sleep } from 'node:timers/promises';
import type { AttributeRecord } from '../domain/model';
import type { RequestRecord } from '../store/records';
import { audit, openRequest, storedRefusal } from './commands';
import type { Accepted, RequestOrder } from './commands';
import type { ApiDependencies } from './dependencies';
import { notFound } from './http/problem';
import type { Principal } from './http/route';

/** What an accepted request is answered with: where to ask how it went. */
export function accepted(body: Accepted): {
  readonly body: Accepted;
  readonly headers: Readonly<Record<string, string>>;
} {
  return { body, headers: { Location: `/api/v1/requests/${body.requestId}` } };
}

export interface TaskOrder extends Pick<RequestOrder, 'requestId' | 'subject' | 'keptForMs'> {
  readonly kind: 'testConnector' | 'testTarget' | 'whatIf' | 'explain' | 'migrationReport';
  /** @default nothing */
  readonly input?: AttributeRecord;
  /** Somebody waits for a short answer. */
  readonly interactive?: true;
  readonly action: string;
  readonly principal: Principal;
}

/**
 * Stores a request and starts the workflow that answers it (its result lands in the request). The API itself never talks
 * to a provider or a target. A repetition with the same id starts nothing new.
 * @throws TemporalUnavailable
 */
export async function startTask(deps: ApiDependencies, order: TaskOrder): Promise<ReturnType<typeof accepted>> {
  const { requestId, kind, subject, input = {}, action, principal } = order;
  const kept = order.keptForMs === undefined ? {} : { keptForMs: order.keptForMs };
  const request = await openRequest(deps, { requestId, kind, subject, input, ...kept });
  if (request.status === 'waiting') {
    await audit(deps, principal, { action, subject, details: { requestId } });
    await deps.gateway.startTask(requestId, order.interactive === true ? { interactive: true } : {});
  }
  return accepted({ requestId, runId: null });
}

const TASK_WITHIN_MS = 8_000;
const LOOK_EVERY_MS = 100;

/**
 * Starts a task as startTask does, and waits for its answer as long as a caller can be kept waiting.
 * @returns the request, still `waiting` where it takes longer @throws Problem the refusal with which it ended
 */
export async function askTask(deps: ApiDependencies, order: TaskOrder): Promise<RequestRecord> {
  const { requestId } = (await startTask(deps, order)).body;
  const within = deps.taskWithinMs ?? TASK_WITHIN_MS;
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const request = await deps.store.requests.get(requestId);
    if (request === null) throw notFound('request', requestId);
    if (request.status === 'failed') throw storedRefusal(request);
    if (request.status === 'done' || waited >= within) return request;
    await sleep(LOOK_EVERY_MS);
  }
}
