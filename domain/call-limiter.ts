/** What an answer showed of the other side's own limiter. */
export interface SeenRate {
  /** Tokens that come back per interval; 0 when the other side lets nobody through. */
  readonly fillRate: number;
  readonly intervalSeconds: number;
  /** Size of the bucket. */
  readonly limit: number;
  readonly remaining: number;
}

/** The end of one call: what it showed, and how long everybody has to wait where it was refused for its rate. */
export interface CallEnd {
  /** Null where the answer had no such headers, or none came. */
  readonly rate: SeenRate | null;
  /** Milliseconds for which nobody may call; null unless the call was refused for its rate. */
  readonly blockedForMs: number | null;
}

/** Permission for one request. `end` is called once, whatever became of the request. */
export interface CallPermit {
  end(end: CallEnd): void;
}

/**
 * Keeps the requests of all workers to one connection under its concurrency and its rate (durability 5.6).
 * @throws CallsDelayed when no request may start soon; the signal's reason when it is aborted
 */
export interface CallLimiter {
  /** @param cost in the unit of the other side's limit. @default 1 */
  take(signal: AbortSignal, cost?: number): Promise<CallPermit>;
}

/** No request may start within the time a caller can wait: come back after `retryAfterMs`. */
export class CallsDelayed extends Error {
  override readonly name = 'CallsDelayed';
  constructor(readonly retryAfterMs: number) {
    super(`no call may start for ${Math.ceil(retryAfterMs / 1_000)} s`);
  }
}
