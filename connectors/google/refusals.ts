import type { CallEnd } from '../../domain/call-limiter';
import type { HttpAnswer } from '../http';
import { retryAfterMs, type Meaning } from '../httpErrors';
import { shareOf } from '../pace';
import { errorShape } from './shapes';

/** 403 is an answer to too many requests as well as to a permission that lacks: only the reason tells. */
const RATE_REASONS: ReadonlySet<string> = new Set([
  'userRateLimitExceeded',
  'rateLimitExceeded',
  'quotaExceeded',
  'dailyLimitExceeded',
  'concurrentLimitExceeded',
]);
const TOO_MANY = 429;
const BUSY = 503;
/** What Google lets one administrator ask in a minute, all programs together. */
const QUOTA = { fillRate: 2_400, intervalSeconds: 60, limit: 2_400, remaining: 2_400 };
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 64_000;

/** The reason that a refusal gives, or null. */
export function reasonOf({ json }: Pick<HttpAnswer, 'json'>): string | null {
  const said = errorShape.safeParse(json);
  return said.success ? (said.data.error.errors[0]?.reason ?? null) : null;
}

export function isRateRefusal(answer: HttpAnswer): boolean {
  return answer.status === TOO_MANY || (answer.status === 403 && RATE_REASONS.has(reasonOf(answer) ?? ''));
}

export interface GooglePace {
  readonly paceOf: (answer: HttpAnswer) => CallEnd;
  readonly meaningOf: (answer: HttpAnswer) => Meaning | null;
}

/**
 * Google names no time to wait: the wait doubles with each refusal in a row, and a part of it is chance, so that several
 * workers do not come back at once.
 * @param random a number from 0 to 1
 */
export function createGooglePace(quotaShare: number, random: () => number = Math.random): GooglePace {
  let refusals = 0;
  const waits = new WeakMap<HttpAnswer, number>();
  const waitOf = (answer: HttpAnswer): number => {
    const known = waits.get(answer);
    if (known !== undefined) return known;
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** refusals);
    refusals += 1;
    const wait = retryAfterMs(answer.headers) ?? Math.round(longest / 2 + (longest / 2) * random());
    waits.set(answer, wait);
    return wait;
  };
  return {
    paceOf: (answer) => {
      const isRefused = isRateRefusal(answer);
      if (!isRefused && answer.status < 400) refusals = 0;
      const isBlocked = isRefused || answer.status === BUSY;
      return { rate: shareOf(QUOTA, quotaShare), blockedForMs: isBlocked ? waitOf(answer) : null };
    },
    meaningOf: (answer) => {
      if (isRateRefusal(answer)) return { kind: 'rateLimited', retryAfterMs: waitOf(answer) };
      return answer.status === BUSY ? { kind: 'unavailable', retryAfterMs: waitOf(answer) } : null;
    },
  };
}
