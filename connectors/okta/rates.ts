import type { CallEnd } from '../../domain/call-limiter';
import type { HttpAnswer } from '../http';
import type { Meaning } from '../httpErrors';
import { shareOf } from '../pace';

/** Every bucket of Okta is filled anew once a minute. */
const WINDOW_SECONDS = 60;
const MS_PER_SECOND = 1_000;
/** A window may end at once while the clocks tell it apart by a second. */
const MARGIN_MS = 1_000;
/** After a refusal for requests that were open at once, the end that Okta names is a guess. */
const CONCURRENCY_WAIT_MS = 2_000;
/** No window is longer: a wait beyond it is a clock that is wrong. */
const LONGEST_WAIT_MS = 2 * WINDOW_SECONDS * MS_PER_SECOND;
const TOO_MANY = 429;

/** What an answer tells about the limits: its bucket, of which the connector keeps to its share; after a 429 the wait. */
export function oktaPace(answer: HttpAnswer, quotaShare: number): CallEnd {
  const limit = numberIn(answer, 'x-rate-limit-limit');
  const remaining = numberIn(answer, 'x-rate-limit-remaining');
  const seen = { fillRate: limit ?? 0, intervalSeconds: WINDOW_SECONDS, limit: limit ?? 0, remaining: remaining ?? 0 };
  return {
    rate: limit === null || remaining === null || limit === 0 ? null : shareOf(seen, quotaShare),
    blockedForMs: answer.status === TOO_MANY ? waitOf(answer) : null,
  };
}

/** A 429 says when its window ends in seconds of Okta's own clock, not how long to wait. */
export function oktaMeaning(answer: HttpAnswer): Meaning | null {
  return answer.status === TOO_MANY ? { kind: 'rateLimited', retryAfterMs: waitOf(answer) } : null;
}

function waitOf(answer: HttpAnswer): number {
  if (numberIn(answer, 'x-rate-limit-limit') === 0) return CONCURRENCY_WAIT_MS;
  const reset = numberIn(answer, 'x-rate-limit-reset');
  const now = Date.parse(answer.headers['date'] ?? '');
  if (reset === null || Number.isNaN(now)) return WINDOW_SECONDS * MS_PER_SECOND;
  return Math.min(Math.max(0, reset * MS_PER_SECOND - now) + MARGIN_MS, LONGEST_WAIT_MS);
}

function numberIn({ headers }: HttpAnswer, name: string): number | null {
  const text = headers[name];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
