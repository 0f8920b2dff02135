import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { guardGroup } from './guard';

const SHOWN_LINES = 5;
const SHOWN_LINE_LENGTH = 160;

export interface ToolRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly limitMs: number;
  /** Ends the tool when it has printed nothing for so long. */
  readonly silenceLimitMs?: number;
  readonly onLine?: (line: string) => void;
}

/** The path of a program, as the shell would find it, or null. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv): string | null {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && isExecutable(path)) {
      return path;
    }
  }
  return null;
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a build tool or a download to its end and gives what it printed. Fails with its last lines. It runs in a group
 * of its own that ends with us: a compiler left behind would hold the machine for minutes.
 */
export function runTool(run: ToolRun): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(run.command, run.args, {
      cwd: run.cwd,
      env: run.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const release = child.pid === undefined ? () => undefined : guardGroup(child.pid);
    const lines: string[] = [];
    const timers = watch(run, (reason) => {
      lines.push(reason);
      killGroup(child.pid);
    });
    readLines([child.stdout, child.stderr], (line) => {
      lines.push(line);
      timers.heard();
      run.onLine?.(line);
    });
    const finish = (failure: string | null): void => {
      timers.stop();
      release();
      if (failure === null) {
        resolve(lines);
      } else {
        reject(new Error([failure, ...lines.slice(-SHOWN_LINES).map(shortened)].join('\n      ')));
      }
    };
    child.on('error', (error) => {
      finish(`${run.command} did not start: ${error.message}`);
    });
    child.on('close', (code, signal) => {
      finish(code === 0 ? null : `${basename(run.command)} ended with ${signal ?? `code ${String(code)}`}`);
    });
  });
}

function shortened(line: string): string {
  return line.length > SHOWN_LINE_LENGTH ? `${line.slice(0, SHOWN_LINE_LENGTH)}...` : line;
}

function readLines(streams: readonly Readable[], onLine: (line: string) => void): void {
  for (const stream of streams) {
    createInterface({ input: stream }).on('line', onLine);
  }
}

/** Calls `expire` once, when the run takes too long or is silent for too long. */
function watch(run: ToolRun, expire: (reason: string) => void): { heard: () => void; stop: () => void } {
  const total = setTimeout(expire, run.limitMs, `stopped after ${run.limitMs / 1000} s`);
  const silence = run.silenceLimitMs;
  const quiet =
    silence === undefined ? null : setTimeout(expire, silence, `stopped after ${silence / 1000} s without a sign`);
  return {
    heard: () => quiet?.refresh(),
    stop: () => {
      clearTimeout(total);
      if (quiet !== null) {
        clearTimeout(quiet);
      }
    },
  };
}

function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) {
      process.kill(-leader, 'SIGKILL');
    }
  } catch {
    // it has ended by itself meanwhile
  }
}
