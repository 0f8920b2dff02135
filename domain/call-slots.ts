/** Who asks: `interactive` calls are those somebody waits for (durability 5.1). */
export type CallPriority = 'interactive' | 'bulk';

/** For so long after a call that somebody waited for, a slot is kept for the next one. */
export const RESERVED_FOR_MS = 10 * 60_000;

/**
 * The slots a priority may use, by number: the first one is kept for people who wait, where there is more than one.
 * @param reserved somebody waited for a call lately; otherwise bulk work uses every slot, and the next to come free goes
 * to whoever comes to wait
 */
export function slotsFor(priority: CallPriority, concurrency: number, reserved: boolean): readonly number[] {
  const all = Array.from({ length: concurrency }, (_, slot) => slot);
  return priority === 'bulk' && reserved && concurrency > 1 ? all.slice(1) : all;
}

/**
 * How many slots one of several processes keeps while others wait: an equal share, rounded up, so that none lies idle.
 * @param others processes that wait for a slot they do not get
 */
export function fairShare(concurrency: number, others: number): number {
  return Math.max(1, Math.ceil(concurrency / (others + 1)));
}
