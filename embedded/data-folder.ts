import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmbeddedServerError } from './errors';
import type { Report } from './ways';

const POLL_MS = 100;
/** The system tells start times in whole seconds, and the same one a second apart. */
const START_TOLERANCE_MS = 3_000;
/** The guards of an earlier run (guard.ts) stop its servers well within this. */
const LEFTOVER_LIMIT_MS = 20_000;

interface Claim {
  readonly owner: number;
  /** When the owner started, in ms: its number alone may be another process's by now. */
  readonly ownerStarted: number;
  readonly servers: readonly number[];
}

/** The right to run servers on a data folder: two on the same files would destroy them. */
export interface DataFolder {
  /** Notes the servers that run now, so that a start after our death knows what to wait for. */
  note(servers: readonly number[]): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the data folder. Fails if a living process has it; stops servers that a dead one left. The system uses numbers
 * of processes again, so one counts only with the start time of the owner, or a command line that names the folder.
 * Without a `ps` neither is seen, and the ports and the lock of the store have to do.
 */
export async function claimDataFolder(dataDir: string, report: Report): Promise<DataFolder> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'servers.json');
  const earlier = await readClaim(file);
  if (earlier !== null) {
    await refuseIfAlive(earlier, dataDir);
    await removeLeftovers(earlier, dataDir, report);
  }
  const ownerStarted = (await startOf(process.pid)) ?? 0;
  const note = (servers: readonly number[]): Promise<void> =>
    writeFile(file, JSON.stringify({ owner: process.pid, ownerStarted, servers } satisfies Claim));
  await note([]);
  return { note, release: () => rm(file, { force: true }) };
}

async function readClaim(file: string): Promise<Claim | null> {
  try {
    const { owner, ownerStarted, servers } = JSON.parse(await readFile(file, 'utf8')) as Partial<Claim>;
    const whole = typeof owner === 'number' && typeof ownerStarted === 'number' && Array.isArray(servers);
    return whole ? { owner, ownerStarted, servers } : null;
  } catch {
    return null; // none, or cut short by a crash
  }
}

async function refuseIfAlive({ owner, ownerStarted }: Claim, dataDir: string): Promise<void> {
  const started = await startOf(owner);
  if (started !== null && Math.abs(started - ownerStarted) <= START_TOLERANCE_MS) {
    throw new EmbeddedServerError(
      `the data folder ${dataDir} is in use by process ${owner}: stop that one first, or set ROLLCALL_DATA_DIR to another folder`
    );
  }
}

async function removeLeftovers({ servers }: Claim, dataDir: string, report: Report): Promise<void> {
  const deadline = Date.now() + LEFTOVER_LIMIT_MS;
  const isLeft = async (pid: number): Promise<boolean> => (await commandLineOf(pid)).includes(dataDir);
  for (const pid of servers) {
    if (await isLeft(pid)) {
      report('Waiting for a server of an earlier run to stop (a few seconds)');
      signal(pid, 'SIGTERM');
    }
    while (await isLeft(pid)) {
      if (Date.now() > deadline) {
        signal(pid, 'SIGKILL');
      }
      await sleep(POLL_MS);
    }
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended meanwhile
  }
}

/** The command line of a process, empty if there is none. */
function commandLineOf(pid: number): Promise<string> {
  return processColumn(pid, 'command');
}

/** When a process started, in ms, or null if there is none. */
async function startOf(pid: number): Promise<number | null> {
  const started = Date.parse(await processColumn(pid, 'lstart'));
  return Number.isNaN(started) ? null : started;
}

async function processColumn(pid: number, column: string): Promise<string> {
  try {
    const env = { ...process.env, LC_ALL: 'C' };
    return (await promisify(execFile)('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], { env })).stdout;
  } catch {
    return '';
  }
}
