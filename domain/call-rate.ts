import type { SeenRate } from './call-limiter';

/** A stretch of time and how many requests may start in it. Windows follow each other without a gap, the same for all processes. */
export interface RateWindow {
  /** Seconds since the epoch at which it begins. */
  readonly start: number;
  readonly seconds: number;
  readonly capacity: number;
}

/** What is asked for of the fill rate at most: clocks differ, and the bucket has to fill up again. */
const MOST_SHARE = 0.99;
/** Of the bucket: with no more than this left, requests that are on their way could be one too many. */
const LOW_SHARE = 0.2;
/** A window has about so many requests: in shorter ones rounding would cost a part of the rate. */
const WINDOW_REQUESTS = 50;
/** Of the bucket's stock: how far behind its time a grant may still be used, so that a late start is no burst. */
const LATE_SHARE = 0.25;
const LEAST_SHARE = 0.5;
/** After a second refusal for the rate within a minute, and after a minute without one. */
const BACK_OFF = 0.9;
const RECOVER = 1.05;
const RECOVER_AFTER_MS = 60_000;
/** What people who wait have to themselves (durability 5.1). */
const INTERACTIVE_SHARE = 0.2;
/** Grants taken at once, so that not every request costs a call of the store. */
const LEASE_SHARE = 0.1;

/** Whether the other side lets nobody through at all: only its administrator can end that. */
export const isBlocked = ({ limit, fillRate }: SeenRate): boolean => limit === 0 || fillRate === 0;

/**
 * The window at a moment. Where it begins depends on the rate alone, so that all processes count in the same one.
 * @param share of the fill rate, from 0 to 1
 */
export function windowAt(rate: SeenRate, share: number, nowMs: number): RateWindow {
  const perSecond = rate.fillRate / rate.intervalSeconds;
  const seconds = Math.max(1, Math.ceil(WINDOW_REQUESTS / perSecond));
  const start = Math.floor(nowMs / 1_000 / seconds) * seconds;
  return { start, seconds, capacity: Math.floor(perSecond * seconds * share) };
}

/** Milliseconds between two requests at the full rate. */
export const spacingMs = ({ fillRate, intervalSeconds }: SeenRate): number => (intervalSeconds * 1_000) / fillRate;

/** The first grant of a window that is not void at a moment: earlier ones went by while nobody had use for them. */
export function firstGrantAt(window: RateWindow, rate: SeenRate, nowMs: number): number {
  const late = Math.max(1, Math.floor(rate.limit * LATE_SHARE));
  const passed = Math.floor(((nowMs - window.start * 1_000) * window.capacity) / (window.seconds * 1_000)) + 1;
  return Math.max(1, passed - late);
}

export const nextWindow = (window: RateWindow): RateWindow => ({ ...window, start: window.start + window.seconds });

/** When the n-th grant of a window may start, milliseconds since the epoch; n counts from 1. */
export function grantTime({ start, seconds, capacity }: RateWindow, n: number): number {
  return Math.ceil(start * 1_000 + ((n - 1) * seconds * 1_000) / capacity);
}

/** How many grants are taken from the store at once: a tenth of a second's. */
export const leaseSize = ({ capacity, seconds }: RateWindow): number =>
  Math.max(1, Math.floor((capacity / seconds) * LEASE_SHARE));

/**
 * How many requests of people who wait may start in a window without waiting themselves: a fifth, but no more than half
 * of the bucket, whose stock they take.
 */
export const interactiveCapacity = ({ capacity }: RateWindow, { limit }: SeenRate): number =>
  Math.max(1, Math.floor(Math.min(capacity * INTERACTIVE_SHARE, limit / 2)));

/** What is left for everything else: less by what people who waited took in the window before, of the bucket's stock. */
export const remainingCapacity = ({ capacity }: RateWindow, takenBefore: number): number =>
  Math.max(0, capacity - takenBefore);

/** How much of the seen rate is used: less after refusals, slowly more again. */
export interface RateShare {
  readonly share: number;
  /** Milliseconds since the epoch of the last change. */
  readonly since: number;
  /** The same of the last refusal. */
  readonly refusedAt: number;
}
export const FULL_SHARE: RateShare = { share: MOST_SHARE, since: 0, refusedAt: Number.NEGATIVE_INFINITY };

/**
 * A refusal after a minute without one is chance: the pause it asks for is enough. Another one within the minute says that
 * somebody else takes of the same rate.
 * @param blockedUntilMs of an earlier refusal: those that come before it is over belong to the same burst
 */
export function afterRefusal(current: RateShare, nowMs: number, blockedUntilMs = 0): RateShare {
  if (nowMs < blockedUntilMs) return current;
  if (nowMs - current.refusedAt > RECOVER_AFTER_MS) return { ...current, refusedAt: nowMs };
  return { share: Math.max(LEAST_SHARE, current.share * BACK_OFF), since: nowMs, refusedAt: nowMs };
}

export function recovered(current: RateShare, nowMs: number): RateShare {
  if (current.share >= MOST_SHARE || nowMs - current.since < RECOVER_AFTER_MS) return current;
  return { ...current, share: Math.min(MOST_SHARE, current.share * RECOVER), since: nowMs };
}

/** Whether so little is left in the bucket that the next request had better wait until one more has come back. */
export const isLow = ({ limit, remaining }: SeenRate): boolean => remaining <= Math.floor(limit * LOW_SHARE);
