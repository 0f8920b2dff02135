import { runId } from './ids';
import type { PlanSelection, RunMode, RunTrigger } from './run';

/** A run that is asked for and not started yet. */
export interface QueuedRun {
  readonly runId: string;
  readonly n: number;
  readonly mode: RunMode;
  readonly trigger: RunTrigger;
  readonly requestId: string | null;
  readonly missedTicks: number;
  /** For mode rollback: the run that is taken back; absent for the others. */
  readonly ofRunId?: string;
  /** For mode apply: the run whose stored plan is applied, the hash that was approved, and the part of it. */
  readonly planRunId: string | null;
  readonly planHash: string | null;
  readonly selection: PlanSelection | null;
}

/** The runs of a connector that wait, and what was answered lately. Plain JSON: it is carried from history to history. */
export interface RunQueue {
  readonly lastRun: number;
  /** Approvals in the order they came, then at most one run of each other mode. */
  readonly waiting: readonly QueuedRun[];
  readonly answered: readonly { readonly requestId: string; readonly runId: string }[];
}

export type RunOrder = Omit<QueuedRun, 'runId' | 'n'>;

/** How many answered requests are remembered, so that a repeated request joins its first answer. */
export const ANSWERS_KEPT = 50;

export const emptyQueue = (lastRun: number): RunQueue => ({ lastRun, waiting: [], answered: [] });

/**
 * Takes an order for a run. The same requestId gets the same answer; an order of a mode that already waits joins the
 * waiting run (a request during a run leads to exactly one further run); approvals never join each other and go first.
 */
export function enqueue(queue: RunQueue, connectorId: string, order: RunOrder): { queue: RunQueue; runId: string } {
  const earlier = queue.answered.find((answer) => answer.requestId === order.requestId);
  if (order.requestId !== null && earlier !== undefined) return { queue, runId: earlier.runId };
  const joined = JOINS_NONE.has(order.mode) ? undefined : queue.waiting.find((run) => isSame(run, order));
  if (joined !== undefined) return { queue: remember(queue, order.requestId, joined.runId), runId: joined.runId };
  const n = queue.lastRun + 1;
  const run: QueuedRun = { ...order, n, runId: runId(connectorId, n) };
  const approvals = queue.waiting.filter((waiting) => waiting.mode === 'apply');
  const others = queue.waiting.filter((waiting) => waiting.mode !== 'apply');
  const waiting = order.mode === 'apply' ? [...approvals, run, ...others] : [...approvals, ...others, run];
  return { queue: remember({ ...queue, lastRun: n, waiting }, order.requestId, run.runId), runId: run.runId };
}

const isSame = (run: QueuedRun, order: RunOrder): boolean => run.mode === order.mode && run.ofRunId === order.ofRunId;
/** What is asked for differs from order to order. */
const JOINS_NONE: ReadonlySet<RunMode> = new Set(['apply', 'handover']);

/** Takes the first waiting run out, or null. */
export function dequeue(queue: RunQueue): { queue: RunQueue; run: QueuedRun } | null {
  const [run, ...waiting] = queue.waiting;
  return run === undefined ? null : { queue: { ...queue, waiting }, run };
}

/** Drops a waiting run that is cancelled before it started. */
export function withdraw(queue: RunQueue, id: string): RunQueue {
  return { ...queue, waiting: queue.waiting.filter((run) => run.runId !== id) };
}

function remember(queue: RunQueue, requestId: string | null, id: string): RunQueue {
  if (requestId === null) return queue;
  return { ...queue, answered: [...queue.answered, { requestId, runId: id }].slice(-ANSWERS_KEPT) };
}
