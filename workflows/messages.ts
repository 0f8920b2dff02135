import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { PlanSelection, RunTrigger } from '../domain/run';
import type { RunQueue } from '../domain/run-queue';

/** Task queues: workflows, what people wait for, and bulk work (durability 5.1). */
export const FLOW_QUEUE = 'flow';
export const INTERACTIVE_QUEUE = 'interactive';
export const BULK_QUEUE = 'bulk';

/** Sizes and times that tests shorten; production leaves them out. They travel in the input so that replay sees the same. */
export interface Tuning {
  /** Heartbeat time-out of activities, milliseconds. */
  readonly heartbeatTimeoutMs?: number;
  /** Continue as new after this many runs of the connector workflow, or batches of the apply workflow. */
  readonly continueAsNewAfter?: number;
}

/** Input of `connectorWorkflow`, id domain/ids connectorWorkflowId. `carried` is what a continue-as-new hands over. */
export interface ConnectorWorkflowInput {
  readonly connectorId: string;
  readonly tuning?: Tuning;
  readonly carried?: ConnectorCarried;
}
export interface ConnectorCarried {
  readonly queue: RunQueue;
  readonly paused: boolean;
  readonly configVersion: number | null;
  /** Workflow time of the last tick that was served (or of the start), milliseconds. */
  readonly lastFireMs: number;
}

export interface RequestSyncInput {
  readonly requestId: string;
  readonly mode: 'sync' | 'preview' | 'drift' | 'rollback' | 'handover';
  readonly trigger: RunTrigger;
  /** For mode rollback: the run that is taken back. */
  readonly ofRunId?: string;
}
export interface ApplyPlanInput {
  readonly requestId: string;
  /** The held or planned run whose stored plan is approved. */
  readonly runId: string;
  readonly hash: string;
  readonly only: PlanSelection | null;
}
export interface RunAnswer {
  readonly runId: string;
}
export interface CommandInput {
  readonly requestId: string;
}
export interface CancelRunInput extends CommandInput {
  readonly runId: string;
}
export interface ReconfigureInput extends CommandInput {
  readonly configVersion: number;
}
export interface RemoveInput extends CommandInput {
  readonly whenConnectorIsDeleted: 'release';
}

/** Types of the ApplicationFailures with which validators refuse; the API answers them with 409 or 404. */
export const REFUSED = {
  paused: 'ConnectorPaused',
  removed: 'ConnectorRemoved',
  notRunning: 'RunNotRunning',
} as const;

/** Asks for a run; during a run it is remembered once, and later requests of the same mode join it. */
export const requestSyncUpdate = defineUpdate<RunAnswer, [RequestSyncInput]>('requestSync');
export const applyPlanUpdate = defineUpdate<RunAnswer, [ApplyPlanInput]>('applyPlan');
export const pauseUpdate = defineUpdate<unknown, [CommandInput]>('pause');
export const resumeUpdate = defineUpdate<unknown, [CommandInput]>('resume');
export const reconfigureUpdate = defineUpdate<unknown, [ReconfigureInput]>('reconfigure');
export const cancelRunUpdate = defineUpdate<unknown, [CancelRunInput]>('cancelRun');
export const removeUpdate = defineUpdate<unknown, [RemoveInput]>('remove');

export interface ConnectorView {
  readonly paused: boolean;
  readonly runningRunId: string | null;
  readonly queuedRunIds: readonly string[];
  readonly nextFireMs: number | null;
}
export const connectorViewQuery = defineQuery<ConnectorView>('connectorView');

export interface TaskWorkflowInput {
  readonly requestId: string;
  /** Somebody waits for a short answer: the task goes before the bulk work. */
  readonly interactive?: true;
  readonly tuning?: Tuning;
}
/** Input of `userSyncWorkflow`, id domain/ids userWorkflowId. Who the person is stands in the requests alone (durability 5.3). */
export interface UserSyncInput {
  readonly connectorId: string;
  readonly tuning?: Tuning;
}
export interface UserSyncAnswer {
  /** An outcome, or `refused`: the request has the words. */
  readonly end: string;
}
/** Syncs the person of a stored request; several wait for each other. */
export const syncUserUpdate = defineUpdate<UserSyncAnswer, [CommandInput]>('syncUser');

/** Input of `sweepWorkflow`, of which there is one (domain/ids SWEEP_WORKFLOW_ID). */
export interface SweepInput {
  /** Milliseconds between two rounds. @default a minute */
  readonly everyMs?: number;
  readonly tuning?: Tuning;
}
/** Asks for a round at once. */
export const sweepNowUpdate = defineUpdate<SweepAnswer, [CommandInput]>('sweepNow');
export interface SweepAnswer {
  /** People whose grace was over, holds that expired, runs of a day that were closed. */
  readonly people: number;
  readonly holds: number;
  readonly dayRuns: number;
}
/** Input of `changesWorkflow`, id domain/ids changesWorkflowId. */
export interface ChangesInput {
  readonly connectorId: string;
  readonly tuning?: Tuning;
}
/** Something pushed has to be carried by a run; one that waits already is enough. */
export const syncWantedSignal = defineSignal('syncWanted');
/** Something waits to be carried; what it is lies in the store. */
export const changesWaitSignal = defineSignal('changesWait');
export const CHANGES_WORKFLOW = 'changesWorkflow';
export const USER_SYNC_WORKFLOW = 'userSyncWorkflow';
export const SWEEP_WORKFLOW = 'sweepWorkflow';
export const CONNECTOR_WORKFLOW = 'connectorWorkflow';
export const TASK_WORKFLOW = 'taskWorkflow';
