import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { FAILURES, RETRIES } from '../domain/failures';
import { BULK_QUEUE, INTERACTIVE_QUEUE } from './messages';
import type { Tuning } from './messages';
import { SUMMARIES, summaryOf } from './summaries';
import type { ActivityName } from './summaries';

/** The activities as workflows call them. */
export type Steps = {
  readonly [Name in ActivityName]: (...args: Parameters<Activities[Name]>) => ReturnType<Activities[Name]>;
};

/** A worker that says nothing for this long is taken for dead (durability 2.2). */
const HEARTBEAT_TIMEOUT_MS = 30_000;
const CHUNK_TIMEOUT = '10 minutes';
/** How long one step may be tried: a source or target that is away for longer fails the run, and the next tick comes. */
const STEP_TIMEOUT = '2 hours';
/** A short step that a stopping worker took along is missed after this long; without it somebody waits for minutes. */
const SHORT_STEP_TIMEOUT = '10 seconds';
const PERSON_TIMEOUT = '10 minutes';
const PERSON_HEARTBEAT_MS = 10_000;

/** Activities that read, plan and apply: long, heartbeating, tried again as often as the error mapping allows. */
export function bulkActivities(tuning: Tuning | undefined): Steps {
  return summarizedActivities({
    taskQueue: BULK_QUEUE,
    startToCloseTimeout: CHUNK_TIMEOUT,
    scheduleToCloseTimeout: STEP_TIMEOUT,
    heartbeatTimeout: tuning?.heartbeatTimeoutMs ?? HEARTBEAT_TIMEOUT_MS,
    retry: RETRIES.bulk,
    // A cancelled batch still answers: what it had begun is finished and told.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
}

/** Closing a run must not give up before the store is back: it is tried until it succeeds. */
export function closingActivities(tuning: Tuning | undefined): Steps {
  return summarizedActivities({
    taskQueue: BULK_QUEUE,
    startToCloseTimeout: CHUNK_TIMEOUT,
    heartbeatTimeout: tuning?.heartbeatTimeoutMs ?? HEARTBEAT_TIMEOUT_MS,
    retry: RETRIES.closing,
  });
}

/** Short steps somebody waits for: one or two calls of the store. */
export function interactiveActivities(): Steps {
  return summarizedActivities({
    taskQueue: INTERACTIVE_QUEUE,
    startToCloseTimeout: SHORT_STEP_TIMEOUT,
    retry: { ...RETRIES.closing, nonRetryableErrorTypes: [...FAILURES.final] },
  });
}

/** The sync of one person: somebody waits, so a dead worker is missed soon; after ten minutes the request has failed. */
export function personActivities(tuning: Tuning | undefined): Steps {
  return summarizedActivities({
    taskQueue: INTERACTIVE_QUEUE,
    startToCloseTimeout: PERSON_TIMEOUT,
    scheduleToCloseTimeout: PERSON_TIMEOUT,
    heartbeatTimeout: tuning?.heartbeatTimeoutMs ?? PERSON_HEARTBEAT_MS,
    retry: { ...RETRIES.closing, nonRetryableErrorTypes: [...FAILURES.final] },
  });
}

/** A round of carrying what was pushed: tried for ever, ever more slowly, since nothing of it may be lost. */
export function changesStep(tuning: Tuning | undefined): Steps {
  return summarizedActivities({
    taskQueue: INTERACTIVE_QUEUE,
    startToCloseTimeout: CHUNK_TIMEOUT,
    heartbeatTimeout: tuning?.heartbeatTimeoutMs ?? PERSON_HEARTBEAT_MS,
    retry: { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 60_000 },
  });
}

/** One round of the sweep; what it did not reach the next round finds. */
export function sweepingActivities(tuning: Tuning | undefined): Steps {
  return summarizedActivities({
    taskQueue: BULK_QUEUE,
    startToCloseTimeout: CHUNK_TIMEOUT,
    scheduleToCloseTimeout: STEP_TIMEOUT,
    heartbeatTimeout: tuning?.heartbeatTimeoutMs ?? HEARTBEAT_TIMEOUT_MS,
    retry: RETRIES.bulk,
  });
}

/** Proxies of all activities whose calls say in the history what they are about (summaries.ts). */
function summarizedActivities(options: ActivityOptions): Steps {
  const proxies = proxyActivities<Record<ActivityName, (...args: unknown[]) => Promise<unknown>>>(options);
  const names = Object.keys(SUMMARIES) as ActivityName[];
  const call =
    (name: ActivityName) =>
    (...args: unknown[]): Promise<unknown> =>
      proxies[name].executeWithOptions({ summary: summaryOf(name, args[0]) }, args);
  return Object.fromEntries(names.map((name) => [name, call(name)])) as unknown as Steps;
}
