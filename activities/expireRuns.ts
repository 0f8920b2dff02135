import { runId } from '../domain/ids';
import type { ActivityDeps } from './deps';
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
  const purge = async (step: (limit: number) => Promise<number>): Promise<void> => {
    while ((await step(PURGE_STEP)) === PURGE_STEP) heartbeat();
  };
  return {
    async expireRuns({ connectorId, n }: { readonly connectorId: string; readonly n: number }): Promise<void> {
      const connector = await store.connectors.get(connectorId);
      const old = n - RUNS_KEPT;
      if (connector === null || old < 1) return;
      const id = runId(connectorId, old);
      if (connector.openHold?.runId === id) return;
      await purge((limit) => store.snapshots.purge(id, limit));
      await purge((limit) => store.outcomes.purge(id, limit));
      await purge((limit) => store.plans.purge(id, limit));
    },
  };
}
