import pLimit from 'p-limit';
import { CallsDelayed, type CallEnd, type CallLimiter, type CallPermit } from '../domain/call-limiter';
import { ProviderError } from './errors';
import type { HttpAnswer, HttpCall } from './http';
import { paceOfStatus } from './pace';

/** What a request to `service` needs to start. */
interface Waiting {
  readonly call: HttpCall;
  readonly signal: AbortSignal;
}

/**
 * Sends when it is the request's turn.
 * @throws ProviderError rateLimited when its turn does not come soon; the signal's reason when it is aborted before
 */
export type HttpPermits = (waiting: Waiting, send: () => Promise<HttpAnswer>) => Promise<HttpAnswer>;

/** At most `concurrency` requests of this client at one moment. */
export function ownPermits(concurrency: number): HttpPermits {
  const slots = pLimit(concurrency);
  return ({ signal }, send) =>
    slots(() => {
      signal.throwIfAborted();
      return send();
    });
}

export interface SharedPermits {
  readonly service: string;
  /** Counts the requests of all workers to the connection (durability 5.6). */
  readonly limiter: CallLimiter;
  /** What an answer tells about the limits of the service. @default its status and Retry-After */
  readonly paceOf?: ((answer: HttpAnswer) => CallEnd) | undefined;
}

/** As many as the limiter lets through. */
export function sharedPermits({ service, limiter, paceOf = paceOfStatus }: SharedPermits): HttpPermits {
  return async ({ call, signal }, send) => {
    const permit = await permitFor(service, limiter, { call, signal });
    let end: CallEnd = NOTHING_SEEN;
    try {
      signal.throwIfAborted();
      const answer = await send();
      end = paceOf(answer);
      return answer;
    } finally {
      permit.end(end);
    }
  };
}

const NOTHING_SEEN: CallEnd = { rate: null, blockedForMs: null };

async function permitFor(service: string, limiter: CallLimiter, { call, signal }: Waiting): Promise<CallPermit> {
  try {
    return await limiter.take(signal, call.cost);
  } catch (error) {
    if (!(error instanceof CallsDelayed)) throw error;
    const text = `${service}: ${call.step}: not sent, since no request may start now`;
    throw new ProviderError('rateLimited', text, error.retryAfterMs);
  }
}
