import type { CallEnd, SeenRate } from '../domain/call-limiter';
import type { HttpAnswer } from './http';
import { retryAfterMs } from './httpErrors';

/** After a refusal that names no time. */
const DEFAULT_PAUSE_MS = 5_000;

/** The share of a provider's limits that Rollcall uses where the source does not say, per cent. */
export const DEFAULT_QUOTA_SHARE = 50;

/** How long everybody waits after an answer: it was refused for the rate, or the service is busy and says until when. */
export function pauseAfter(answer: Pick<HttpAnswer, 'status' | 'headers'>): number | null {
  const wait = retryAfterMs(answer.headers);
  if (answer.status === 429) return wait ?? DEFAULT_PAUSE_MS;
  return answer.status === 503 || answer.status === 504 ? wait : null;
}

/** What an answer of a service without headers about its limits tells. */
export function paceOfStatus(answer: HttpAnswer): CallEnd {
  return { rate: null, blockedForMs: pauseAfter(answer) };
}

/**
 * The part of a limit that Rollcall keeps to; the rest is left to other programs of the tenant.
 * @param percent of the limit, 1 to 100
 */
export function shareOf(rate: SeenRate, percent: number): SeenRate {
  const share = percent / 100;
  const limit = Math.max(1, Math.floor(rate.limit * share));
  const left = rate.remaining - (rate.limit - limit);
  return { ...rate, fillRate: rate.fillRate * share, limit, remaining: Math.min(limit, Math.max(0, left)) };
}
