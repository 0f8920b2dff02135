import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, putIntoCache, recentFailure, rememberFailure } from './cache';
import { messageOf } from './errors';
import { projectRoot } from './project';
import { findOnPath, isExecutable, runTool } from './tool';
import type { Report } from './ways';

const VERSION = '8.2.6';
const NAME = `mongod-${VERSION}`;
const DOWNLOAD_LIMIT_MS = 10 * 60_000;
/** The download tells its progress every 2 s, so this much silence means that there is no way out. */
const SILENCE_LIMIT_MS = 8_000;
const PROGRESS_INTERVAL_MS = 10_000;
const CHECK_LIMIT_MS = 30_000;

export async function mongodOnPath(env: NodeJS.ProcessEnv): Promise<string> {
  return runnable(findOnPath('mongod', env), env);
}

export async function mongodDownloadedEarlier(env: NodeJS.ProcessEnv): Promise<string> {
  return runnable(join(cacheFolder(env), NAME, 'mongod'), env);
}

/** A failure is remembered for a day, so that only the first start where there is no way out waits for it. */
export async function downloadMongod(env: NodeJS.ProcessEnv, report: Report): Promise<string> {
  const known = await recentFailure(env, NAME);
  if (known !== null) {
    throw new Error(`failed within the last day: ${known}`);
  }
  report(`MongoDB: trying to download mongod ${VERSION} (about 100 MB, a minute or two)`);
  try {
    await putIntoCache(join(cacheFolder(env), NAME), (temporary) => downloadInto(temporary, env, report));
    return await mongodDownloadedEarlier(env);
  } catch (error) {
    await rememberFailure(env, NAME, messageOf(error));
    throw error;
  }
}

async function downloadInto(folder: string, env: NodeJS.ProcessEnv, report: Report): Promise<void> {
  let reported = Date.now();
  const lines = await runTool({
    command: process.execPath,
    args: [join(projectRoot(), 'embedded', 'download', 'mongod.mjs'), folder, VERSION],
    env,
    limitMs: DOWNLOAD_LIMIT_MS,
    silenceLimitMs: SILENCE_LIMIT_MS,
    onLine: (line) => {
      if (Date.now() - reported > PROGRESS_INTERVAL_MS) {
        reported = Date.now();
        report(`MongoDB: ${line.trim()}`);
      }
    },
  });
  await rename(lines.at(-1)?.trim() ?? '', join(folder, 'mongod'));
}

/** A downloaded mongod may lack a library of this system: it is run once. */
async function runnable(path: string | null, env: NodeJS.ProcessEnv): Promise<string> {
  if (path === null || !isExecutable(path)) {
    throw new Error('not found');
  }
  await runTool({ command: path, args: ['--version'], env, limitMs: CHECK_LIMIT_MS });
  return path;
}
