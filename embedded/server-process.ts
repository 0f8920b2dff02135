import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedServerError, messageOf } from './errors';
import { guardGroup } from './guard';

const READY_LIMIT_MS = 60_000;
const READY_POLL_MS = 50;
const STOP_LIMIT_MS = 20_000;
const SHOWN_LOG_LINES = 5;

export interface ServerSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Takes what the server prints; the log of the run before is kept beside it as `.1`. */
  readonly logFile: string;
  /** Whether the server stops when this process dies without having stopped it. */
  readonly stopsWithUs: boolean;
  /** Resolves if the server answers, rejects if it does not yet. */
  readonly probe: () => Promise<void>;
}

/** A server of ours. It runs in a group of its own: Ctrl-C must not reach it before the worker has stopped. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves with the code or signal when it ends, for whatever reason. */
  readonly ended: Promise<string>;
  /** Asks it to stop, kills it if it does not, and resolves when it is gone. */
  stop(): Promise<void>;
}

export async function startServer(spec: ServerSpec): Promise<ServerProcess> {
  const child = launch(spec);
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(signal ?? `code ${String(code)}`);
    });
  });
  const { pid } = child;
  if (pid === undefined) {
    throw new EmbeddedServerError(`${spec.name} did not start: ${await gone}`);
  }
  const release = spec.stopsWithUs ? guardGroup(pid) : () => undefined;
  void gone.then(release);
  const stop = async (): Promise<void> => {
    await stopChild(child, gone);
  };
  const giveUp = new AbortController();
  const endedEarly = gone.then((end) => {
    giveUp.abort();
    failed(spec, `ended with ${end}`);
  });
  try {
    await Promise.race([untilAnswering(spec, giveUp.signal), endedEarly]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid, ended: gone, stop };
}

function launch(spec: ServerSpec): ChildProcess {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  if (existsSync(spec.logFile)) {
    renameSync(spec.logFile, `${spec.logFile}.1`);
  }
  const log = openSync(spec.logFile, 'w', 0o600);
  try {
    return spawn(spec.command, spec.args, { env: spec.env, detached: true, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

async function untilAnswering(spec: ServerSpec, giveUp: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!giveUp.aborted) {
    try {
      await spec.probe();
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        failed(spec, `did not answer within ${READY_LIMIT_MS / 1000} s: ${messageOf(error)}`);
      }
    }
    await sleep(READY_POLL_MS);
  }
}

function failed(spec: ServerSpec, reason: string): never {
  const printed = readFileSync(spec.logFile, 'utf8').trim().split('\n').slice(-SHOWN_LOG_LINES);
  throw new EmbeddedServerError([`${spec.name} ${reason} (${spec.logFile})`, ...printed].join('\n  '));
}

async function stopChild(child: ChildProcess, gone: Promise<string>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await gone;
    clearTimeout(killer);
  }
}
