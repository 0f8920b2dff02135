import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { FAILURES, RETRIES } from '../domain/failures';
import { BULK_QUEUE, INTERACTIVE_QUEUE } from './messages';
import type { Tuning } from './messages';

/** A worker that says nothing for this long is taken for dead (durability 2.2). */
const HEARTBEAT_TIMEOUT_MS = 30_000;
const CHUNK_TIMEOUT = '10 minutes';
/** How long one step may be tried: a source or target that is away for longer fails the run, and the next tick comes. */
const STEP_TIMEOUT = '2 hours';
/** A short step that a stopping worker took along is missed after this long; without it somebody waits for minutes. */
const SHORT_STEP_TIMEOUT = '10 seconds';

/** Activities that read, plan and apply: long, heartbeating, tried again as often as the error mapping allows. */
export function bulkActivities(tuning: Tuning | undefined): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
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
export function closingActivities(tuning: Tuning | undefined): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: BULK_QUEUE,
    startToCloseTimeout: CHUNK_TIMEOUT,
    heartbeatTimeout: tuning?.heartbeatTimeoutMs ?? HEARTBEAT_TIMEOUT_MS,
    retry: RETRIES.closing,
  });
}

/** Short steps somebody waits for: one or two calls of the store. */
export function interactiveActivities(): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: INTERACTIVE_QUEUE,
    startToCloseTimeout: SHORT_STEP_TIMEOUT,
    retry: { ...RETRIES.closing, nonRetryableErrorTypes: [...FAILURES.final] },
  });
}
