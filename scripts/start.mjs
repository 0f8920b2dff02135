/**
 * `npm start`: installs and builds what is needed, then runs everything in one process tree. Uses Node's own modules
 * only, because nothing else is installed yet. Arguments go to the program (`npm start -- --help`).
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { installDependencies } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { ROOT } from './lib/project.mjs';

/** Ctrl-C reaches us from the terminal and again from npm; both are one wish. */
const SAME_WISH_MS = 1_000;
const PARENT_POLL_MS = 500;
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

requireNode();
if (!(await installDependencies()) || !(await build())) {
  process.exit(1);
}
runProgram(process.argv.slice(2));

/**
 * In a group of its own, so that a signal comes to it from here only, and once. The channel between us lets it notice
 * our death ('disconnect'), kill -9 included.
 */
function runProgram(args) {
  const program = spawn(
    process.execPath,
    ['--enable-source-maps', join(ROOT, 'dist', 'embedded', 'main.js'), ...args],
    {
      detached: true,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    }
  );
  let forwardedAt = 0;
  const forward = (signal) => {
    if (Date.now() - forwardedAt > SAME_WISH_MS) {
      forwardedAt = Date.now();
      program.kill(signal);
    }
  };
  FORWARDED.forEach((signal) => process.on(signal, forward));
  whenNpmIsGone(() => forward('SIGTERM'));
  program.on('exit', (code, signal) => {
    process.exit(code ?? 128 + constants.signals[signal]);
  });
}

/** npm does not pass on the signal that ends it, so its end is the signal. */
function whenNpmIsGone(stop) {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event !== undefined) {
    const poll = setInterval(() => {
      if (process.ppid !== parent) {
        clearInterval(poll);
        stop();
      }
    }, PARENT_POLL_MS);
  }
}
