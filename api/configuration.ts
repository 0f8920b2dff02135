import { canonicalJson } from '../domain/canonical-json';
import { fingerprint } from '../domain/ids';
import type { AttributeRecord } from '../domain/model';
import type { RequestRecord } from '../store/records';
import { openRequest } from './commands';
import type { ApiDependencies } from './dependencies';
import { Problem } from './http/problem';

/** @throws Problem precondition-failed when the stored version is not the one the caller read */
export function requireVersion(stored: number, ifMatch: number): void {
  if (stored === ifMatch) return;
  throw new Problem('precondition-failed', `The stored version is ${stored}; read it again, then repeat your change.`);
}

/** @throws Problem invalid when a PUT would change the id */
export function requireSameId(addressed: string, written: string): void {
  if (addressed === written) return;
  throw new Problem('invalid', 'The id of the body must be the one of the address; ids never change.', {
    errors: [{ path: 'id', message: `must be ${JSON.stringify(addressed)}` }],
  });
}

export interface CreateOrder {
  readonly requestId: string;
  readonly kind: Extract<RequestRecord['kind'], 'createTarget' | 'createConnector'>;
  readonly id: string;
  /** With its secrets hidden. */
  readonly masked: AttributeRecord;
}

/**
 * Creates something once for an Idempotency-Key: a repetition of a create that went through changes nothing and is
 * answered like the first. (After a crash between the insert and its note, the repetition is answered 409.)
 * @throws Problem exists when the id is taken, key-reused
 */
export async function createOnce(
  deps: ApiDependencies,
  order: CreateOrder,
  insert: () => Promise<boolean>
): Promise<void> {
  const { requestId, kind, id } = order;
  const input = { configuration: fingerprint(canonicalJson(order.masked)) };
  const request = await openRequest(deps, { requestId, kind, subject: id, input });
  if (request.status === 'done') return;
  if (!(await insert())) {
    throw new Problem('exists', `The id ${JSON.stringify(id)} is taken; change it with PUT, or choose another.`);
  }
  const finishedAt = deps.clock().toISOString();
  await deps.store.requests.finish(requestId, { status: 'done', runId: null, result: null, error: null, finishedAt });
}
