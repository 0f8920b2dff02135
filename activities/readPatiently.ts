import { TargetError } from '../targets/target';
import { wait } from './progress';

/** Tries for a read whose answer is lost; each waits twice as long as the one before. */
const TRIES = 6;
const FIRST_PAUSE_MS = 200;
/** Longer, and the step is handed back to Temporal, which waits without a worker. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * One of many reads of a step that must not begin again because one answer was lost or came too early: waits as long as
 * the target asks, and repeats. For reads only; the step heartbeats meanwhile.
 * @throws TargetError when the tries are used up, or for a wait of more than a minute
 */
export async function readPatiently<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      const pause = pauseAfter(error, attempt);
      if (pause === null) throw error;
      await wait(pause);
    }
  }
}

/** Milliseconds to wait before the next try, or null where there is none. */
export function pauseAfter(error: unknown, attempt: number): number | null {
  if (!(error instanceof TargetError)) return null;
  const pause = error.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (attempt - 1);
  if (pause > LONGEST_PAUSE_MS) return null;
  if (error.kind === 'rateLimited') return pause;
  return error.kind === 'ambiguous' && attempt < TRIES ? pause : null;
}
