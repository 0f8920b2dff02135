import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, fingerprint, readStamp, writeStamp } from './project.mjs';
import { npmCommand, runQuietly, secondsSince } from './run.mjs';

const LOCKFILE = 'package-lock.json';
const STAMP = 'node_modules/.rollcall-lockfile';

/** Installs the dependencies if they are missing or another lockfile's; gives whether they are there. */
export async function installDependencies() {
  const wanted = fingerprint([LOCKFILE]);
  if (existsSync(join(ROOT, 'node_modules')) && readStamp(STAMP) === wanted) {
    return true;
  }
  console.log('Installing dependencies with npm ci (half a minute to a minute)');
  const began = Date.now();
  if ((await runQuietly('npm ci', [...npmCommand(), 'ci'])) !== 0) {
    console.error('npm ci failed. Check the network and the npm registry of this machine, then start again.');
    return false;
  }
  stampInstallation();
  console.log(`Installed in ${secondsSince(began)}`);
  return true;
}

/** Says that node_modules is what the lockfile asks for. */
export function stampInstallation() {
  writeStamp(STAMP, fingerprint([LOCKFILE]));
}
