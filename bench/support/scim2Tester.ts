import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, putIntoCache } from '../../embedded/cache';
import { findOnPath, runTool } from '../../embedded/tool';

const VERSION = '0.5.2';
/** An independent client of the protocol and its checks, from PyPI. */
const PACKAGES = [`scim2-tester==${VERSION}`, 'scim2-client[httpx2]==0.13.2', 'scim2-models==0.12.3'];
const INSTALL_LIMIT_MS = 5 * 60_000;
const RUN_LIMIT_MS = 5 * 60_000;
const SCRIPT = join(process.cwd(), 'tests', 'slow', 'scim2_tester_run.py');

export interface ScimCheck {
  readonly status: string;
  readonly title: string;
  readonly reason: string | null;
}

/** Why it cannot be had on this machine, or null. */
export function scim2TesterMissing(env: NodeJS.ProcessEnv): string | null {
  return findOnPath('python3', env) === null ? 'scim2-tester needs python3 on the PATH' : null;
}

/** Checks a SCIM server; the tool is installed once per user, outside the checkout. @param address of the server */
export async function checkWithScim2Tester(
  env: NodeJS.ProcessEnv,
  address: string,
  token: string
): Promise<readonly ScimCheck[]> {
  const folder = join(cacheFolder(env), `scim2-tester-${VERSION}`);
  if (!existsSync(folder)) await putIntoCache(folder, (temporary) => install(env, temporary));
  const lines = await runTool({
    command: 'python3',
    args: [SCRIPT, address, token],
    env: { ...env, PYTHONPATH: folder },
    limitMs: RUN_LIMIT_MS,
  });
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as ScimCheck);
}

async function install(env: NodeJS.ProcessEnv, folder: string): Promise<void> {
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder, ...PACKAGES];
  await runTool({ command: 'python3', args, env, limitMs: INSTALL_LIMIT_MS });
}
