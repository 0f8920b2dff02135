import type { ActivityDeps } from '../../activities';
import { closeRunActivities } from '../../activities/closeRun';
import type { RunContexts } from '../../activities/runContext';
import { emptyCounts } from '../../domain/counts';
import type { ConnectorRecord, RunRecord } from '../../store/records';
import { createMetrics } from '../../telemetry/metrics';
import { createWorkMetrics } from '../../telemetry/work-metrics';
import { samplesOf, sumOf } from '../support/exposition';

const STARTED = '2026-11-24T02:00:00.000Z';
const ENDED = '2026-11-24T02:01:30.000Z';

/** A run of `corp` in a store of one run; its configuration cannot be read any more. */
function closing() {
  let run: Partial<RunRecord> = {
    id: 'corp-1',
    connectorId: 'corp',
    mode: 'sync',
    status: 'running',
    startedAt: STARTED,
    planRunId: null,
    plan: null,
    holdReasons: [],
    warnings: [],
    source: null,
  };
  let connector: Partial<ConnectorRecord> = {};
  const store = {
    runs: {
      get: () => Promise.resolve({ ...run }),
      move: (_id: string, from: readonly string[], set: Partial<RunRecord>) => {
        const matches = from.includes(run.status ?? '');
        if (matches) run = { ...run, ...set };
        return Promise.resolve(matches);
      },
    },
    connectors: {
      patch: (_id: string, set: Partial<ConnectorRecord>) => {
        connector = { ...connector, ...set };
        return Promise.resolve();
      },
    },
    links: { count: () => Promise.resolve(0) },
  };
  const metrics = createMetrics();
  const deps = { store, now: () => new Date(ENDED), metrics: createWorkMetrics(metrics) } as unknown as ActivityDeps;
  const contexts = { load: () => Promise.reject(new Error('gone')) } as unknown as RunContexts;
  return {
    closeRun: closeRunActivities(deps, contexts).closeRun,
    metrics,
    stored: () => ({ run, connector }),
  };
}

const RESULTS = {
  shard: 1,
  n: 7,
  counts: { ...emptyCounts(), created: 4, unchanged: 3, membershipsAdded: 9 },
  used: {},
  leftHeld: 0,
  failedGroups: 0,
  finished: true,
};
const FINISHED = { runId: 'corp-1', end: { cause: 'finished', error: null, recovered: 0 }, results: RESULTS } as const;

describe('closeRun', () => {
  it('counts a run once, also when it is tried again after it was done', async () => {
    const { closeRun, metrics } = closing();
    await closeRun(FINISHED);
    await closeRun(FINISHED);
    const samples = samplesOf((await metrics.exposition()).text);
    expect(sumOf(samples, 'rollcall_runs_ended_total', { connector: 'corp', status: 'succeeded' })).toBe(1);
    expect(sumOf(samples, 'rollcall_run_duration_seconds_sum', { connector: 'corp' })).toBe(90);
    expect(sumOf(samples, 'rollcall_outcomes_total', { outcome: 'created' })).toBe(4);
    expect(sumOf(samples, 'rollcall_outcomes_total')).toBe(7);
  });

  it('counts a run once when two attempts close it side by side', async () => {
    const { closeRun, metrics } = closing();
    await Promise.all([closeRun(FINISHED), closeRun(FINISHED)]);
    const samples = samplesOf((await metrics.exposition()).text);
    expect(sumOf(samples, 'rollcall_runs_ended_total')).toBe(1);
  });

  it('keeps with the connector when a run succeeded, and not when one failed', async () => {
    const succeeded = closing();
    await succeeded.closeRun(FINISHED);
    expect(succeeded.stored().connector).toEqual({ lastSuccessAt: ENDED });

    const failed = closing();
    await failed.closeRun({ ...FINISHED, end: { cause: 'failed', error: 'no answer', recovered: 0 } });
    expect(failed.stored()).toMatchObject({ run: { status: 'failed' }, connector: {} });
    expect(failed.stored().connector).not.toHaveProperty('lastSuccessAt');
  });
});
