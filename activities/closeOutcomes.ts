import { withStandingRefusals } from '../domain/directory';
import { countOperation, countOutcome, emptyCounts } from '../domain/counts';
import { GROUP_SHARD, NAMES_SHARD, shardName, shardSlices, sliceOf } from '../domain/ids';
import type { SliceRange } from '../domain/ids';
import { PHASES } from '../domain/operation';
import type { GateKind, OperationStatus } from '../domain/operation';
import { outcomeOf } from '../domain/outcome';
import { reasonsWithSeats } from '../domain/seats';
import { waitsForApproval } from '../domain/selection';
import { onlyPlans } from '../domain/run';
import type { Outcome, RunCounts } from '../domain/run';
import type { OperationRecord, OutcomeRecord, RunRecord, StandingRecord } from '../store/records';
import { leftoverBatch } from './applyBatch';
import type { ActivityDeps } from './deps';
import { chunkClock, heartbeat, resumed, whileHeartbeating } from './progress';
import type { RunContexts } from './runContext';
import { settleLeftovers } from './settle';

/** How far the results of a run are written: the next shard, and the numbers given out so far. */
export interface OutcomeCursor {
  readonly shard: number;
  readonly n: number;
  readonly counts: RunCounts;
  /** Done operations by gate kind: what the run really used of the limits. */
  readonly used: Partial<Record<GateKind, number>>;
  /** Operations of the plan that still wait for approval. */
  readonly leftHeld: number;
  readonly failedGroups: number;
  /** Accounts that lie in a directory which cannot be written; absent: none (rules 3.8). */
  readonly external?: number;
  readonly finished: boolean;
}
export interface CloseOutcomesInput {
  readonly runId: string;
  readonly cause: RunEnd['cause'];
  readonly cursor: OutcomeCursor | null;
}
/** How the work of a run ended, before its status is decided. */
export interface RunEnd {
  readonly cause: 'finished' | 'cancelled' | 'failed';
  readonly error: string | null;
  readonly recovered: number;
}

const START: OutcomeCursor = {
  shard: 0,
  n: 0,
  counts: emptyCounts(),
  used: {},
  leftHeld: 0,
  failedGroups: 0,
  finished: false,
};
const CELL_PAGE = 500;

/** Writes the result of every person, shard by shard, with dense numbers per run and outcome. */
export function closeOutcomesActivities(deps: ActivityDeps, contexts: RunContexts) {
  return {
    async closeOutcomes(input: CloseOutcomesInput): Promise<{ readonly cursor: OutcomeCursor | null }> {
      const run = await deps.store.runs.get(input.runId);
      const plan = run === null ? null : await deps.store.runs.get(run.planRunId ?? run.id);
      if (run === null || plan === null) return { cursor: null };
      await deps.store.runs.patch(run.id, { phase: 'close' });
      const preview = input.cause === 'finished' && (await isPreview(contexts, run));
      const handOver = chunkClock();
      let at = (resumed() as OutcomeCursor | null) ?? input.cursor ?? START;
      while (!at.finished && !handOver()) {
        const from = at;
        at = await whileHeartbeating(
          () => closeShard({ deps, contexts, run, plan, preview }, from),
          () => from
        );
        heartbeat(at);
      }
      return { cursor: at };
    },
  };
}

/** A run that only looks: by its mode, or because its connector observes. */
export async function isPreview(contexts: RunContexts, run: RunRecord): Promise<boolean> {
  if (onlyPlans(run.mode)) return true;
  const settings = await contexts.settings(run.connectorId, run.configVersion);
  return settings.mode === 'observe';
}

interface Closing {
  readonly deps: ActivityDeps;
  readonly contexts: RunContexts;
  readonly run: RunRecord;
  readonly plan: RunRecord;
  /** Nothing was to be applied: planned operations stay planned, and stand for what would happen. */
  readonly preview: boolean;
}

/** Shard numbers: the people's first, then the groups as the last step. */
async function closeShard(closing: Closing, at: OutcomeCursor): Promise<OutcomeCursor> {
  const { run, plan } = closing;
  if (at.shard >= plan.shards) return closeGroups(closing, at);
  const range = shardSlices(at.shard, plan.shards);
  const all = [
    ...(await operationsOf(closing, shardName(at.shard))),
    ...(await operationsOf(closing, NAMES_SHARD)).filter((operation) =>
      within(range, sliceOf(operation.externalId ?? ''))
    ),
  ];
  const operations = all.filter((operation) => isOfRun(run, operation));
  const standings = run.planRunId === null ? await closing.deps.store.snapshots.standings(run.id, range) : [];
  const records = outcomesOf(closing, at, standings, operations);
  await closing.deps.store.outcomes.put(records);
  const counts = records.reduce(countPerson, at.counts);
  const external = (at.external ?? 0) + (await countExternal(closing, range));
  const noted = noteOperations(closing, at, all, operations);
  return { ...noted, shard: at.shard + 1, n: at.n + records.length, counts, external };
}

async function countExternal({ deps, run }: Closing, range: SliceRange): Promise<number> {
  const links = await deps.store.links.inSlices(run.connectorId, range);
  const version = (await deps.store.targets.get(run.targetId))?.version ?? 0;
  return links.filter((link) => withStandingRefusals(link, version).state === 'externalDirectory').length;
}

async function closeGroups(closing: Closing, at: OutcomeCursor): Promise<OutcomeCursor> {
  const all = await operationsOf(closing, GROUP_SHARD);
  const operations = all.filter((operation) => isOfRun(closing.run, operation));
  const counts = operations.filter(isDone).reduce((sum, operation) => countOperation(sum, operation.kind), at.counts);
  const failed = operations.filter(({ status }) => status === 'failed' || status === 'conflict').length;
  return {
    ...noteOperations(closing, at, all, operations),
    counts,
    failedGroups: at.failedGroups + failed,
    finished: true,
  };
}

const isDone = ({ status }: Pick<OperationRecord, 'status'>): boolean => status === 'done';
const isOfRun = (run: RunRecord, operation: OperationRecord): boolean =>
  run.planRunId === null || operation.appliedBy === run.id;

function noteOperations(
  { plan }: Closing,
  at: OutcomeCursor,
  all: readonly OperationRecord[],
  own: readonly OperationRecord[]
): OutcomeCursor {
  const used = { ...at.used };
  for (const kind of own.filter(isDone).flatMap((operation) => operation.gateKinds)) used[kind] = (used[kind] ?? 0) + 1;
  const left = all.filter(({ status }) => waitsForApproval(status, plan.status === 'planned')).length;
  return { ...at, used, leftHeld: at.leftHeld + left };
}

const within = (range: SliceRange, slice: number): boolean => slice >= range.from && slice <= range.to;

/** The operations of a shard with their final status: what was never begun is cancelled, what was left half done is read back. */
async function operationsOf(closing: Closing, shard: string): Promise<OperationRecord[]> {
  const { deps, plan, run } = closing;
  const cells = (plan.plan?.cells ?? []).filter((cell) => cell.shard === shard);
  const operations: OperationRecord[] = [];
  for (const phase of PHASES) {
    const count = cells.find((cell) => cell.phase === phase)?.count ?? 0;
    for (let from = 0; from < count; from += CELL_PAGE) {
      operations.push(
        ...(await deps.store.plans.cell(plan.id, phase, shard, from, Math.min(from + CELL_PAGE, count) - 1))
      );
    }
  }
  const settled = await settle(closing, operations);
  return run.planRunId === null && !closing.preview ? cancelPlanned(closing, settled) : settled;
}

async function settle(
  { deps, contexts, run, plan }: Closing,
  operations: OperationRecord[]
): Promise<OperationRecord[]> {
  const leftovers = operations.filter((operation) => operation.status === 'applying' && operation.appliedBy === run.id);
  if (leftovers.length === 0) return operations;
  const context = await contexts.load(run.id);
  await settleLeftovers(deps, await leftoverBatch(deps, context, plan, leftovers), leftovers);
  const settled = new Map<string, OperationRecord>();
  for (const { phase, shard, n } of leftovers) {
    for (const operation of await deps.store.plans.cell(plan.id, phase, shard, n, n))
      settled.set(operation.id, operation);
  }
  return operations.map((operation) => settled.get(operation.id) ?? operation);
}

async function cancelPlanned({ deps }: Closing, operations: OperationRecord[]): Promise<OperationRecord[]> {
  const open = operations.filter((operation) => operation.status === 'planned');
  if (open.length === 0) return operations;
  await deps.store.plans.setStatus(
    open.map(({ id }) => id),
    ['planned'],
    'cancelled'
  );
  const status: OperationStatus = 'cancelled';
  return operations.map((operation) => (operation.status === 'planned' ? { ...operation, status } : operation));
}

function outcomesOf(
  { run, preview }: Closing,
  at: OutcomeCursor,
  standings: readonly StandingRecord[],
  operations: readonly OperationRecord[]
): OutcomeRecord[] {
  const byPerson = new Map<string, OperationRecord[]>();
  for (const operation of operations) {
    const id = operation.externalId ?? '';
    byPerson.set(id, [...(byPerson.get(id) ?? []), operation]);
  }
  const standing = new Map(standings.map((record) => [record.externalId, record]));
  const ids = [...new Set([...standing.keys(), ...byPerson.keys()])].sort();
  const numbers: Partial<Record<Outcome, number>> = {};
  return ids.map((externalId, index) => {
    const own = byPerson.get(externalId) ?? [];
    const said = standing.get(externalId);
    const outcome = outcomeOf({ operations: own, standing: said?.standing ?? 'unchanged', preview });
    numbers[outcome] = (numbers[outcome] ?? at.counts[outcome]) + 1;
    return {
      runId: run.id,
      externalId,
      username: said?.username ?? own.find((operation) => operation.username !== null)?.username ?? null,
      outcome,
      n: at.n + index + 1,
      m: numbers[outcome] ?? 0,
      operations: own.map(({ kind, before, after, status, error }) => ({ kind, before, after, status, error })),
      reasons: reasonsOf(said, own),
      error: own.find((operation) => operation.error !== null)?.error ?? null,
      durationMs: null,
    };
  });
}

/** What planning said of the person, then what it said of each operation, each once. */
function reasonsOf(said: StandingRecord | undefined, operations: readonly OperationRecord[]): OutcomeRecord['reasons'] {
  const all = [...(said?.reasons ?? []), ...operations.flatMap(reasonsWithSeats)];
  return [...new Map(all.map((reason) => [JSON.stringify(reason), reason])).values()];
}

function countPerson(counts: RunCounts, record: OutcomeRecord): RunCounts {
  const done = record.operations.filter((operation) => operation.status === 'done');
  return countOutcome(
    done.reduce((sum, operation) => countOperation(sum, operation.kind), counts),
    record.outcome
  );
}
