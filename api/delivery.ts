import { setTimeout as sleep } from 'node:timers/promises';
import { TemporalUnavailable, WorkflowBusy } from './gateway-errors';

/** Nobody answered an update for as long as it is followed. */
export class UpdateUnanswered extends Error {
  override readonly name = 'UpdateUnanswered';
}

/**
 * An update that was answered in time, or one that is followed on: `settled` ends with the answer, with null when this
 * process stops before it came, or with the error that ended it (UpdateUnanswered when the time was over).
 */
export type Delivery<T> =
  | { readonly status: 'done'; readonly answer: T }
  | { readonly status: 'later'; readonly settled: Promise<{ readonly answer: T } | null> };

export interface DeliverOptions<T> {
  /** One try; null means unanswered, and it is tried again: it must be idempotent. */
  readonly attempt: () => Promise<{ readonly answer: T } | null>;
  readonly answerWithinMs: number;
  readonly followForMs: number;
  readonly signal: AbortSignal;
}

/** Between two tries of an unanswered update. */
const PAUSE_MS = 1_000;

/**
 * Waits for an update as long as a caller can be kept waiting, and goes on following it in the background.
 * @throws what `attempt` throws within that time
 */
export async function deliver<T>(options: DeliverOptions<T>): Promise<Delivery<T>> {
  const settled = follow(options);
  // Nobody may be listening any more when it ends.
  settled.catch(() => undefined);
  const timer = new AbortController();
  const timeUp = sleep(options.answerWithinMs, 'later' as const, { signal: timer.signal }).catch(
    () => 'later' as const
  );
  try {
    const first = await Promise.race([settled, timeUp]);
    if (first === 'later' || first === null) return { status: 'later', settled };
    return { status: 'done', answer: first.answer };
  } finally {
    timer.abort();
  }
}

async function follow<T>(options: DeliverOptions<T>): Promise<{ readonly answer: T } | null> {
  const { attempt, answerWithinMs, followForMs, signal } = options;
  const start = performance.now();
  const passed = (): number => performance.now() - start;
  while (!signal.aborted && passed() < followForMs) {
    try {
      const outcome = await attempt();
      if (outcome !== null) return outcome;
    } catch (error) {
      // Once the caller was told "later", only an answer of the workflow itself may end it.
      if (passed() < answerWithinMs || !isPassing(error)) throw error;
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
  if (signal.aborted) return null;
  throw new UpdateUnanswered('no worker answered; look whether one is running, then ask again');
}

const isPassing = (error: unknown): boolean => error instanceof TemporalUnavailable || error instanceof WorkflowBusy;
