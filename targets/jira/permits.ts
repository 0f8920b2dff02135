import pLimit from 'p-limit';
import { CallsDelayed, type CallEnd, type CallLimiter, type CallPermit } from '../../domain/call-limiter';
import { TargetError } from '../target';
import type { Answer } from './answer';
import { BLOCKED_PAUSE_MS, rateHeaders, waitAfterRefusal } from './rateLimit';

/** One request that waits for its turn. */
export interface Waiting {
  /** As error messages name it. */
  readonly step: string;
  /** From 0 (included) to 1 (excluded), drawn for this request. */
  readonly jitter: number;
  readonly signal: AbortSignal;
}

/**
 * Sends when it is the request's turn, and answers what came.
 * @throws TargetError 'rateLimited' when its turn does not come soon; the signal's reason when it is aborted before
 */
export type Permits = (waiting: Waiting, send: () => Promise<Answer>) => Promise<Answer>;

/** At most `concurrency` requests of this client at one moment. */
export function ownPermits(concurrency: number): Permits {
  const slots = pLimit(concurrency);
  return ({ signal }, send) =>
    slots(() => {
      signal.throwIfAborted();
      return send();
    });
}

/** As many as the limiter lets through, which counts the requests of other clients and processes too. */
export function limitedPermits(limiter: CallLimiter): Permits {
  return async (waiting, send) => {
    const permit = await permitFor(limiter, waiting);
    let end: CallEnd = NOTHING_SEEN;
    try {
      waiting.signal.throwIfAborted();
      const answer = await send();
      end = endOf(answer, waiting.jitter);
      return answer;
    } finally {
      permit.end(end);
    }
  };
}

const NOTHING_SEEN: CallEnd = { rate: null, blockedForMs: null };

async function permitFor(limiter: CallLimiter, { step, signal }: Waiting): Promise<CallPermit> {
  try {
    return await limiter.take(signal);
  } catch (error) {
    if (!(error instanceof CallsDelayed)) throw error;
    const text = `${step}: not sent, since no request to this Jira may start now`;
    throw new TargetError('rateLimited', text, null, error.retryAfterMs);
  }
}

/** What an answer tells about the rate; a pause that only an administrator ends is cut to the time after which to ask again. */
function endOf(answer: Answer, jitter: number): CallEnd {
  const rate = rateHeaders(answer.headers);
  if (answer.status !== 429) return { rate, blockedForMs: null };
  const wait = waitAfterRefusal(answer.headers, jitter);
  return { rate, blockedForMs: wait === 'blocked' ? BLOCKED_PAUSE_MS : wait };
}
