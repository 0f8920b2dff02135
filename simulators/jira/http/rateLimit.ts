import type { RateLimitOptions } from '../options';
import { html, type Answer, type Headers } from './answer';
import { RATE_LIMIT_PAGE } from './html';

export interface LimitVerdict {
  /** On every answer to an authenticated request while limiting is on. */
  readonly headers: Headers;
  readonly refusal?: Answer;
}

export interface RateLimiter {
  readonly take: (username: string, node: number) => LimitVerdict;
  readonly reset: () => void;
}

/** What an administrator's "block all requests" shows: the largest signed 64-bit number. */
const RETRY_NEVER = '9223372036854775807';

interface Bucket {
  tokens: number;
  refilledMs: number;
}

/**
 * One token bucket a user and node, filled by a batch at the end of each interval. Retry-After is rounded down to whole seconds,
 * so that with short intervals a refusal says 0, as real ones do.
 */
export function createRateLimiter(options: RateLimitOptions | undefined, now: () => number): RateLimiter {
  const buckets = new Map<string, Bucket>();
  return {
    take: (username, node) =>
      options === undefined || options.exempt?.includes(username) === true
        ? { headers: {} }
        : takeToken(options, bucketOf(buckets, `${node} ${username}`, options, now()), now()),
    reset: () => {
      buckets.clear();
    },
  };
}

function bucketOf(buckets: Map<string, Bucket>, owner: string, options: RateLimitOptions, nowMs: number): Bucket {
  const bucket = buckets.get(owner) ?? { tokens: options.limit, refilledMs: nowMs };
  buckets.set(owner, bucket);
  const intervalMs = options.intervalSeconds * 1000;
  const intervals = Math.floor((nowMs - bucket.refilledMs) / intervalMs);
  if (intervals > 0) {
    bucket.tokens = Math.min(options.limit, bucket.tokens + intervals * options.fillRate);
    bucket.refilledMs += intervals * intervalMs;
  }
  return bucket;
}

function takeToken(options: RateLimitOptions, bucket: Bucket, nowMs: number): LimitVerdict {
  const granted = bucket.tokens > 0;
  if (granted) bucket.tokens -= 1;
  const headers = {
    'X-RateLimit-Limit': String(options.limit),
    'X-RateLimit-Remaining': String(bucket.tokens),
    'X-RateLimit-Interval-Seconds': String(options.intervalSeconds),
    'X-RateLimit-FillRate': String(options.fillRate),
    'retry-after': bucket.tokens > 0 ? '0' : retryAfter(options, bucket, nowMs),
  };
  return granted ? { headers } : { headers, refusal: html(429, RATE_LIMIT_PAGE) };
}

function retryAfter(options: RateLimitOptions, bucket: Bucket, nowMs: number): string {
  if (options.limit === 0 || options.fillRate === 0) return RETRY_NEVER;
  const nextMs = bucket.refilledMs + options.intervalSeconds * 1000;
  return String(Math.max(0, Math.floor((nextMs - nowMs) / 1000)));
}
