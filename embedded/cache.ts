import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const FAILURE_REMEMBERED_MS = 24 * 3_600_000;
const ABANDONED_BUILD_MS = 24 * 3_600_000;

/** Where servers are kept: per user and outside the checkout, so that a second clone finds them. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const root = env['ROLLCALL_CACHE_DIR'] || env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(root, 'rollcall');
}

/**
 * Makes a folder of the cache appear at once and whole: it is built beside and renamed, so a build that is interrupted,
 * or made by two clones at the same time, never leaves half a server. The folder's name holds the version; what is
 * there already is replaced, for the caller has found it unusable.
 */
export async function putIntoCache(folder: string, build: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await removeAbandoned(folder);
  const temporary = await mkdtemp(`${folder}.building-`);
  try {
    await build(temporary);
    await replace(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Another clone may put its own, equal build there between the two steps; then that one is used. */
async function replace(temporary: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  try {
    await rename(temporary, folder);
  } catch (error) {
    if (!existsSync(folder)) {
      throw error;
    }
  }
}

/** Builds that were killed leave their temporary folder behind. */
async function removeAbandoned(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.building-`;
  for (const name of await readdir(dirname(folder))) {
    const path = join(dirname(folder), name);
    if (name.startsWith(prefix) && Date.now() - (await modifiedAt(path)) > ABANDONED_BUILD_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

async function modifiedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return Date.now(); // removed meanwhile by another clone
  }
}

/** Why a way failed within the last day, or null. Saves every start from waiting for a download that cannot work. */
export async function recentFailure(env: NodeJS.ProcessEnv, way: string): Promise<string | null> {
  try {
    const file = failureFile(env, way);
    const reason = await readFile(file, 'utf8');
    return Date.now() - (await stat(file)).mtimeMs < FAILURE_REMEMBERED_MS ? reason : null;
  } catch {
    return null;
  }
}

export async function rememberFailure(env: NodeJS.ProcessEnv, way: string, reason: string): Promise<void> {
  await mkdir(cacheFolder(env), { recursive: true });
  await writeFile(failureFile(env, way), reason);
}

function failureFile(env: NodeJS.ProcessEnv, way: string): string {
  return join(cacheFolder(env), `failed-${way}`);
}
