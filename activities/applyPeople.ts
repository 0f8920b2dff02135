import { Context } from '@temporalio/activity';
import { withStandingRefusals } from '../domain/directory';
import { nameKey } from '../domain/names';
import type { LeaseRequest, StoredLink } from '../store/link-records';
import type { OperationRecord } from '../store/records';
import { TargetError } from '../targets/target';
import type { Batch } from './applyBatch';
import { applyOperation } from './applyOperation';
import type { Retrying } from './applyOperation';
import { NO_ACCOUNT, ended } from './applyTypes';
import type { Applied } from './applyTypes';
import type { FinishedPerson } from './batchResults';
import { mergeChanges } from './linkChanges';
import type { ActivityDeps } from './deps';
import { isLeaving } from './freshness';
import { acquireAll, createLeases } from './leases';
import type { Leases } from './leases';
import { cancellation } from './progress';

/** Refusals for want of permission that, with no success between, mean that everybody is refused. */
const REFUSED_FOR_ALL = 5;

/** What is said of an operation whose person somebody else changes at the moment. */
export const BUSY = 'another run is changing this user; the next run tries again';

interface Turns {
  readonly batch: Batch;
  readonly leases: Leases;
  /** External ids of leavers whose leaving the source no longer supports. */
  readonly outdated: ReadonlySet<string>;
  readonly retrying: Retrying;
  /** Ids of operations whose turn came. */
  readonly begun: Set<string>;
  successes: number;
  refusals: number;
}

/**
 * Applies the operations of a batch person by person: one person's in order, several people at once (the target bounds how
 * many calls run), the connected renames one after the other.
 */
export async function applyPeople(deps: ActivityDeps, batch: Batch, outdated: ReadonlySet<string>): Promise<void> {
  const { input, scope, token } = batch;
  const leases = createLeases(deps, { connectorId: scope.connectorId, owner: input.runId, token });
  const requests = [...groupByPerson(batch.operations)].map(([id, own]) => leaseRequest(id, own, scope.targetId));
  const { got, busy, missing } = await acquireAll(deps, leases, requests, batch.patience);
  // An older attempt that went on after its time-out may have finished some while this one waited for its leases.
  const open = batch.leftApplying.size === 0 ? batch.operations : await batch.stillOpen();
  const byPerson = groupByPerson(open);
  const marked = open.map((operation) => operation.id);
  await deps.store.plans.markApplying(marked, token, input.runId);
  for (const operation of busy.flatMap((id) => byPerson.get(id) ?? [])) {
    batch.results.add(operation, ended('failed', BUSY));
  }
  for (const operation of missing.flatMap((id) => byPerson.get(id) ?? [])) {
    batch.results.add(operation, ended('failed', NO_ACCOUNT));
  }
  const turns = startTurns(batch, leases, outdated);
  // In the order of the plan: connected renames free a name before the next one takes it.
  const people = [...byPerson].flatMap(([id, own]) => {
    const link = got.get(id);
    return link === undefined ? [] : [{ link, own }];
  });
  try {
    await inTurn(people, batch.serial, ({ link, own }) => applyPerson(turns, link, own));
  } finally {
    await giveBack(deps, turns, [...got.values()], marked);
  }
}

function startTurns(batch: Batch, leases: Leases, outdated: ReadonlySet<string>): Turns {
  const begun = new Set<string>();
  return { batch, leases, outdated, retrying: retryingWith(leases, begun), begun, successes: 0, refusals: 0 };
}

function groupByPerson(operations: readonly OperationRecord[]): Map<string, OperationRecord[]> {
  const byPerson = new Map<string, OperationRecord[]>();
  for (const operation of operations) {
    const id = operation.externalId ?? '';
    byPerson.set(id, [...(byPerson.get(id) ?? []), operation]);
  }
  return byPerson;
}

function leaseRequest(externalId: string, operations: readonly OperationRecord[], targetId: string): LeaseRequest {
  const first = operations.find((operation) => operation.kind === 'createUser' || operation.kind === 'adoptUser');
  const username = first?.after?.['username'];
  return { externalId, create: typeof username === 'string' ? { targetId, usernameKey: nameKey(username) } : null };
}

/** Waits and lease checks of one batch; everything that waits ends when the batch is cancelled. */
function retryingWith(leases: Leases, begun: Set<string>): Retrying {
  return {
    ready: async (operationId) => {
      await leases.ensure();
      begun.add(operationId);
    },
    pause: (ms) => Context.current().sleep(ms),
    unsent: (operationId) => {
      begun.delete(operationId);
    },
  };
}

/** Runs a step for all, one by one or all at once; after a failure nobody new begins, and it is thrown when all have ended. */
async function inTurn<T>(items: readonly T[], serial: boolean, step: (item: T) => Promise<void>): Promise<void> {
  let failure: { readonly error: unknown } | null = null;
  const guarded = async (item: T): Promise<void> => {
    if (failure !== null || cancellation().aborted) return;
    await step(item).catch((error: unknown) => {
      failure ??= { error };
    });
  };
  if (serial) for (const item of items) await guarded(item);
  else await bounded(items, PEOPLE_AT_ONCE, guarded);
  const ended = failure as { readonly error: unknown } | null;
  if (ended !== null) throw ended.error;
}

/** More than any target's concurrency: enough to keep it busy, few enough that a failure stops the batch at once. */
const PEOPLE_AT_ONCE = 16;

async function bounded<T>(items: readonly T[], limit: number, step: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await step(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
}

async function applyPerson(turns: Turns, leased: StoredLink, operations: readonly OperationRecord[]): Promise<void> {
  const { batch, leases } = turns;
  let link = withStandingRefusals(leased, batch.scope.targetVersion);
  const results: { operation: OperationRecord; applied: Applied }[] = [];
  const finish = (): void => {
    const person: FinishedPerson = { link: leased, results };
    batch.results.finish(person);
    leases.forget(leased.externalId);
  };
  try {
    for (const operation of operations) {
      if (cancellation().aborted) break;
      turns.begun.add(operation.id);
      const applied = await applyOne(turns, link, operation);
      results.push({ operation, applied });
      if (applied.link !== undefined) link = { ...link, ...mergeChanges(link, [applied.link]) };
    }
  } finally {
    finish();
  }
}

async function applyOne(turns: Turns, link: StoredLink, operation: OperationRecord): Promise<Applied> {
  const { batch, outdated } = turns;
  const current = link.version === operation.linkVersion || link.versionBy === batch.input.planRunId;
  if (!current) return ended('stale', 'the user changed after the plan was made');
  if (isLeaving(operation) && outdated.has(operation.externalId ?? '')) {
    return ended('stale', 'the source no longer says that this user leaves');
  }
  try {
    const applied = await applyOperation(
      batch.scope,
      { operation, link, readFirst: batch.leftApplying.has(operation.id) },
      turns.retrying
    );
    turns.successes += 1;
    return applied;
  } catch (error) {
    if (!(error instanceof TargetError) || error.kind !== 'permission') throw error;
    turns.refusals += 1;
    if (turns.successes === 0 && turns.refusals >= REFUSED_FOR_ALL) throw error;
    return ended('failed', error.message);
  }
}

/** After a cancellation or failure: people whose turn never came get their lease back, their operations are as planned again. */
async function giveBack(
  deps: ActivityDeps,
  turns: Turns,
  leased: readonly StoredLink[],
  marked: readonly string[]
): Promise<void> {
  const { batch, leases, begun } = turns;
  for (const link of leased.filter(({ externalId }) => leases.holds(externalId))) {
    batch.results.finish({ link, results: [] });
    leases.forget(link.externalId);
  }
  await batch.results.flush();
  const untouched = marked.filter((id) => !begun.has(id) && !batch.leftApplying.has(id));
  // By flush, not setStatus: only what this attempt marked is given back, never what a later one works on.
  await deps.store.plans.flush(
    untouched.map((id) => ({ id, token: batch.token, status: batch.givenBackAs, error: null }))
  );
}
