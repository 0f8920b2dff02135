import { ApplicationFailure, condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { CancellationScope } from '@temporalio/workflow';
import { enqueue, withdraw } from '../domain/run-queue';
import type { RunOrder, RunQueue } from '../domain/run-queue';
import { connectorDetails } from './details';
import {
  REFUSED,
  applyPlanUpdate,
  cancelRunUpdate,
  connectorViewQuery,
  pauseUpdate,
  reconfigureUpdate,
  removeUpdate,
  requestSyncUpdate,
  resumeUpdate,
  syncWantedSignal,
} from './messages';
import type { RequestSyncInput } from './messages';
import { interactiveActivities } from './stubs';

/** What the loop knows between two wakes. Handlers change it, the loop acts on it. */
export interface ConnectorState {
  queue: RunQueue;
  paused: boolean;
  /** The configuration read last; null before the first. */
  configVersion: number | null;
  removal: boolean;
  /** The store was read at least once. */
  loaded: boolean;
  reconfigured: boolean;
  lastFireMs: number;
  nextFireMs: number | null;
  running: { readonly runId: string; readonly scope: CancellationScope } | null;
  /** The run that ended last in this history, and how. */
  lastEnd: string | null;
  runsStarted: number;
}

/** An order without anything special; callers spread their own values over it. */
export const PLAIN_ORDER = { missedTicks: 0, planRunId: null, planHash: null, selection: null } as const;

/** Registers what the connector can be asked; messages.ts tells what each means. */
export function registerHandlers(connectorId: string, state: ConnectorState): void {
  const order = async (run: RunOrder): Promise<{ runId: string }> => {
    // Run numbers go on from the store's, which is known only after the first load.
    await condition(() => state.loaded);
    const taken = enqueue(state.queue, connectorId, run);
    state.queue = taken.queue;
    setCurrentDetails(connectorDetails(state));
    return { runId: taken.runId };
  };
  const refuse = (type: string, message: string): never => {
    throw ApplicationFailure.nonRetryable(message, type);
  };
  const { recordUnstartedRun } = interactiveActivities();
  const alive = (_input?: unknown): void => {
    if (state.removal) refuse(REFUSED.removed, `connector ${connectorId} is being removed`);
  };
  setHandler(requestSyncUpdate, (sync) => order({ ...PLAIN_ORDER, ...sync }), {
    validator: (sync: RequestSyncInput) => {
      alive();
      // Whoever takes a run back has the connector paused, or the next tick would do it all again; a hand-over back goes to
      // a connector that the first one has paused.
      if (state.paused && sync.mode !== 'rollback' && sync.mode !== 'handover')
        refuse(REFUSED.paused, `connector ${connectorId} is paused; resume it first`);
    },
  });
  setHandler(syncWantedSignal, async () => {
    // A paused connector keeps what waits marked, and is asked again when it goes on.
    if (state.removal || state.paused) return;
    await order({ ...PLAIN_ORDER, mode: 'sync', trigger: 'scim', requestId: null });
  });
  setHandler(
    applyPlanUpdate,
    ({ requestId, runId, hash, only }) =>
      order({
        ...PLAIN_ORDER,
        mode: 'apply',
        trigger: 'approval',
        requestId,
        planRunId: runId,
        planHash: hash,
        selection: only,
      }),
    { validator: alive }
  );
  setHandler(
    cancelRunUpdate,
    async ({ runId }) => {
      const { running } = state;
      if (running?.runId === runId) {
        running.scope.cancel();
        return;
      }
      const run = state.queue.waiting.find((waiting) => waiting.runId === runId);
      state.queue = withdraw(state.queue, runId);
      setCurrentDetails(connectorDetails(state));
      if (run !== undefined) await recordUnstartedRun({ connectorId, run });
    },
    {
      validator: ({ runId }) => {
        const known = state.running?.runId === runId || state.queue.waiting.some((run) => run.runId === runId);
        if (!known) refuse(REFUSED.notRunning, `run ${runId} neither runs nor waits`);
      },
    }
  );
  registerSettingsHandlers(connectorId, state, alive);
}

function registerSettingsHandlers(connectorId: string, state: ConnectorState, alive: (input: unknown) => void): void {
  const { setPaused, markDeleting } = interactiveActivities();
  const reload = (): void => {
    state.reconfigured = true;
  };
  setHandler(reconfigureUpdate, reload, { validator: alive });
  // The answer holds at once, also during a run, at whose end only the loop reads the store again.
  const pause = async (paused: boolean): Promise<void> => {
    await setPaused({ connectorId, paused });
    state.paused = paused;
    setCurrentDetails(connectorDetails(state));
    if (!paused) state.lastFireMs = Date.now();
    reload();
  };
  setHandler(pauseUpdate, () => pause(true), { validator: alive });
  setHandler(resumeUpdate, () => pause(false), { validator: alive });
  setHandler(removeUpdate, async () => {
    await markDeleting({ connectorId });
    state.removal = true;
    state.running?.scope.cancel();
  });
  setHandler(connectorViewQuery, () => ({
    paused: state.paused,
    runningRunId: state.running?.runId ?? null,
    queuedRunIds: state.queue.waiting.map((run) => run.runId),
    nextFireMs: state.nextFireMs,
  }));
}
