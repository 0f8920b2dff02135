import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const DIST = join(__dirname, '..');
const POLL_MS = 100;

/** A process of the built product whose memory is watched. */
export interface Child {
  /** The first line it printed that matches; waits for it. */
  line(pattern: RegExp): Promise<string>;
  /** Peak resident memory so far, bytes. */
  peakRss(): Promise<number>;
  stop(): Promise<void>;
}

/** Peak resident memory of a process as the kernel counts it, bytes; 0 where /proc does not tell. */
export async function peakRssOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid ?? 0}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

/** Starts `dist/<script>` with this environment; its logs are dropped. */
export function startChild(script: string, args: readonly string[], env: Readonly<Record<string, string>>): Child {
  const child = spawn(process.execPath, [join(DIST, script), ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (printed.length < 100_000) printed += chunk.toString();
  });
  return {
    line: async (pattern) => {
      for (;;) {
        const found = pattern.exec(printed)?.[0];
        if (found !== undefined) return found;
        if (child.exitCode !== null) throw new Error(`${script} ended: ${printed.slice(-300)}`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    peakRss: () => peakRssOf(child.pid),
    stop: async () => {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
