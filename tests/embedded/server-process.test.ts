import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { transformFileSync } from '@swc/core';
import { startServer } from '../../embedded/server-process';
import type { ServerSpec } from '../../embedded/server-process';

const POLL_MS = 50;
const GONE_LIMIT_MS = 15_000;

describe('startServer', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-server-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A "server" that answers as soon as it has made its file. */
  function server(script: string, stopsWithUs = true): ServerSpec {
    const ready = join(folder, 'ready');
    return {
      name: 'Test server',
      command: '/bin/sh',
      args: ['-c', script],
      env: { ...process.env, READY: ready },
      logFile: join(folder, 'logs', 'server.log'),
      stopsWithUs,
      probe: () => (existsSync(ready) ? Promise.resolve() : Promise.reject(new Error('not yet'))),
    };
  }

  it('resolves when the server answers, and stop resolves when it is gone', async () => {
    const running = await startServer(server('sleep 0.3; echo hello; touch "$READY"; exec sleep 600'));
    expect(isAlive(running.pid)).toBe(true);
    await running.stop();

    expect(isAlive(running.pid)).toBe(false);
    expect(readFileSync(join(folder, 'logs', 'server.log'), 'utf8')).toBe('hello\n');
  });

  it('fails at once with the last lines of the log when the server ends before it answers', async () => {
    await expect(startServer(server('echo address in use; exit 3'))).rejects.toThrow(
      /Test server ended with code 3 .*\n {2}address in use/
    );
  });

  it('fails when there is no such program', async () => {
    await expect(startServer({ ...server(''), command: '/no/such/program' })).rejects.toThrow('did not start');
  });

  it('runs the server in a group of its own, so that Ctrl-C in the terminal does not reach it', async () => {
    const running = await startServer(server('touch "$READY"; exec sleep 600'));
    const group = spawn('ps', ['-o', 'pgid=', '-p', String(running.pid)]);
    const [output] = (await once(group.stdout, 'data')) as [Buffer];
    await running.stop();

    expect(Number(output.toString())).toBe(running.pid);
  });

  it('tells when a server ends by itself', async () => {
    const running = await startServer(server('touch "$READY"; exec sleep 600'));
    process.kill(running.pid, 'SIGKILL');

    expect(await running.ended).toBe('SIGKILL');
    await running.stop();
  });
});

describe('a guarded group', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-guard-'));
    const options = { module: { type: 'commonjs' as const }, jsc: { parser: { syntax: 'typescript' as const } } };
    writeFileSync(join(folder, 'guard.js'), transformFileSync(join('embedded', 'guard.ts'), options).code);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A process that starts a guarded server, which may ignore SIGTERM, and prints the server's number. */
  function parent(server: string): ReturnType<typeof spawn> {
    const script = `
      const { spawn } = require('node:child_process');
      const { guardGroup } = require(${JSON.stringify(join(folder, 'guard.js'))});
      const server = spawn('/bin/sh', ['-c', ${JSON.stringify(server)}], { detached: true, stdio: 'ignore' });
      guardGroup(server.pid);
      process.stdout.write(String(server.pid));
      setInterval(() => {}, 1000);`;
    return spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  it.each([
    ['ends when its parent is killed with -9', 'exec sleep 600'],
    ['and its children end too', 'sleep 600 & sleep 600'],
  ])('%s', async (_, server) => {
    const process = parent(server);
    const [output] = (await once(process.stdout ?? process, 'data')) as [Buffer];
    const pid = Number(output.toString());
    expect(isAlive(pid)).toBe(true);
    process.kill('SIGKILL');

    expect(await endsWithin(pid, GONE_LIMIT_MS)).toBe(true);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function endsWithin(pid: number, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (isAlive(pid) && Date.now() < deadline) {
    await sleep(POLL_MS);
  }
  return !isAlive(pid);
}
