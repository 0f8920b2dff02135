import { parseArgs } from 'node:util';

/** sysexits EX_USAGE: the command line is wrong. */
const EXIT_USAGE = 64;

export class UsageError extends Error {}

/** Reads `--name value` pairs; anything that is not in the list is refused by name. */
export function readOptions<Name extends string>(
  argv: readonly string[],
  names: readonly Name[]
): Partial<Record<Name, string>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false });
    return values as Partial<Record<Name, string>>;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error);
    throw new UsageError(`${reason}. Options: ${names.map((name) => `--${name}`).join(' ')}`);
  }
}

/** A whole number within limits, or undefined when the option is absent. */
export function readWholeNumber(
  name: string,
  value: string | undefined,
  limits: { readonly min: number; readonly max: number }
): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < limits.min || number > limits.max) {
    throw new UsageError(`--${name} must be a whole number from ${limits.min} to ${limits.max}, not '${value}'`);
  }
  return number;
}

export interface RunnableSimulator {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * Runs a simulator as a process: says where it listens on one line of standard output, stops on SIGTERM and SIGINT.
 * Exit 64 for a wrong command line, 1 when it cannot start or stop.
 */
export async function runSimulator(start: () => Promise<RunnableSimulator>): Promise<void> {
  try {
    const simulator = await start();
    process.stdout.write(`listening on ${simulator.url}\n`);
    await signalled();
    await simulator.stop();
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = error instanceof UsageError ? EXIT_USAGE : 1;
  }
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') return 'the port is in use: choose another one with --port';
  return error.message;
}
