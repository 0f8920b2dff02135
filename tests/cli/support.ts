import { runCommandLine } from '../../cli/program';
import type { Surroundings } from '../../cli/context';

/** What a command line did. */
export interface Ran {
  readonly out: string;
  readonly told: string;
  readonly code: number;
}

/** Runs a command line as a shell would; `onPause` happens whenever it waits. */
export async function run(
  line: readonly string[],
  env: Surroundings['env'],
  onPause: () => Promise<void> = () => Promise.resolve()
): Promise<Ran> {
  const ran = { out: '', told: '', code: 0 };
  await runCommandLine(line, {
    env,
    out: (text) => {
      ran.out += text;
      return Promise.resolve();
    },
    tell: (text) => {
      ran.told += `${text}\n`;
    },
    exit: (code) => {
      ran.code = code;
    },
    pause: onPause,
  });
  return ran;
}
