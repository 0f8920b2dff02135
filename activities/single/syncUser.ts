import { ApplicationFailure } from '@temporalio/common';
import type { AttributeRecord } from '../../domain/model';
import type { Outcome } from '../../domain/run';
import type { RequestRecord } from '../../store/records';
import type { ActivityDeps } from '../deps';
import { castKnownErrors } from '../errors';
import { whileHeartbeating } from '../progress';
import type { RunContexts } from '../runContext';
import { applyPerson, operationsOf } from './applyPerson';
import { dayRunId, openDayRun } from './dayRun';
import { findPerson } from './findPerson';
import { orderOf, singleContext } from './order';
import type { SingleContext } from './order';
import { gatherPerson } from './personFacts';
import { giveResult, resultOf, standingOf, usedKinds } from './personResult';
import type { PersonStanding } from './personResult';
import { planPerson, reservationOf } from './planPerson';
import type { PlannedPerson } from './planPerson';

/** How a sync of one person ended; `refused`: the request says why. */
export type SingleEnd = Outcome | 'refused';

/** What is planned for a request, so that the next attempt goes on with it. */
interface Progress {
  readonly attempt: number;
  readonly person: PersonStanding;
  readonly shard: Pick<PlannedPerson['shard'], 'shard' | 'cells'>;
}
/** A plan that met a person changed meanwhile is made again; then the next run decides. */
const PLANS = 3;

/** The words by which the API tells why a request was refused. */
const REFUSALS = {
  nobody: { problem: 'not-found', error: 'Neither the source nor this connector knows anybody by this identifier.' },
  removed: { problem: 'not-found', error: 'The connector is being removed.' },
  several: { problem: 'ambiguous-user', error: 'Several people of the source have this name or address: use the id.' },
} as const;

/** Syncs one person now: read, plan, gate, apply, all in one step, since somebody waits (durability 5.1). */
export function syncUserActivities(deps: ActivityDeps, contexts: RunContexts) {
  return {
    async syncUser({ requestId }: { readonly requestId: string }): Promise<{ readonly end: SingleEnd }> {
      const end = await whileHeartbeating(() => syncOne(deps, contexts, requestId));
      return { end };
    },

    /** After the last attempt: the request is answered with why it failed. */
    async failSyncUser({ requestId, error }: { readonly requestId: string; readonly error: string }): Promise<void> {
      await refuse(deps, requestId, { problem: 'refused', error });
    },
  };
}

/** Carries out a stored request once, however often it is called. */
export async function syncOne(deps: ActivityDeps, contexts: RunContexts, requestId: string): Promise<SingleEnd> {
  try {
    return await syncOrder(deps, contexts, requestId);
  } catch (error) {
    const known = castKnownErrors(error);
    if (!(known instanceof ApplicationFailure) || known.nonRetryable !== true) throw error;
    return refuse(deps, requestId, { problem: 'refused', error: known.message });
  }
}

/**
 * The same for a caller that tells failures of one person from failures of all.
 * @throws what the steps throw; the request stays open for another attempt
 */
export async function syncOrder(deps: ActivityDeps, contexts: RunContexts, requestId: string): Promise<SingleEnd> {
  const request = await deps.store.requests.get(requestId);
  if (request === null) throw ApplicationFailure.nonRetryable(`request ${requestId} does not exist`);
  return request.status === 'waiting' ? carryOut(deps, contexts, request) : endOf(request);
}

const endOf = ({ status, result }: RequestRecord): SingleEnd =>
  status === 'done' ? (result?.['outcome'] as Outcome) : 'refused';

async function refuse(
  deps: ActivityDeps,
  requestId: string,
  { problem, error }: { readonly problem: string; readonly error: string }
): Promise<'refused'> {
  const finishedAt = deps.now().toISOString();
  await deps.store.requests.finish(requestId, {
    status: 'failed',
    runId: null,
    result: { problem },
    error,
    finishedAt,
  });
  return 'refused';
}

async function carryOut(deps: ActivityDeps, contexts: RunContexts, request: RequestRecord): Promise<SingleEnd> {
  const started = performance.now();
  const order = orderOf(request);
  const context = singleContext(await contexts.connector(order.connectorId), order);
  let progress = request.progress as unknown as Progress | null;
  for (let attempt = progress?.attempt ?? 1; ; attempt += 1) {
    if (context.connector.deleting) return refuse(deps, order.requestId, REFUSALS.removed);
    if (progress === null) {
      const planned = await plan(deps, context, attempt);
      if (planned === 'nobody' || planned === 'several') return refuse(deps, order.requestId, REFUSALS[planned]);
      if (context.preview) {
        const how = { preview: true, durationMs: since(started) };
        return giveResult(deps, order, null, resultOf(standingOf(planned), planned.operations, how));
      }
      progress = await keep(deps, context, planned, attempt);
    }
    const end = await apply(deps, context, progress, started);
    if (end !== 'stale') return end;
    progress = null;
  }
}

async function plan(
  deps: ActivityDeps,
  context: SingleContext,
  attempt: number
): Promise<PlannedPerson | 'nobody' | 'several'> {
  const found = await findPerson(deps, context);
  if (found === 'nobody' || found === 'several') return found;
  return planPerson(deps, context, await gatherPerson(deps, context, found), attempt);
}

/** The plan is stored before the request says so, and both before the first write to the target. */
async function keep(
  deps: ActivityDeps,
  context: SingleContext,
  planned: PlannedPerson,
  attempt: number
): Promise<Progress> {
  const { shard, operations } = planned;
  await openDayRun(deps, context);
  // Numbered: an attempt that was overtaken cannot put its own plan over one that is being applied.
  const numbered = operations.map((operation, index) => ({ ...operation, seq: index + 1 }));
  if (numbered.length > 0) await deps.store.plans.putShard(shard, numbered);
  const progress: Progress = {
    attempt,
    person: standingOf(planned),
    shard: { shard: shard.shard, cells: shard.cells },
  };
  const noted = await deps.store.requests.note(
    context.order.requestId,
    attempt,
    progress as unknown as AttributeRecord
  );
  return noted as unknown as Progress;
}

/** @returns `stale` when the person changed between plan and lease and the plan is to be made again (durability 2.3) */
async function apply(
  deps: ActivityDeps,
  context: SingleContext,
  { attempt, person, shard }: Progress,
  started: number
): Promise<SingleEnd | 'stale'> {
  const run = await openDayRun(deps, context);
  await applyPerson(deps, context, run, shard);
  const operations = await operationsOf(deps, run.id, shard);
  const reservation = reservationOf(context, attempt);
  await deps.store.gateUsage.settle(reservation, usedKinds(operations));
  if (attempt < PLANS && operations.some(({ status }) => status === 'stale')) return 'stale';
  const how = { preview: false, durationMs: since(started) };
  return giveResult(deps, context.order, dayRunId(context.order), resultOf(person, operations, how));
}

const since = (started: number): number => Math.round(performance.now() - started);
