import { Context, activityInfo } from '@temporalio/activity';
import { GROUP_SHARD, NAMES_SHARD, WHOLE_RANGE } from '../domain/ids';
import { nameKey } from '../domain/names';
import type { OperationStatus, Phase } from '../domain/operation';
import { createSelector } from '../domain/selection';
import type { OperationRecord, RunRecord } from '../store/records';
import { applyGroup } from './applyGroup';
import { organizationFinder } from './applyExtras';
import { applyPeople } from './applyPeople';
import type { ApplyScope } from './applyTypes';
import { applyHandover } from './handover/apply';
import { createBatchResults } from './batchResults';
import type { BatchResults } from './batchResults';
import type { ActivityDeps } from './deps';
import { readOnly } from './readOnlyTarget';
import { outdatedDeactivations } from './freshness';
import type { Patience } from './leases';
import { cancellation, resumed, whileHeartbeating } from './progress';
import { snapshotPicture } from './picture';
import type { RunContext, RunContexts } from './runContext';

export interface ApplyBatchInput {
  readonly runId: string;
  readonly planRunId: string;
  readonly phase: Phase;
  readonly shard: string;
  /** First and last operation of the cell, both included. */
  readonly from: number;
  readonly to: number;
  /** Operations the run applied before this batch, for the progress that people watch. */
  readonly done: number;
}
export interface ApplyBatchResult {
  readonly applied: number;
  readonly recovered: number;
}
/** One batch at work. */
export interface Batch {
  readonly input: ApplyBatchInput;
  readonly scope: ApplyScope;
  readonly results: BatchResults;
  readonly operations: readonly OperationRecord[];
  /** This attempt; fences every write. */
  readonly token: string;
  /** Ids of operations that an older attempt left `applying`. */
  readonly leftApplying: ReadonlySet<string>;
  readonly serial: boolean;
  /** How long busy people are waited for; absent: as long as a dead attempt may hold them. */
  readonly patience?: Patience;
  /** Reads again which of the operations are still to do. */
  stillOpen(): Promise<readonly OperationRecord[]>;
  /** The status of an operation before the write-ahead, to which one that never began returns. */
  readonly givenBackAs: Extract<OperationStatus, 'planned' | 'held'>;
}

const FLUSH_INTERVAL_MS = 250;
/** A younger plan trusts its snapshot (durability 3.5). */
const FRESH_PLAN_MS = 15 * 60_000;

/** Applies one batch of a stored plan: leases, write-ahead, calls, results (durability 2 and 3). */
export function applyBatchActivities(deps: ActivityDeps, contexts: RunContexts) {
  return {
    async applyBatch(input: ApplyBatchInput): Promise<ApplyBatchResult> {
      const context = await contexts.load(input.runId);
      const plan = input.planRunId === input.runId ? context.run : await deps.store.runs.get(input.planRunId);
      const read = async (): Promise<OperationRecord[]> => {
        const cell = await deps.store.plans.cell(input.planRunId, input.phase, input.shard, input.from, input.to);
        return cell.filter(toApply(context.run, plan));
      };
      const operations = await read();
      const before = (resumed() as { recovered: number } | null)?.recovered ?? 0;
      if (operations.length === 0) return { applied: 0, recovered: before };
      const batch = { ...(await prepareBatch(deps, context, plan, input, operations)), stillOpen: read };
      const recovered = before + batch.leftApplying.size;
      await withFlushes(deps, batch, context.run, recovered, () => work(deps, batch));
      // Rejects with the reason: a cancelled run, or a worker that shuts down and leaves the rest to another attempt.
      if (cancellation().aborted) await Context.current().cancelled;
      return { applied: batch.results.finished, recovered };
    },
  };
}

/** An own plan: what passed the gate. An approved one: what the approval chose. Either way what this run left half done. */
export function toApply(run: RunRecord, plan: RunRecord | null): (operation: OperationRecord) => boolean {
  const mine = (operation: OperationRecord): boolean =>
    operation.status === 'applying' && operation.appliedBy === run.id;
  if (run.planRunId === null) return (operation) => operation.status === 'planned' || mine(operation);
  const selected = createSelector(run.selection, {
    kinds: plan?.plan?.heldKinds ?? [],
    wholePlan: plan?.plan?.wholePlan ?? false,
    preview: plan?.status === 'planned',
  });
  return (operation) => mine(operation) || selected({ ...operation, seq: operation.seq ?? 0 });
}

/** Puts a batch together; nothing is marked or leased yet. */
export async function prepareBatch(
  deps: ActivityDeps,
  context: RunContext,
  plan: RunRecord | null,
  input: ApplyBatchInput,
  operations: readonly OperationRecord[]
): Promise<Batch> {
  const { run } = context;
  const { workflowExecution, activityId, attempt } = activityInfo();
  const token = `${workflowExecution?.runId ?? run.id}:${activityId}:${attempt}`;
  return {
    input,
    scope: await applyScope(deps, context, plan, input),
    results: createBatchResults({
      store: deps.store,
      connectorId: run.connectorId,
      planRunId: input.planRunId,
      token,
      now: () => deps.now(),
      onWritten: (operations) => {
        deps.metrics.operationsEnded(operations);
      },
    }),
    operations,
    token,
    leftApplying: new Set(
      operations.filter((operation) => operation.status === 'applying').map((operation) => operation.id)
    ),
    stillOpen: () => Promise.resolve(operations),
    serial: input.shard === NAMES_SHARD || input.shard === GROUP_SHARD,
    givenBackAs: run.planRunId === null || plan?.status === 'planned' ? 'planned' : 'held',
  };
}

async function applyScope(
  deps: ActivityDeps,
  context: RunContext,
  plan: RunRecord | null,
  input: ApplyBatchInput
): Promise<ApplyScope> {
  const { run, settings, target, slot } = context;
  const links = await deps.store.groupLinks.list(run.connectorId);
  const named = [
    ...links.filter((link) => link.state === 'active').map((link) => link.targetName),
    ...settings.groups.alwaysAdd.map(({ group }) => group),
  ];
  const groups =
    input.shard === GROUP_SHARD ? await deps.store.snapshots.inSlices(input.planRunId, 'group', WHOLE_RANGE) : [];
  const signal = new AbortController().signal;
  const ageMs = deps.now().getTime() - Date.parse(plan?.plan?.createdAt ?? run.startedAt);
  return {
    deps,
    target,
    slot,
    settings,
    connectorId: run.connectorId,
    targetId: run.targetId,
    targetVersion: context.targetVersion,
    // A call that was sent is awaited even when the batch is cancelled: its own time-out bounds it, and its effect is known.
    signal,
    writableGroups: new Set(named.map(nameKey)),
    sourceNames: new Map(groups.map((group) => [group.externalId, group.name])),
    pictureOf: (externalId) => snapshotPicture(deps, settings, input.planRunId, externalId),
    organization: organizationFinder(target, signal),
    verifyFirst: ageMs > FRESH_PLAN_MS,
  };
}

async function work(deps: ActivityDeps, batch: Batch): Promise<void> {
  if (batch.operations.every(({ kind }) => kind === 'moveLink')) return applyHandover(deps, batch);
  if (batch.input.shard === GROUP_SHARD) return applyGroups(deps, batch);
  const outdated = batch.scope.verifyFirst ? await outdatedDeactivations(deps, batch) : new Set<string>();
  return applyPeople(deps, batch, outdated);
}

async function applyGroups(deps: ActivityDeps, batch: Batch): Promise<void> {
  await deps.store.plans.markApplying(
    batch.operations.map((operation) => operation.id),
    batch.token,
    batch.input.runId
  );
  for (const operation of batch.operations) {
    if (cancellation().aborted) return;
    batch.results.add(operation, await applyGroup(batch.scope, operation, batch.leftApplying.has(operation.id)));
  }
}

/** Flushes results while the batch works, and once more at its end, whatever the end is. */
async function withFlushes(
  deps: ActivityDeps,
  batch: Batch,
  run: RunRecord,
  recovered: number,
  step: () => Promise<void>
): Promise<void> {
  const total = run.progress.total;
  const flush = async (): Promise<void> => {
    await batch.results.flush();
    const done = Math.min(batch.input.done + batch.results.finished, total === 0 ? Number.MAX_SAFE_INTEGER : total);
    await deps.store.runs.patch(run.id, { phase: 'apply', progress: { done, total } });
  };
  let failed: { readonly error: unknown } | null = null;
  const timer = setInterval(() => void flush().catch((error: unknown) => (failed = { error })), FLUSH_INTERVAL_MS);
  try {
    await whileHeartbeating(step, () => ({ recovered }));
  } finally {
    clearInterval(timer);
    await flush();
  }
  const lost = failed as { readonly error: unknown } | null;
  if (lost !== null) throw lost.error;
}

/** A batch that can only read the target, for operations that a run left `applying` when it could not go on. */
export async function leftoverBatch(
  deps: ActivityDeps,
  context: RunContext,
  plan: RunRecord,
  leftovers: readonly OperationRecord[]
): Promise<Batch> {
  const { phase, shard } = leftovers[0] ?? { phase: 0 as const, shard: GROUP_SHARD };
  const input: ApplyBatchInput = { runId: context.run.id, planRunId: plan.id, phase, shard, from: 0, to: 0, done: 0 };
  const batch = await prepareBatch(deps, context, plan, input, leftovers);
  return { ...batch, scope: { ...batch.scope, target: readOnly(batch.scope.target) } };
}
