import { countOperation, countOutcome, emptyCounts } from '../../domain/counts';
import { pushRunId, userRunId } from '../../domain/ids';
import type { RunCounts } from '../../domain/run';
import type { ConnectorRecord, OutcomeRecord } from '../../store/records';
import type { ActivityDeps } from '../deps';
import { purgeRun } from '../expireRuns';
import { heartbeat } from '../progress';

const DAY_MS = 24 * 3_600_000;
/** Requests that came at the end of the day are over by then, one way or the other. */
const AFTERWARDS_MS = 20 * 60_000;
const DAYS_KEPT = 30;
const PAGE = 500;

/**
 * Closes the runs of days that are over: counts once more what their results say, and lets the run of thirty days before
 * go. @returns how many were closed
 */
export async function closeDayRuns(deps: ActivityDeps, connector: ConnectorRecord): Promise<number> {
  let closed = 0;
  for (const runId of connector.dayRuns ?? []) {
    const run = await deps.store.runs.get(runId);
    if (run !== null) {
      const end = Date.parse(`${run.startedAt.slice(0, 'yyyy-mm-dd'.length)}T00:00:00.000Z`) + DAY_MS;
      if (deps.now().getTime() < end + AFTERWARDS_MS) continue;
      await close(deps, runId);
      const old = new Date(end - (DAYS_KEPT + 1) * DAY_MS).toISOString().slice(0, 'yyyy-mm-dd'.length);
      for (const idOf of [userRunId, pushRunId]) await purgeRun(deps.store, idOf(connector.id, old));
      closed += 1;
    }
    await deps.store.connectors.closeDayRun(connector.id, runId);
  }
  return closed;
}

async function close(deps: ActivityDeps, runId: string): Promise<void> {
  const { store } = deps;
  let counts = emptyCounts();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof store.outcomes.list>> = await store.outcomes.list(runId, {
      limit: PAGE,
      cursor,
    });
    counts = page.items.reduce(countResult, counts);
    cursor = page.nextCursor;
    heartbeat();
  } while (cursor !== null);
  const status = counts.failed + counts.held > 0 ? 'partial' : 'succeeded';
  const end = { status, phase: 'ended', counts, finishedAt: deps.now().toISOString() } as const;
  await store.runs.move(runId, ['running'], end);
}

function countResult(counts: RunCounts, { outcome, operations }: OutcomeRecord): RunCounts {
  const done = operations.filter(({ status }) => status === 'done');
  return countOutcome(
    done.reduce((sum, { kind }) => countOperation(sum, kind), counts),
    outcome
  );
}
