import { join } from 'node:path';
import { runVisibly } from './run.mjs';

/** Runs a program of a dependency that passes or fails as a whole. */
export async function runCheck(name, [program, ...args]) {
  const code = await runVisibly([process.execPath, join('node_modules', program), ...args]);
  return code === 0 ? { passed: 1, skipped: 0, failures: [] } : { passed: 0, skipped: 0, failures: [name] };
}
