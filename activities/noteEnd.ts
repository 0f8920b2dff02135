import { OUTCOMES } from '../domain/run';
import type { RunCounts, RunStatus } from '../domain/run';
import type { RunRecord } from '../store/records';
import type { OutcomeCursor, RunEnd } from './closeOutcomes';
import type { ActivityDeps } from './deps';

const MS = 1_000;

interface Closing {
  readonly run: RunRecord;
  readonly status: RunStatus;
  readonly cause: RunEnd['cause'];
  readonly results: OutcomeCursor | null;
}

/** Keeps with the connector what operators watch: when a run last succeeded, and how many operations its hold has. */
export async function noteForOperators(deps: ActivityDeps, { run, status, cause, results }: Closing): Promise<void> {
  const held = run.planRunId === null ? run.plan?.held : results?.leftHeld;
  const settles = cause === 'finished' && status !== 'planned' && held !== undefined;
  await deps.store.connectors.patch(run.connectorId, {
    ...(status === 'succeeded' && { lastSuccessAt: deps.now().toISOString() }),
    ...(settles && { heldOperations: held }),
  });
}

/** Counts a run that has just moved to its last status. */
export function countEnd(deps: ActivityDeps, { run, status, results }: Omit<Closing, 'cause'>): void {
  deps.metrics.runEnded({
    connector: run.connectorId,
    status,
    seconds: Math.max(0, deps.now().getTime() - Date.parse(run.startedAt)) / MS,
    outcomes: results === null || status === 'planned' ? {} : people(results.counts),
  });
}

const people = (counts: RunCounts): Readonly<Record<string, number>> =>
  Object.fromEntries(OUTCOMES.map((outcome) => [outcome, counts[outcome]]));
