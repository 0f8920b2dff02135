import { runId } from '../domain/ids';
import type { RunRecord } from '../store/records';
import type { Store } from '../store/store';
import { Problem, notFound } from './http/problem';

/** @throws Problem not-found */
export async function getRun(store: Store, id: string): Promise<RunRecord> {
  const run = await store.runs.get(id);
  if (run === null) throw notFound('run', id);
  return run;
}

/** A run that holds its plan, with that plan. */
export interface PlannedRun {
  readonly run: RunRecord;
  readonly plan: NonNullable<RunRecord['plan']>;
}

/**
 * The run whose stored plan a run is about: its own, or the one it applies.
 * @throws Problem not-found, no-plan
 */
export async function getPlannedRun(store: Store, id: string): Promise<PlannedRun> {
  const asked = await getRun(store, id);
  const run = asked.planRunId === null ? asked : await getRun(store, asked.planRunId);
  if (run.plan !== null) return { run, plan: run.plan };
  const detail = run.status === 'running' ? 'It is not made yet; ask again later.' : 'The run ended before it had one.';
  throw new Problem('no-plan', detail);
}

/** The connector that gave out a run id whose run has not started: ids are built and compared, never taken apart. */
export async function connectorOfWaitingRun(store: Store, id: string): Promise<string | null> {
  const n = Number(/\d{1,9}$/.exec(id)?.[0]);
  const found = (await store.connectors.list()).find((connector) => runId(connector.id, n) === id);
  return found?.id ?? null;
}
