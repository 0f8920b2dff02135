export interface CallCounts {
  /** Calls per endpoint as 'METHOD /path', whatever was answered. */
  readonly calls: Readonly<Record<string, number>>;
  /** Answers per status; 'none' counts connections that ended without one. */
  readonly answers: Readonly<Record<string, number>>;
  /** The most requests that were open at one moment. */
  readonly maxConcurrency: number;
}

export interface CallCounter {
  /** Counts a request; the returned function ends it and may be called more than once. */
  readonly begin: (endpoint: string) => (status: number | undefined) => void;
  readonly counts: () => CallCounts;
  readonly reset: () => void;
}

export function createCallCounter(): CallCounter {
  const calls = new Map<string, number>();
  const answers = new Map<string, number>();
  let open = 0;
  let maxConcurrency = 0;

  return {
    begin: (endpoint) => {
      increase(calls, endpoint);
      open += 1;
      maxConcurrency = Math.max(maxConcurrency, open);
      let ended = false;
      return (status) => {
        if (ended) return;
        ended = true;
        open -= 1;
        increase(answers, status === undefined ? 'none' : String(status));
      };
    },
    counts: () => ({ calls: Object.fromEntries(calls), answers: Object.fromEntries(answers), maxConcurrency }),
    reset: () => {
      calls.clear();
      answers.clear();
      maxConcurrency = open;
    },
  };
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
