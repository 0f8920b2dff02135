/** An access token and for how many milliseconds it is good from the moment it was asked for. */
export interface Token {
  readonly value: string;
  readonly lifetimeMs: number;
}

export interface TokenSource {
  /** A token that is good for a while yet; several callers share one request. */
  get(signal: AbortSignal): Promise<string>;
  /** The service refused this token: the next caller gets another one. */
  drop(value: string): void;
}

/** A token is renewed so long before its end, or a fifth of its life where that is shorter. */
const RENEWAL_MARGIN_MS = 30_000;
const RENEWAL_SHARE = 0.2;

/** Keeps one access token alive. `now` is a clock in milliseconds that never goes back. */
export function createTokenSource(
  fetchToken: (signal: AbortSignal) => Promise<Token>,
  now: () => number = () => performance.now()
): TokenSource {
  let current: { readonly value: string; readonly renewAt: number } | null = null;
  let pending: { readonly token: Promise<string>; readonly asker: AbortSignal } | null = null;

  const renew = async (signal: AbortSignal): Promise<string> => {
    const askedAt = now();
    const { value, lifetimeMs } = await fetchToken(signal);
    current = { value, renewAt: askedAt + lifetimeMs - Math.min(RENEWAL_MARGIN_MS, lifetimeMs * RENEWAL_SHARE) };
    return value;
  };

  return {
    get: async (signal) => {
      for (;;) {
        signal.throwIfAborted();
        if (current !== null && now() < current.renewAt) return current.value;
        pending ??= {
          token: renew(signal).finally(() => {
            pending = null;
          }),
          asker: signal,
        };
        const { token, asker } = pending;
        try {
          return await token;
        } catch (error) {
          // Only who asked is bound by his own cancellation; the others ask again.
          if (asker === signal || !asker.aborted) throw error;
        }
      }
    },
    drop: (value) => {
      if (current?.value === value) current = null;
    },
  };
}
