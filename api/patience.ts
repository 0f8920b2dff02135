import { setTimeout as sleep } from 'node:timers/promises';
import { TemporalUnavailable, WorkflowBusy } from './gateway-errors';
import { isTimeout, translate } from './temporal-errors';

/** Pauses before each further try, milliseconds. A caller waits for all of them, so they are few. */
const PAUSES_WHEN_AWAY_MS = [100, 300, 900];
const PAUSES_WHEN_BUSY_MS = [300];

function pausesAfter(error: unknown): readonly number[] {
  if (error instanceof TemporalUnavailable) return PAUSES_WHEN_AWAY_MS;
  return error instanceof WorkflowBusy ? PAUSES_WHEN_BUSY_MS : [];
}

/**
 * Calls Temporal, again for a moment while it is away or busy. The call must be idempotent. (The client's own retries would
 * keep a caller waiting for half a minute, and go on after its connection was closed.)
 * @throws the last error, translated (gateway-errors.ts); an unanswered call as it is
 */
export async function patiently<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await call();
    } catch (error) {
      if (isTimeout(error)) throw error;
      const translated = translate(error);
      const pause = pausesAfter(translated)[tried];
      if (pause === undefined || signal.aborted) throw translated;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
