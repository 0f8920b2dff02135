import { spawn } from 'node:child_process';
import { ROOT } from './project.mjs';

const PROGRESS_INTERVAL_MS = 10_000;

/** The package manager that started us, or the one on the PATH. */
export function npmCommand() {
  const script = process.env.npm_execpath;
  return script !== undefined && /npm-cli\.c?js$/.test(script) ? [process.execPath, script] : ['npm'];
}

/**
 * Runs a program to its end and gives its exit code. Quietly: what it prints is kept and shown only if it fails; a line
 * from time to time tells that it goes on.
 */
export async function runQuietly(label, [command, ...args]) {
  const printed = [];
  const began = Date.now();
  const progress = setInterval(() => console.log(`  ${label}: ${secondsSince(began)}`), PROGRESS_INTERVAL_MS);
  const code = await exitCode(spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] }), printed);
  clearInterval(progress);
  if (code !== 0) {
    process.stdout.write(Buffer.concat(printed));
  }
  return code;
}

/** Runs a program that talks to the terminal itself. */
export function runVisibly([command, ...args], environment = {}) {
  const env = { ...process.env, ...environment };
  return exitCode(spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] }), []);
}

function exitCode(child, printed) {
  child.stdout?.on('data', (chunk) => printed.push(chunk));
  child.stderr?.on('data', (chunk) => printed.push(chunk));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      printed.push(Buffer.from(`${error.message}\n`));
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

export function secondsSince(began) {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}
