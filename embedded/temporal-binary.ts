import { execFile } from 'node:child_process';
import { copyFile, chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, putIntoCache, recentFailure, rememberFailure } from './cache';
import { messageOf } from './errors';
import { projectRoot } from './project';
import { findOnPath, isExecutable, runTool } from './tool';
import type { Report, Way } from './ways';

/** The newest version that `go install` can build: later ones need a replace directive, which it refuses. */
const BUILT_VERSION = '1.5.1';
const MODULE = `github.com/temporalio/cli/cmd/temporal@v${BUILT_VERSION}`;

/** The download prints nothing until it ends; where there is no way out it mostly fails at once. */
const DOWNLOAD_LIMIT_MS = 2 * 60_000;
const DOWNLOAD_FOLDER = 'temporal-sdk-download';

const BUILD_LIMIT_MS = 20 * 60_000;
/** How many packages the compiler names where nothing is compiled yet; only for the progress line. */
const BUILT_PACKAGES = 1_300;
const PROGRESS_INTERVAL_MS = 15_000;

export const TEMPORAL_ADVICE =
  'Install the Temporal CLI (`brew install temporal`, or docs.temporal.io/cli) so that `temporal` is on the PATH; ' +
  'or install Go 1.25 or newer (go.dev/dl), with which it is built here; or set TEMPORAL_ADDRESS to a running server.';

/** Where a `temporal` that can be run may come from, best first. */
export function temporalWays(env: NodeJS.ProcessEnv, report: Report): Way<string>[] {
  const built = join(cacheFolder(env), `temporal-${BUILT_VERSION}`);
  return [
    { name: '`temporal` on the PATH', find: () => runnable(findOnPath('temporal', env)) },
    { name: 'built earlier', find: () => runnable(join(built, 'temporal')) },
    { name: 'downloaded earlier', find: () => runnable(join(cacheFolder(env), DOWNLOAD_FOLDER, 'temporal')) },
    { name: 'download by the Temporal SDK', find: () => download(env, report) },
    { name: 'build with Go', find: () => build(built, env, report) },
  ];
}

/** The path, if there is a program that runs and says its version. */
async function runnable(path: string | null): Promise<string> {
  if (path === null || !isExecutable(path)) {
    throw new Error('not found');
  }
  await promisify(execFile)(path, ['--version'], { timeout: 30_000 });
  return path;
}

async function download(env: NodeJS.ProcessEnv, report: Report): Promise<string> {
  const known = await recentFailure(env, DOWNLOAD_FOLDER);
  if (known !== null) {
    throw new Error(`failed within the last day: ${known}`);
  }
  report('Temporal server: trying to download it (about 60 MB, less than a minute)');
  const folder = join(cacheFolder(env), DOWNLOAD_FOLDER);
  try {
    await putIntoCache(folder, (temporary) => downloadInto(temporary, env));
  } catch (error) {
    await rememberFailure(env, DOWNLOAD_FOLDER, messageOf(error));
    throw error;
  }
  return runnable(join(folder, 'temporal'));
}

async function downloadInto(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const script = join(projectRoot(), 'embedded', 'download', 'temporal.mjs');
  await runTool({ command: process.execPath, args: [script, folder], env, limitMs: DOWNLOAD_LIMIT_MS });
  const [program] = await readdir(folder);
  if (program === undefined) {
    throw new Error('the SDK downloaded nothing');
  }
  await copyFile(join(folder, program), join(folder, 'temporal'));
  await chmod(join(folder, 'temporal'), 0o755);
}

/** Uses the person's own Go caches, so that a build that was interrupted goes on where it was. */
async function build(folder: string, env: NodeJS.ProcessEnv, report: Report): Promise<string> {
  const go = findOnPath('go', env);
  if (go === null) {
    throw new Error('`go` is not on the PATH');
  }
  report(
    `Temporal server: compiling version ${BUILT_VERSION} with Go, once for all clones (3 to 6 minutes on 2 cores; ` +
      'Go then holds 3 GB in its caches, which `go clean -cache -modcache` frees)'
  );
  const started = Date.now();
  let packages = 0;
  const progress = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    report(`Temporal server: compiling, ${packages} of about ${BUILT_PACKAGES} packages, ${seconds} s`);
  }, PROGRESS_INTERVAL_MS);
  try {
    await putIntoCache(folder, async (temporary) => {
      await runTool({
        command: go,
        args: ['install', '-v', '-ldflags', '-s -w', MODULE],
        env: { ...env, GOBIN: temporary },
        limitMs: BUILD_LIMIT_MS,
        onLine: (line) => {
          packages += line.startsWith('go: ') ? 0 : 1;
        },
      });
    });
  } finally {
    clearInterval(progress);
  }
  return runnable(join(folder, 'temporal'));
}
