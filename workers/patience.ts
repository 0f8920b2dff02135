import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** How long to try again, milliseconds. */
  readonly limitMs: number;
  readonly pauseMs: number;
  /** Told before each pause. */
  readonly onFailure: (error: unknown, leftMs: number) => void;
}

/**
 * Repeats a step that may be asked for too early, such as a connection to a server that is still starting.
 * @throws what the last try threw
 */
export async function patiently<T>(step: () => Promise<T>, { limitMs, pauseMs, onFailure }: Patience): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await step();
    } catch (error) {
      const leftMs = deadline - performance.now() - pauseMs;
      if (leftMs <= 0) throw error;
      onFailure(error, leftMs);
      await sleep(pauseMs);
    }
  }
}
