/** Why everything stops: somebody asked (with the exit code of a program that a signal ended), or a part failed. */
export type EndReason =
  { readonly kind: 'asked'; readonly exitCode: number } | { readonly kind: 'failure'; readonly message: string };

/** Thrown out of a start that goes on after the end was asked for. */
export class EndingError extends Error {
  override readonly name = 'EndingError';
}

/** What runs in this process and has to be stopped, in the order of starting. */
export interface Lifetime {
  /** Resolves when the end is asked for. */
  readonly asked: Promise<EndReason>;
  isEnding(): boolean;
  /** The first reason counts. */
  askForEnd(reason: EndReason): void;
  /**
   * Takes over what was started. If the end has begun meanwhile, it is stopped at once.
   * @throws EndingError in that case
   */
  own(name: string, stop: () => Promise<void>): Promise<void>;
  /** Stops everything, last started first. One that cannot be stopped does not keep the others; gives what they said. */
  end(): Promise<readonly string[]>;
}

interface Part {
  readonly name: string;
  readonly stop: () => Promise<void>;
}

export function createLifetime(): Lifetime {
  const parts: Part[] = [];
  let ending = false;
  let ask: (reason: EndReason) => void = () => undefined;
  const asked = new Promise<EndReason>((resolve) => {
    ask = resolve;
  });
  return {
    asked,
    isEnding: () => ending,
    askForEnd: (reason) => {
      ending = true;
      ask(reason);
    },
    own: async (name, stop) => {
      parts.push({ name, stop });
      if (!ending) return;
      await stopAll(parts);
      throw new EndingError('the end was asked for during the start');
    },
    end: () => {
      ending = true;
      return stopAll(parts);
    },
  };
}

async function stopAll(parts: Part[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    try {
      await part.stop();
    } catch (error) {
      problems.push(`${part.name} did not stop cleanly: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return problems;
}

const INTERRUPTED = 130;
const TERMINATED = 143;
const HUNG_UP = 129;

/**
 * Ctrl-C, SIGTERM, the end of the terminal and the death of the process that started us ask for the end. A second signal
 * does not wait: `force` is called with the exit code.
 */
export function endOnSignals(lifetime: Lifetime, force: (exitCode: number) => void): void {
  const listen = (signal: NodeJS.Signals, exitCode: number): void => {
    process.on(signal, () => {
      if (lifetime.isEnding()) force(exitCode);
      else lifetime.askForEnd({ kind: 'asked', exitCode });
    });
  };
  listen('SIGINT', INTERRUPTED);
  listen('SIGTERM', TERMINATED);
  listen('SIGHUP', HUNG_UP);
  process.on('disconnect', () => {
    lifetime.askForEnd({ kind: 'asked', exitCode: TERMINATED });
  });
  // A terminal that is gone must not keep us from stopping.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
