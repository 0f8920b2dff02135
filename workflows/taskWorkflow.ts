import { bulkActivities } from './stubs';
import type { TaskWorkflowInput } from './messages';

/**
 * Carries out one request that talks to a provider or target (a connection test): the API never does.
 * History: 8 events. After a crash: the activity is tried again; its result lies in the store under the request.
 */
export async function taskWorkflow(input: TaskWorkflowInput): Promise<void> {
  await bulkActivities(input.tuning).runTask({ requestId: input.requestId });
}
