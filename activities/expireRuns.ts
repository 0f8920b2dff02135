import { runId } from '../domain/ids';
import type { ActivityDeps } from './deps';
import type { Store } from '../store/store';
import { heartbeat } from './progress';

/** Snapshots, plans and results are kept for this many runs of a connector; runs and audit stay. */
const RUNS_KEPT = 30;
const PURGE_STEP = 500;

/**
 * Deletes what the run that has just left the window kept: each run makes room for one, so that the work is the same
 * however long the history is. The run of an open hold keeps everything until it is decided.
 */
export function expireRunsActivities(deps: ActivityDeps) {
  const { store } = deps;
  return {
    async expireRuns({ connectorId, n }: { readonly connectorId: string; readonly n: number }): Promise<void> {
      const connector = await store.connectors.get(connectorId);
      const old = n - RUNS_KEPT;
      if (connector === null || old < 1) return;
      const id = runId(connectorId, old);
      if (connector.openHold?.runId === id) return;
      await purgeRun(store, id);
    },
  };
}

/** Deletes snapshot, results and plan of a run in bounded steps; its record stays. */
export async function purgeRun({ snapshots, outcomes, plans }: Store, runId: string): Promise<void> {
  for (const kept of [snapshots, outcomes, plans]) {
    while ((await kept.purge(runId, PURGE_STEP)) === PURGE_STEP) heartbeat();
  }
}
