import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { PersonChanges } from '../../domain/changes';
import { FAILURE } from '../../domain/failures';
import { PERSON_REQUEST_KEPT_MS, fingerprint } from '../../domain/ids';
import type { PendingChange } from '../../store/scim-store';
import type { ActivityDeps } from '../deps';
import { castKnownErrors } from '../errors';
import type { RunContexts } from '../runContext';
import type { SingleInput } from '../single/order';
import { syncOrder } from '../single/syncUser';
import type { ChangesContext } from './context';

/**
 * done · held: waits for a decision, so that a run has to show it · later: somebody else is changing the person ·
 * parked: it cannot be carried, and waits for a person
 */
export type Carried = 'done' | 'held' | 'later' | { readonly parked: string };

/** What is wrong with the connection, not with the person: everybody waits until it is mended. */
const OF_ALL: ReadonlySet<string> = new Set([
  FAILURE.configuration,
  FAILURE.authentication,
  FAILURE.permission,
  FAILURE.rateLimited,
  FAILURE.unavailable,
]);

/**
 * Carries the present state of one person to the target by the steps of a single sync: the same mapping, gate, ownership
 * and results.
 * @throws ApplicationFailure, one that is tried again, when the target or the source cannot be worked with at all
 */
export async function carryPerson(
  deps: ActivityDeps,
  contexts: RunContexts,
  context: ChangesContext,
  person: PersonChanges<PendingChange>
): Promise<Carried> {
  const requestId = await requestFor(deps, context, person);
  try {
    await finishEarlier(deps, contexts, context, { userId: person.id, requestId });
    return await outcomeOf(deps, requestId, await syncOrder(deps, contexts, requestId));
  } catch (error) {
    const known = castKnownErrors(error);
    if (!(known instanceof ApplicationFailure)) return unknownFailure(deps, error);
    if (known.type === FAILURE.busy) return 'later';
    if (known.type !== null && known.type !== undefined && OF_ALL.has(known.type)) throw tryAgain(known);
    return { parked: known.message };
  }
}

/**
 * A round that died may have left a request with calls whose answer nobody saw. It is finished first: it alone knows that
 * an account was its own doing, which the plan of another request would take for somebody else's.
 */
async function finishEarlier(
  deps: ActivityDeps,
  contexts: RunContexts,
  { connector }: ChangesContext,
  { userId, requestId }: { readonly userId: string; readonly requestId: string }
): Promise<void> {
  const { requests, scim } = deps.store;
  const earlier = await scim.pending.earlier(connector.id, userId);
  if (earlier !== null && earlier !== requestId && (await requests.get(earlier))?.status === 'waiting') {
    await syncOrder(deps, contexts, earlier).catch((error: unknown) => giveUp(deps, earlier, error));
  }
  await scim.pending.begin(connector.id, userId, requestId);
}

/** What cannot be finished for this person alone is over: the present state is planned anew. @throws every other error */
async function giveUp(deps: ActivityDeps, requestId: string, error: unknown): Promise<void> {
  const known = castKnownErrors(error);
  const isOfPerson =
    known instanceof ApplicationFailure && known.nonRetryable === true && !OF_ALL.has(known.type ?? '');
  if (!isOfPerson) throw error;
  const end = { status: 'failed', runId: null, result: { problem: 'refused' }, error: known.message } as const;
  await deps.store.requests.finish(requestId, { ...end, finishedAt: deps.now().toISOString() });
}

/** An error nobody knows is tried again some times; then it is this person's alone. @throws the error itself */
function unknownFailure({ log }: ActivityDeps, error: unknown): Carried {
  if (error instanceof CancelledFailure || activityInfo().attempt < UNKNOWN_ATTEMPTS) throw error;
  log.warn({ err: error }, 'a pushed change failed with an error that nobody knows');
  return { parked: "an error that nobody knows; the worker's log says more" };
}
const UNKNOWN_ATTEMPTS = 5;

async function outcomeOf({ store }: ActivityDeps, requestId: string, end: string): Promise<Carried> {
  if (end === 'held') return 'held';
  if (end !== 'failed' && end !== 'refused') return 'done';
  const request = await store.requests.get(requestId);
  // Deleted, or a member only by name, and never had an account: there is nothing to carry.
  if (request?.result?.['problem'] === 'not-found') return 'done';
  const error = request?.error ?? request?.result?.['error'];
  return { parked: typeof error === 'string' ? error : 'the sync of this person failed' };
}

/** The delay that was asked for stays; a final failure becomes one that is tried again. */
function tryAgain(failure: ApplicationFailure): ApplicationFailure {
  if (failure.nonRetryable !== true) return failure;
  return ApplicationFailure.create({ message: failure.message, type: FAILURE.unavailable });
}

/** One request a state of the person: a repeated round goes on with it, a later change makes another. */
async function requestFor(
  { store }: ActivityDeps,
  { connector, now }: ChangesContext,
  { id, changes }: PersonChanges<PendingChange>
): Promise<string> {
  const state = changes.map(({ mark }) => mark).join(' ');
  const input: SingleInput = { identifier: id, attributes: {}, trigger: 'push', mode: 'sync' };
  const at = new Date(now);
  const request = await store.requests.open({
    id: `push-${fingerprint(`${connector.id} ${id} ${state}`)}`,
    kind: 'syncUser',
    subject: connector.id,
    input: { ...input },
    createdAt: at.toISOString(),
    keptUntil: new Date(at.getTime() + PERSON_REQUEST_KEPT_MS).toISOString(),
  });
  return request.id;
}
