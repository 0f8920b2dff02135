import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
  setCurrentDetails,
} from '@temporalio/workflow';
import type { OpenedRun, OutcomeCursor, RunEnd, SealedVerdict, SourceKind } from '../activities';
import { applyWorkflowId } from '../domain/ids';
import type { QueuedRun } from '../domain/run-queue';
import type { applyPlanWorkflow, ApplyPlanResult } from './applyPlanWorkflow';
import { markEnd, partAttributes } from './attributes';
import { closingDetails, endDetails, planDetails, sourceDetails, targetDetails } from './details';
import { inParallel } from './parallel';
import type { Tuning } from './messages';
import { bulkActivities, closingActivities } from './stubs';

export interface SyncRunInput {
  readonly connectorId: string;
  readonly run: QueuedRun;
  readonly tuning?: Tuning;
}
export interface SyncRunResult {
  readonly status: string;
}

/** Shards planned at the same time; each is one activity over a few hundred people. */
const SHARDS_IN_FLIGHT = 4;
/** Each ends for all shards before the next begins: people are told apart by what all of them want. */
const HANDOVER_STEPS = ['prepare', 'claim', 'plan'] as const;
const NOTHING_APPLIED: ApplyPlanResult = { applied: 0, recovered: 0 };

/**
 * One run: reads the source, plans against the target, applies what the gate lets through, closes.
 * A run of mode apply takes the stored plan of another run instead. What the gate holds stays stored and the run ends:
 * a hold never waits inside a workflow (rules 4.6).
 * History: about 15 events a phase and 6 a chunk of pages or shard; records stay in the store, payloads carry references.
 * After a crash: every step is repeatable; the ledger of the plan decides what is still to do.
 */
export async function syncRunWorkflow(input: SyncRunInput): Promise<SyncRunResult> {
  let end: RunEnd;
  try {
    end = await work(input);
  } catch (error) {
    end = isCancellation(error)
      ? { cause: 'cancelled', error: null, recovered: 0 }
      : { cause: 'failed', error: rootMessage(error), recovered: 0 };
  }
  return CancellationScope.nonCancellable(() => close(input, end));
}

async function work(input: SyncRunInput): Promise<RunEnd> {
  const { openRun } = bulkActivities(input.tuning);
  const opened = await openRun({ connectorId: input.connectorId, run: input.run });
  if (opened.refused !== null) return { cause: 'failed', error: opened.refused, recovered: 0 };
  const applied = await workOfMode(input, opened);
  return { cause: 'finished', error: null, recovered: applied.recovered };
}

async function workOfMode(input: SyncRunInput, { planRunId, canary }: OpenedRun): Promise<ApplyPlanResult> {
  switch (input.run.mode) {
    case 'apply':
      if (canary === true) await tryFew(input, planRunId);
      return apply(input, planRunId);
    case 'rollback':
      return rollBack(input);
    case 'handover':
      return handOver(input);
    default:
      return syncOnce(input);
  }
}

/** Makes the inverse plan of what another run did; it is applied once somebody approves it. */
async function rollBack(input: SyncRunInput): Promise<ApplyPlanResult> {
  const { openRollback, rollBackShard, sealPlan } = bulkActivities(input.tuning);
  const runId = input.run.runId;
  const { shards } = await openRollback({ runId });
  const indexes = Array.from({ length: shards }, (_, index) => index);
  let done = 0;
  await inParallel(indexes, SHARDS_IN_FLIGHT, async (index) => {
    await rollBackShard({ runId, index, shards });
    done += 1;
    setCurrentDetails(planDetails('planning', done, shards));
  });
  await sealPlan({ runId, shards });
  return NOTHING_APPLIED;
}

/** Plans which links of another connector become this one's; they move once somebody approves it (rules 1.6). */
async function handOver(input: SyncRunInput): Promise<ApplyPlanResult> {
  await readSource(input);
  await readAccounts(input);
  const { countShards, openHandover, handOverShard, sealPlan } = bulkActivities(input.tuning);
  const runId = input.run.runId;
  const { shards } = await countShards({ runId });
  await openHandover({ runId });
  const indexes = Array.from({ length: shards }, (_, index) => index);
  for (const step of HANDOVER_STEPS) {
    let done = 0;
    await inParallel(indexes, SHARDS_IN_FLIGHT, async (index) => {
      await handOverShard({ runId, index, shards, step });
      done += 1;
      setCurrentDetails(planDetails(step === 'plan' ? 'planning' : 'preparing', done, shards));
    });
  }
  await sealPlan({ runId, shards });
  return NOTHING_APPLIED;
}

async function syncOnce(input: SyncRunInput): Promise<ApplyPlanResult> {
  await readSource(input);
  await readTarget(input);
  const { verdict, canary } = await makePlan(input);
  switch (verdict) {
    case 'pass':
    case 'partlyHeld':
      if (canary === true) await tryFew(input, input.run.runId);
      return apply(input, input.run.runId);
    case 'empty':
    case 'held':
    case 'preview':
      return NOTHING_APPLIED;
  }
}

async function readSource(input: SyncRunInput): Promise<void> {
  const { readSourceChunk, sealSource } = bulkActivities(input.tuning);
  const runId = input.run.runId;
  const counts: Record<SourceKind, number> = { users: 0, groups: 0, memberships: 0 };
  const incomplete: string[] = [];
  for (const kind of ['users', 'groups', 'memberships'] as const) {
    let cursor: string | null = null;
    do {
      setCurrentDetails(sourceDetails(kind, counts));
      const chunk: Awaited<ReturnType<typeof readSourceChunk>> = await readSourceChunk({
        runId,
        kind,
        cursor,
        count: counts[kind],
      });
      counts[kind] = chunk.count;
      cursor = chunk.cursor;
      if (chunk.incompleteReason !== null) incomplete.push(chunk.incompleteReason);
    } while (cursor !== null);
  }
  await sealSource({ runId, counts, incompleteReason: incomplete.length === 0 ? null : incomplete.join('; ') });
}

async function readTarget(input: SyncRunInput): Promise<void> {
  await readAccounts(input);
  const { readTargetGroups } = bulkActivities(input.tuning);
  const runId = input.run.runId;
  for (let cursor: string | null = null, chunks = 0; chunks === 0 || cursor !== null; chunks += 1) {
    setCurrentDetails(targetDetails('groups', chunks));
    cursor = (await readTargetGroups({ runId, cursor })).cursor;
  }
}

async function readAccounts(input: SyncRunInput): Promise<void> {
  const { readTargetUsers } = bulkActivities(input.tuning);
  const runId = input.run.runId;
  for (let cursor: string | null = null, chunks = 0; chunks === 0 || cursor !== null; chunks += 1) {
    setCurrentDetails(targetDetails('accounts', chunks));
    cursor = (await readTargetUsers({ runId, cursor })).cursor;
  }
}

/** A few people first; unless they come out as planned, nobody else is touched and the run fails. */
async function tryFew(input: SyncRunInput, planRunId: string): Promise<void> {
  setCurrentDetails('applying to a few people first');
  const { stopped } = await bulkActivities(input.tuning).applyCanary({ runId: input.run.runId, planRunId });
  if (stopped !== null) throw ApplicationFailure.nonRetryable(stopped);
}

async function makePlan(input: SyncRunInput): Promise<SealedVerdict> {
  const { prepareShard, decideRunGroups, decideRunRenames, planShard, countShards, sealPlan } = bulkActivities(
    input.tuning
  );
  const runId = input.run.runId;
  const { shards } = await countShards({ runId });
  const indexes = Array.from({ length: shards }, (_, index) => index);
  const done = { preparing: 0, planning: 0 };
  const tell = (step: keyof typeof done, more: number): void => {
    done[step] += more;
    setCurrentDetails(planDetails(step, done[step], shards));
  };
  tell('preparing', 0);
  await decideRunGroups({ runId });
  await inParallel(indexes, SHARDS_IN_FLIGHT, async (index) => {
    await prepareShard({ runId, index, shards });
    tell('preparing', 1);
  });
  await decideRunRenames({ runId, shards });
  tell('planning', 0);
  await inParallel(indexes, SHARDS_IN_FLIGHT, async (index) => {
    await planShard({ runId, index, shards });
    tell('planning', 1);
  });
  setCurrentDetails('judging the plan by its limits');
  return sealPlan({ runId, shards });
}

async function apply(input: SyncRunInput, planRunId: string): Promise<ApplyPlanResult> {
  setCurrentDetails(`applying the plan of ${planRunId}: \`${applyWorkflowId(input.run.runId)}\` tells how far`);
  return executeChild<typeof applyPlanWorkflow>('applyPlanWorkflow', {
    workflowId: applyWorkflowId(input.run.runId),
    args: [{ runId: input.run.runId, planRunId, ...(input.tuning && { tuning: input.tuning }) }],
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    parentClosePolicy: 'REQUEST_CANCEL',
    staticSummary: `apply the plan of ${planRunId}`,
    typedSearchAttributes: partAttributes(input.connectorId, input.run),
  });
}

async function close(input: SyncRunInput, end: RunEnd): Promise<SyncRunResult> {
  const { closeOutcomes, closeRun, expireRuns } = closingActivities(input.tuning);
  const runId = input.run.runId;
  let cursor: OutcomeCursor | null = null;
  do {
    setCurrentDetails(closingDetails(cursor));
    const chunk: Awaited<ReturnType<typeof closeOutcomes>> = await closeOutcomes({ runId, cause: end.cause, cursor });
    cursor = chunk.cursor;
  } while (cursor !== null && !cursor.finished);
  // Before the run is seen to have ended: a process that is stopped right then leaves nothing half done.
  await expireRuns({ connectorId: input.connectorId, n: input.run.n });
  const { status } = await closeRun({ runId, end, results: cursor });
  markEnd(status, cursor?.counts.failed ?? 0);
  const { connectorId } = input;
  setCurrentDetails(endDetails({ connectorId, runId, status, error: end.error, counts: cursor?.counts }));
  return { status };
}

/** The message of the innermost failure: what the activity said, without Temporal's wrapping. */
function rootMessage(error: unknown): string {
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) return rootMessage(error.cause);
  if (error instanceof ApplicationFailure) return error.message;
  return error instanceof Error ? error.message : 'unknown failure';
}
