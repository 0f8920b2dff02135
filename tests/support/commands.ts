import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Outcome, PlanSelection } from '../../domain/run';
import type { OperationRecord, OutcomeRecord, RunRecord } from '../../store/records';
import type { Store } from '../../store/store';
import {
  applyPlanUpdate,
  cancelRunUpdate,
  connectorViewQuery,
  pauseUpdate,
  reconfigureUpdate,
  requestSyncUpdate,
  resumeUpdate,
} from '../../workflows/messages';
import type { ConnectorView } from '../../workflows/messages';

const POLL_MS = 25;
const LIST_LIMIT = 1_000;

/** Waits for a state, not for a time: until `ask` answers something. */
export async function until<T>(ask: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    await wait(POLL_MS);
  }
}

/** Waits until the run has ended. */
export const ended = (store: Store, runId: string): Promise<RunRecord> =>
  until(async () => {
    const run = await store.runs.get(runId);
    return run !== null && run.status !== 'running' && run;
  });

interface CommandsInput {
  readonly handle: WorkflowHandle;
  readonly store: Store;
  readonly connectorId: string;
}

/** What people ask of a connector, as the API sends it, and what they look at. */
export function createCommands({ handle, store, connectorId }: CommandsInput) {
  const request = async (
    mode: 'sync' | 'preview' | 'drift' = 'sync',
    requestId: string = randomUUID()
  ): Promise<string> => {
    const { runId } = await handle.executeUpdate(requestSyncUpdate, {
      args: [{ requestId, mode, trigger: 'manual' }],
      updateId: requestId,
    });
    return runId;
  };
  return {
    handle,
    /** Asks for a run. @returns its id */
    request,
    /** Asks for the way back of what a run did, and waits for its plan. */
    rollBack: async (of: RunRecord): Promise<RunRecord> => {
      const requestId = randomUUID();
      const { runId } = await handle.executeUpdate(requestSyncUpdate, {
        args: [{ requestId, mode: 'rollback', trigger: 'api', ofRunId: of.id }],
        updateId: requestId,
      });
      return ended(store, runId);
    },
    /** Asks for a run and waits for its end. */
    run: async (mode: 'sync' | 'preview' | 'drift' = 'sync'): Promise<RunRecord> => ended(store, await request(mode)),
    /** Approves what a run holds, or a preview. @returns the id of the run that applies it */
    approve: async (run: RunRecord, only: PlanSelection | null = null): Promise<string> => {
      const requestId = randomUUID();
      const planRunId = run.holdOf ?? run.id;
      const hash = (run.status === 'planned' ? run.planHash : run.heldHash) ?? '';
      await store.runs.addApproval(planRunId, { by: 'test', at: new Date().toISOString(), only });
      const { runId } = await handle.executeUpdate(applyPlanUpdate, {
        args: [{ requestId, runId: planRunId, hash, only }],
        updateId: requestId,
      });
      return runId;
    },
    /** Rejects what a run holds, as the API does: in the store alone. */
    reject: async (run: RunRecord): Promise<void> => {
      await store.runs.move(run.id, ['held', 'planned'], { status: 'rejected' });
      await store.connectors.replaceHold(connectorId, run.id, null);
    },
    cancel: (runId: string) => handle.executeUpdate(cancelRunUpdate, { args: [{ requestId: randomUUID(), runId }] }),
    pause: () => handle.executeUpdate(pauseUpdate, { args: [{ requestId: randomUUID() }] }),
    resume: () => handle.executeUpdate(resumeUpdate, { args: [{ requestId: randomUUID() }] }),
    reloadConfiguration: (configVersion: number) =>
      handle.executeUpdate(reconfigureUpdate, { args: [{ requestId: randomUUID(), configVersion }] }),
    view: (): Promise<ConnectorView> => handle.query(connectorViewQuery),
    /** The stored run. @throws Error when there is none */
    stored: async (runId: string): Promise<RunRecord> => {
      const run = await store.runs.get(runId);
      if (run === null) throw new Error(`run ${runId} is not stored`);
      return run;
    },
    /** Runs of the connector, the oldest first. */
    runs: async (): Promise<readonly RunRecord[]> =>
      (await store.runs.list({ connectorId, limit: LIST_LIMIT, cursor: null })).items.toReversed(),
    operations: (run: RunRecord): Promise<readonly OperationRecord[]> =>
      store.plans.page(run.id, 1, run.plan?.total ?? 0),
    outcomes: async (runId: string, outcome?: Outcome): Promise<readonly OutcomeRecord[]> =>
      (await store.outcomes.list(runId, { ...(outcome && { outcome }), limit: LIST_LIMIT, cursor: null })).items,
  };
}
