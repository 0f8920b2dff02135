/** Windows of a minute that begin with the first request of each, not with the minute of the clock. */
const WINDOW_MS = 60_000;
const MS_PER_SECOND = 1_000;

export type RateHeaders = Readonly<
  Record<'X-Rate-Limit-Limit' | 'X-Rate-Limit-Remaining' | 'X-Rate-Limit-Reset', string>
>;

export interface Permit {
  readonly isGranted: boolean;
  readonly headers: RateHeaders;
}

export interface RateLimiter {
  /** Counts a request of a bucket; refused ones count too. */
  readonly take: (bucket: string) => Permit;
  /** What a refusal says that names `resetSeconds` from now as the end. */
  readonly refused: (kind: 'window' | 'concurrency', resetSeconds: number) => RateHeaders;
}

export interface RateLimitOptions {
  /** Requests a window in each bucket. */
  readonly perWindow: number;
  readonly now: () => number;
}

export function createRateLimiter({ perWindow, now }: RateLimitOptions): RateLimiter {
  const windows = new Map<string, { readonly endsAt: number; used: number }>();
  const headers = (limit: number, remaining: number, resetMs: number): RateHeaders => ({
    'X-Rate-Limit-Limit': String(limit),
    'X-Rate-Limit-Remaining': String(remaining),
    'X-Rate-Limit-Reset': String(Math.ceil(resetMs / MS_PER_SECOND)),
  });
  return {
    take: (bucket) => {
      const open = windows.get(bucket);
      const window = open === undefined || open.endsAt <= now() ? { endsAt: now() + WINDOW_MS, used: 0 } : open;
      windows.set(bucket, window);
      window.used += 1;
      const left = perWindow - window.used;
      return { isGranted: left >= 0, headers: headers(perWindow, Math.max(0, left), window.endsAt) };
    },
    refused: (kind, resetSeconds) =>
      headers(kind === 'window' ? perWindow : 0, 0, now() + resetSeconds * MS_PER_SECOND),
  };
}
