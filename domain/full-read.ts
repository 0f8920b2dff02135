import type { FullRead } from './settings';

const HOUR_MS = 3_600_000;
/** A little less than the time itself, so that a schedule of the same time never waits for another turn. */
const HOURS: Readonly<Record<FullRead, number>> = { daily: 23, weekly: 6 * 24 + 23, monthly: 29 * 24 + 23 };

/**
 * Whether everything is to be read again, though the source could tell what changed: what it tells may be late or lack
 * something, and a full read heals that.
 * @param lastAt ISO time of the last full read
 * @param now ISO time
 */
export function isFullReadDue(lastAt: string, now: string, every: FullRead): boolean {
  return Date.parse(now) - Date.parse(lastAt) >= HOURS[every] * HOUR_MS;
}
