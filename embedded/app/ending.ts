import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT } from './exits';
import type { Lifetime } from './lifetime';

/** How it ended; `error` is what the work threw, for the caller to tell. */
export interface Ended {
  readonly exitCode: number;
  readonly error: unknown;
}

/** A step of a start that is given up gets so long to end; a build goes on for minutes, and its guard stops it with us. */
const STEP_LIMIT_MS = 5_000;

/**
 * Lets the work run until it is done, fails, or the end is asked for; then stops everything in order. The work has the
 * exit code; one that is given up in the middle ends with the code of the signal.
 */
export async function untilEnd(
  work: Promise<number>,
  lifetime: Lifetime,
  print: (line: string) => void
): Promise<Ended> {
  const settled = work.then(
    (exitCode) => ({ exitCode, error: null }),
    (error: unknown) => ({ exitCode: EXIT.failed, error })
  );
  const first = await Promise.race([lifetime.asked, settled]);
  const isAsked = 'kind' in first;
  if (isAsked) print(first.kind === 'failure' ? `\nStopping: ${first.message}` : '\nStopping ...');
  for (const problem of await lifetime.end()) print(problem);
  if (!isAsked) return first;
  const outcome = await Promise.race([settled, sleep(STEP_LIMIT_MS, null, { ref: false })]);
  const lastStop = await lifetime.end();
  for (const problem of lastStop) print(problem);
  if (first.kind === 'failure') return { exitCode: EXIT.failed, error: null };
  print('Stopped. The data stays for the next start.');
  return { exitCode: outcome?.error === null ? outcome.exitCode : first.exitCode, error: null };
}
