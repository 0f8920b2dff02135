#!/usr/bin/env node
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommandLine } from './program';

async function out(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

if (require.main === module) {
  // `rollcall results ... | head` closes the pipe: that is an end, not a failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  void runCommandLine(process.argv.slice(2), {
    env: process.env,
    out,
    tell: (text) => {
      console.error(text);
    },
    exit: (code) => {
      process.exitCode = code;
    },
    pause: async (ms) => {
      await sleep(ms);
    },
  });
}
