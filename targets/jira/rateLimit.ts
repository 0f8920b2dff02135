import type { SeenRate } from '../../domain/call-limiter';
import type { Answer } from './answer';

/** Longer waits are no throttling: "block all" answers with 2^63 - 1 seconds. */
const LONGEST_WAIT_MS = 3_600_000;
const SHORTEST_WAIT_MS = 100;
const MOST_JITTER_MS = 5_000;
/** How long nobody asks once "block all" was seen: lifting it shows soon, and a blocked Jira is not knocked at. */
export const BLOCKED_PAUSE_MS = 60_000;
/** Without headers: the slowest refill seen in the wild, one request a second. */
const DEFAULT_SPACING_MS = 1_000;

/**
 * Jira's own limiter, which counts per user and per node, as its headers show it.
 * Null when it is off, the account is exempt, or Jira is older than 8.6.
 */
export function rateHeaders(headers: Answer['headers']): SeenRate | null {
  const limit = count(headers['x-ratelimit-limit']);
  const intervalSeconds = count(headers['x-ratelimit-interval-seconds']);
  const fillRate = count(headers['x-ratelimit-fillrate']);
  const remaining = count(headers['x-ratelimit-remaining']);
  if (limit === null || remaining === null || intervalSeconds === null || fillRate === null) return null;
  return { limit, remaining, intervalSeconds, fillRate };
}

/**
 * Milliseconds to wait after a 429: what Retry-After asks, at least the time in which one request comes back
 * (Jira sends Retry-After: 0 with it), plus a jitter of at most that time again and five seconds.
 * 'blocked' when the account may send nothing at all.
 * @param jitter from 0 (included) to 1 (excluded)
 */
export function waitAfterRefusal(headers: Answer['headers'], jitter: number): number | 'blocked' {
  const rate = rateHeaders(headers);
  const spacing = rate === null ? DEFAULT_SPACING_MS : (1_000 * rate.intervalSeconds) / rate.fillRate;
  const wait = Math.max(retryAfterMs(headers) ?? 0, Number.isNaN(spacing) ? 0 : spacing, SHORTEST_WAIT_MS);
  // Behind a proxy the headers may be absent: the time alone tells as well.
  if (wait > LONGEST_WAIT_MS || count(headers['x-ratelimit-limit']) === 0) return 'blocked';
  return Math.round(wait + jitter * Math.min(wait, MOST_JITTER_MS));
}

/** Retry-After in milliseconds, as seconds or as a date (compared with the server's own clock); null without a usable one. */
export function retryAfterMs(headers: Answer['headers']): number | null {
  const value = headers['retry-after'];
  if (value === undefined) return null;
  const seconds = count(value);
  if (seconds !== null) return seconds * 1_000;
  const wait = Date.parse(value) - Date.parse(headers.date ?? '');
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

function count(value: string | undefined): number | null {
  return value !== undefined && /^\d+$/.test(value.trim()) ? Number(value) : null;
}
