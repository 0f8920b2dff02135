/** A second's worth of requests may come at once. */
interface Bucket {
  left: number;
  at: number;
}

/** Counts the requests of each connector in this process: so many a second, evenly refilled. */
export class RequestRate {
  readonly #buckets = new Map<string, Bucket>();
  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @returns 0 when the request may go on, else after how many seconds it may be asked again */
  take(connectorId: string, perSecond: number): number {
    const now = this.now();
    const bucket = this.#buckets.get(connectorId) ?? { left: perSecond, at: now };
    bucket.left = Math.min(perSecond, bucket.left + ((now - bucket.at) / 1_000) * perSecond);
    bucket.at = now;
    this.#buckets.set(connectorId, bucket);
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perSecond));
    bucket.left -= 1;
    return 0;
  }
}
