export interface CallCounts {
  /** Calls per endpoint as 'METHOD /path', whatever was answered. */
  readonly calls: Readonly<Record<string, number>>;
  /** Answers per status; 'none' counts connections that ended without one. */
  readonly answers: Readonly<Record<string, number>>;
  /** The most requests that were open at one moment. */
  readonly maxConcurrency: number;
  /** Calls that began within one second of the clock: the most of any, and those of the last whole one. */
  readonly maxCallsPerSecond: number;
  readonly callsLastSecond: number;
}

export interface CallCounter {
  /** Counts a request; the returned function ends it and may be called more than once. */
  readonly begin: (endpoint: string) => (status: number | undefined) => void;
  readonly counts: () => CallCounts;
  readonly reset: () => void;
}

/** `now` is in milliseconds. */
export function createCallCounter(now: () => number = Date.now): CallCounter {
  const calls = new Map<string, number>();
  const answers = new Map<string, number>();
  let open = 0;
  let maxConcurrency = 0;
  const pace = createPace(now);

  return {
    begin: (endpoint) => {
      increase(calls, endpoint);
      pace.count();
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
    counts: () => ({
      calls: Object.fromEntries(calls),
      answers: Object.fromEntries(answers),
      maxConcurrency,
      ...pace.counts(),
    }),
    reset: () => {
      calls.clear();
      answers.clear();
      maxConcurrency = open;
      pace.reset();
    },
  };
}

interface Pace {
  readonly count: () => void;
  readonly counts: () => Pick<CallCounts, 'maxCallsPerSecond' | 'callsLastSecond'>;
  readonly reset: () => void;
}

function createPace(now: () => number): Pace {
  let second = 0;
  let inSecond = 0;
  let inSecondBefore = 0;
  let most = 0;

  function turn(): void {
    const current = Math.floor(now() / 1000);
    if (current === second) return;
    inSecondBefore = current === second + 1 ? inSecond : 0;
    second = current;
    inSecond = 0;
  }

  return {
    count: () => {
      turn();
      inSecond += 1;
      most = Math.max(most, inSecond);
    },
    counts: () => {
      turn();
      return { maxCallsPerSecond: most, callsLastSecond: inSecondBefore };
    },
    reset: () => {
      inSecond = 0;
      inSecondBefore = 0;
      most = 0;
    },
  };
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
