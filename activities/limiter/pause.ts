import { setTimeout as sleep } from 'node:timers/promises';
import { CallsDelayed } from '../../domain/call-limiter';

/** Waits until a moment of the wall clock. @throws CallsDelayed when that is after the deadline; the signal's reason */
export async function pauseUntil(atMs: number, deadlineMs: number, signal: AbortSignal): Promise<void> {
  const wait = atMs - Date.now();
  if (wait <= 0) return;
  if (atMs > deadlineMs) throw new CallsDelayed(wait);
  try {
    await sleep(wait, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
