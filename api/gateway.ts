import { setMaxListeners } from 'node:events';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Client, WorkflowStartOptions } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { UpdateDefinition, Workflow } from '@temporalio/common';
import {
  SWEEP_WORKFLOW_ID,
  changesWorkflowId,
  connectorWorkflowId,
  taskWorkflowId,
  userWorkflowId,
} from '../domain/ids';
import {
  CHANGES_WORKFLOW,
  CONNECTOR_WORKFLOW,
  SWEEP_WORKFLOW,
  TASK_WORKFLOW,
  USER_SYNC_WORKFLOW,
  applyPlanUpdate,
  cancelRunUpdate,
  changesWaitSignal,
  pauseUpdate,
  reconfigureUpdate,
  removeUpdate,
  requestSyncUpdate,
  resumeUpdate,
  syncUserUpdate,
} from '../workflows/messages';
import type {
  ApplyPlanInput,
  CancelRunInput,
  ChangesInput,
  CommandInput,
  ConnectorWorkflowInput,
  ReconfigureInput,
  RemoveInput,
  RequestSyncInput,
  RunAnswer,
  SweepInput,
  TaskWorkflowInput,
  Tuning,
  UserSyncAnswer,
  UserSyncInput,
} from '../workflows/messages';
import { deliver } from './delivery';
import type { Delivery } from './delivery';
import { patiently } from './patience';
import { isTimeout, translate } from './temporal-errors';

/**
 * The only way from HTTP to the workflows. Commands are updates with start: a missing connector workflow is started by them.
 * @throws UpdateRefused, WorkflowBusy, TemporalUnavailable (gateway-errors.ts)
 */
export interface Gateway {
  requestSync(connectorId: string, input: RequestSyncInput): Promise<Delivery<RunAnswer>>;
  applyPlan(connectorId: string, input: ApplyPlanInput): Promise<Delivery<RunAnswer>>;
  pause(connectorId: string, input: CommandInput): Promise<Delivery<unknown>>;
  resume(connectorId: string, input: CommandInput): Promise<Delivery<unknown>>;
  reconfigure(connectorId: string, input: ReconfigureInput): Promise<Delivery<unknown>>;
  cancelRun(connectorId: string, input: CancelRunInput): Promise<Delivery<unknown>>;
  remove(connectorId: string, input: RemoveInput): Promise<Delivery<unknown>>;
  /** Syncs the person of a stored request. `digest` stands for the person in the id of the workflow (durability 5.3). */
  syncUser(connectorId: string, digest: string, input: CommandInput): Promise<Delivery<UserSyncAnswer>>;
  /** Tells the workflow that carries what was pushed, starting it where it is missing; one signal for any number of changes. */
  signalChanges(connectorId: string): Promise<void>;
  /** Starts the workflow that looks for what is due, where it is missing; idempotent. */
  startSweep(): Promise<void>;
  /** Starts the workflow of a stored request; idempotent. */
  startTask(requestId: string, options?: TaskOptions): Promise<void>;
  /** Answers when Temporal does. */
  ping(): Promise<void>;
  /** Gives up everything that is still waited for. */
  close(): void;
}

export type TaskOptions = Pick<TaskWorkflowInput, 'interactive'>;

export interface TemporalGatewayOptions {
  readonly taskQueue: string;
  readonly tuning?: Tuning;
  /** How long a request waits for the answer of an update (durability 5.2). @default 8000 */
  readonly answerWithinMs?: number;
  /** How long an unanswered update is followed in the background. @default 600000 */
  readonly followForMs?: number;
}

const ANSWER_WITHIN_MS = 8_000;
/** Of a new version the workflow is only told: nobody waits for its answer for long. */
const NEWS_WITHIN_MS = 2_000;
const FOLLOW_FOR_MS = 10 * 60_000;
/** One call to Temporal at most; an update that takes longer is asked for again under the same id. */
const CALL_DEADLINE_MS = 60_000;
const PING_DEADLINE_MS = 2_000;
const START_DEADLINE_MS = 8_000;

/** A gateway over a Temporal client. Every update carries the id of its request, so that a repetition joins it. */
export function createTemporalGateway(client: Client, options: TemporalGatewayOptions): Gateway {
  const abort = new AbortController();
  // One listener a call under way.
  setMaxListeners(0, abort.signal);
  const answerWithinMs = options.answerWithinMs ?? ANSWER_WITHIN_MS;
  const newsWithinMs = Math.min(answerWithinMs, NEWS_WITHIN_MS);
  const sender = { client, options, answerWithinMs, signal: abort.signal };
  return {
    requestSync: (id, input) => send(sender, ofConnector(id, options), requestSyncUpdate, input),
    applyPlan: (id, input) => send(sender, ofConnector(id, options), applyPlanUpdate, input),
    pause: (id, input) => send(sender, ofConnector(id, options), pauseUpdate, input),
    resume: (id, input) => send(sender, ofConnector(id, options), resumeUpdate, input),
    reconfigure: (id, input) =>
      send({ ...sender, answerWithinMs: newsWithinMs }, ofConnector(id, options), reconfigureUpdate, input),
    cancelRun: (id, input) => send(sender, ofConnector(id, options), cancelRunUpdate, input),
    remove: (id, input) => send(sender, ofConnector(id, options), removeUpdate, input),
    syncUser: (id, digest, input) => send(sender, ofPerson(id, digest, options), syncUserUpdate, input),
    signalChanges: (connectorId) => signalChanges(sender, connectorId),
    startSweep: () => startSweep(sender),
    startTask: (requestId, options) => startTask(sender, requestId, options),
    ping: () => ping(client),
    close: () => {
      abort.abort();
    },
  };
}

interface Sender {
  readonly client: Client;
  readonly options: TemporalGatewayOptions;
  readonly answerWithinMs: number;
  readonly signal: AbortSignal;
}

/** A workflow that an update is for, and that the update starts where it is missing. */
interface Owner {
  readonly type: string;
  readonly workflowId: string;
  readonly args: readonly [ConnectorWorkflowInput | UserSyncInput];
  readonly staticSummary: string;
}

const tuned = ({ tuning }: TemporalGatewayOptions): { readonly tuning?: Tuning } => (tuning ? { tuning } : {});

const ofConnector = (connectorId: string, options: TemporalGatewayOptions): Owner => ({
  type: CONNECTOR_WORKFLOW,
  workflowId: connectorWorkflowId(connectorId),
  args: [{ connectorId, ...tuned(options) }],
  staticSummary: `connector ${connectorId}`,
});

const ofPerson = (connectorId: string, digest: string, options: TemporalGatewayOptions): Owner => ({
  type: USER_SYNC_WORKFLOW,
  workflowId: userWorkflowId(connectorId, digest),
  args: [{ connectorId, ...tuned(options) }],
  staticSummary: `sync of one person by connector ${connectorId}`,
});

function send<Answer, Input extends CommandInput>(
  sender: Sender,
  owner: Owner,
  update: UpdateDefinition<Answer, [Input]>,
  input: Input
): Promise<Delivery<Answer>> {
  const { options } = sender;
  return deliver({
    attempt: () => attempt(sender, owner, update, input),
    answerWithinMs: sender.answerWithinMs,
    followForMs: options.followForMs ?? FOLLOW_FOR_MS,
    signal: sender.signal,
  });
}

/** One call; null when it ended without an answer and may be repeated. */
async function attempt<Answer, Input extends CommandInput>(
  { client, options, signal }: Sender,
  { type, workflowId, args, staticSummary }: Owner,
  update: UpdateDefinition<Answer, [Input]>,
  input: Input
): Promise<{ readonly answer: Answer } | null> {
  const start: WorkflowStartOptions & { readonly workflowIdConflictPolicy: 'USE_EXISTING' } = {
    workflowId,
    taskQueue: options.taskQueue,
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [...args],
    staticSummary,
  };
  const call = (): Promise<Answer> =>
    client.withDeadline(Date.now() + CALL_DEADLINE_MS, () =>
      client.workflow.executeUpdateWithStart<Workflow, Answer, [Input]>(update, {
        args: [input],
        // Ids of updates are one space a workflow: a pause and a resume of one Idempotency-Key are two updates.
        updateId: `${update.name}:${input.requestId}`,
        startWorkflowOperation: new WithStartWorkflowOperation(type, start),
      })
    );
  try {
    return { answer: await client.withAbortSignal(signal, () => patiently(call, signal)) };
  } catch (error) {
    if (isTimeout(error)) return null;
    throw error;
  }
}

async function startTask(sender: Sender, requestId: string, { interactive }: TaskOptions = {}): Promise<void> {
  const task: TaskWorkflowInput = { requestId, ...(interactive === true && { interactive }), ...tuned(sender.options) };
  await startOnce(sender, TASK_WORKFLOW, {
    workflowId: taskWorkflowId(requestId),
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    args: [task],
  });
}

async function signalChanges({ client, options, signal }: Sender, connectorId: string): Promise<void> {
  const changes: ChangesInput = { connectorId, ...tuned(options) };
  const call = (): Promise<unknown> =>
    client.workflow.signalWithStart(CHANGES_WORKFLOW, {
      workflowId: changesWorkflowId(connectorId),
      taskQueue: options.taskQueue,
      args: [changes],
      signal: changesWaitSignal,
      staticSummary: `changes pushed to connector ${connectorId}`,
    });
  try {
    await client.withDeadline(Date.now() + START_DEADLINE_MS, () => patiently(call, signal));
  } catch (error) {
    throw translate(error);
  }
}

async function startSweep(sender: Sender): Promise<void> {
  const sweep: SweepInput = { ...tuned(sender.options) };
  await startOnce(sender, SWEEP_WORKFLOW, {
    workflowId: SWEEP_WORKFLOW_ID,
    args: [sweep],
    staticSummary: 'what a day brings: graces, holds, runs of a day',
  });
}

async function startOnce(
  { client, options, signal }: Sender,
  type: string,
  start: Omit<WorkflowStartOptions, 'taskQueue'>
): Promise<void> {
  const call = (): Promise<unknown> => client.workflow.start(type, { ...start, taskQueue: options.taskQueue });
  try {
    await client.withDeadline(Date.now() + START_DEADLINE_MS, () => patiently(call, signal));
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    throw translate(error);
  }
}

async function ping(client: Client): Promise<void> {
  try {
    await client.withDeadline(Date.now() + PING_DEADLINE_MS, () =>
      client.workflowService.describeNamespace({ namespace: client.options.namespace })
    );
  } catch (error) {
    throw translate(error);
  }
}
