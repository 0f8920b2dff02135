import { Context } from '@temporalio/activity';

/** How long one chunk activity works before it hands back its cursor. */
const CHUNK_MS = 20_000;
const HEARTBEAT_INTERVAL_MS = 1_000;

/** The signal that every outgoing call of an activity carries. */
export const cancellation = (): AbortSignal => Context.current().cancellationSignal;

/** What an earlier attempt of this activity had reached, or null. */
export function resumed(): unknown {
  return Context.current().info.heartbeatDetails ?? null;
}

/** Reports how far the activity is; thrown away by a cancellation, which it throws. */
export function heartbeat(details?: unknown): void {
  const context = Context.current();
  context.heartbeat(details);
  if (context.cancellationSignal.aborted) context.cancellationSignal.throwIfAborted();
}

/** True when a chunk has worked long enough to hand over to the next activity. */
export function chunkClock(): () => boolean {
  const start = performance.now();
  return () => performance.now() - start > CHUNK_MS;
}

/** Heartbeats while `work` runs, for single steps that may take longer than the heartbeat time-out. */
export async function whileHeartbeating<T>(work: () => Promise<T>, details?: () => unknown): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => {
    context.heartbeat(details?.());
  }, HEARTBEAT_INTERVAL_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Waits within a step that heartbeats by itself. @throws CancelledFailure */
export async function wait(ms: number): Promise<void> {
  await Context.current().sleep(ms);
}
