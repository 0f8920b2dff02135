import { bulkActivities, personActivities } from './stubs';
import type { TaskWorkflowInput } from './messages';

/**
 * Carries out one request that talks to a provider or target, or takes long: the API never does.
 * History: 8 events. After a crash: the activity is tried again; its result lies in the store under the request.
 */
export async function taskWorkflow(input: TaskWorkflowInput): Promise<void> {
  const { runTask } = input.interactive === true ? personActivities(input.tuning) : bulkActivities(input.tuning);
  await runTask({ requestId: input.requestId });
}
