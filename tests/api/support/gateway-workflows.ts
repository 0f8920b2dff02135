import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import {
  REFUSED,
  cancelRunUpdate,
  pauseUpdate,
  reconfigureUpdate,
  removeUpdate,
  requestSyncUpdate,
  resumeUpdate,
} from '../../../workflows/messages';
import type { ConnectorWorkflowInput, RequestSyncInput } from '../../../workflows/messages';

/**
 * What the gateway needs of a connector workflow, and no more: counts runs, refuses while paused, never answers a
 * cancelRun until a resume comes (so that many updates can be under way), ends with remove.
 */
export async function connectorWorkflow({ connectorId }: ConnectorWorkflowInput): Promise<void> {
  let [runs, isPaused, isRemoved, resumed] = [0, false, false, 0];
  setHandler(
    requestSyncUpdate,
    () => {
      runs += 1;
      return { runId: `${connectorId}-${runs}` };
    },
    {
      validator: (_sync: RequestSyncInput) => {
        if (isPaused) throw ApplicationFailure.nonRetryable(`connector ${connectorId} is paused`, REFUSED.paused);
      },
    }
  );
  setHandler(pauseUpdate, () => {
    isPaused = true;
  });
  setHandler(resumeUpdate, () => {
    isPaused = false;
    resumed += 1;
  });
  setHandler(cancelRunUpdate, async () => {
    const before = resumed;
    await condition(() => resumed > before);
  });
  setHandler(reconfigureUpdate, () => undefined);
  setHandler(removeUpdate, () => {
    isRemoved = true;
  });
  await condition(() => isRemoved);
}

export async function taskWorkflow(): Promise<void> {
  await condition(() => false, '1 hour');
}
