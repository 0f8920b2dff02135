import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const DIST = join(__dirname, '..', '..', 'dist');

/** A process of the built product that a test may kill. */
export interface KillableProcess {
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and waits until it is gone. @returns its exit code */
  stop(): Promise<number | null>;
  /** Its exit code when it ends by itself or is ended, and all it printed has been read. */
  readonly ended: Promise<number | null>;
  /** Everything it printed so far. */
  output(): string;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
  return child.exitCode;
}

/** Starts `dist/<script>` with exactly this environment and PATH. */
export function startProcess(script: string, env: Readonly<Record<string, string>>): KillableProcess {
  let printed = '';
  const child = spawn(process.execPath, ['--enable-source-maps', join(DIST, script)], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    ended,
    kill: async () => {
      await end(child, 'SIGKILL');
    },
    stop: () => end(child, 'SIGTERM'),
    output: () => printed,
  };
}

const POLL_MS = 50;

/** Asks again until there is an answer; errors while a server is away count as none. The test's own time-out bounds it. */
export async function eventually<T>(ask: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
