import { audit, openRequest } from './commands';
import type { Accepted, RequestOrder } from './commands';
import type { ApiDependencies } from './dependencies';
import type { Principal } from './http/route';

/** What an accepted request is answered with: where to ask how it went. */
export function accepted(body: Accepted): {
  readonly body: Accepted;
  readonly headers: Readonly<Record<string, string>>;
} {
  return { body, headers: { Location: `/api/v1/requests/${body.requestId}` } };
}

export interface TaskOrder extends Pick<RequestOrder, 'requestId' | 'subject'> {
  readonly kind: 'testConnector' | 'testTarget';
  readonly action: string;
  readonly principal: Principal;
}

/**
 * Stores a request and starts the workflow that answers it (its result lands in the request). The API itself never talks
 * to a provider or a target. A repetition with the same id starts nothing new.
 * @throws TemporalUnavailable
 */
export async function startTask(deps: ApiDependencies, order: TaskOrder): Promise<ReturnType<typeof accepted>> {
  const { requestId, kind, subject, action, principal } = order;
  const request = await openRequest(deps, { requestId, kind, subject, input: {} });
  if (request.status === 'waiting') {
    await audit(deps, principal, { action, subject, details: { requestId } });
    await deps.gateway.startTask(requestId);
  }
  return accepted({ requestId, runId: null });
}
