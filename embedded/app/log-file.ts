import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino } from 'pino';
import type { DestinationStream } from 'pino';

const OWNER_ONLY = 0o600;

/** Opens a log file anew; that of the start before is kept beside it as `.1`. Lines are in it when the call returns. */
export function openLogFile(path: string): DestinationStream {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) renameSync(path, `${path}.1`);
  return pino.destination({ dest: path, sync: true, mode: OWNER_ONLY });
}
