import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { choosePorts } from '../../embedded/ports';
import { people, toCsv } from '../support/people';

const MAIN = join(__dirname, '..', '..', 'dist', 'embedded', 'main.js');
const PORTS = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'MONGODB_PORT', 'JIRA_SIM_PORT'] as const;

type Environment = Readonly<Record<string, string>>;

/** `npm start` as a person runs it, after the build. */
interface Started {
  readonly child: ChildProcess;
  /** Resolves when it has printed this. Rejects with all it printed if it ends before. */
  printed(text: string): Promise<void>;
  /** Its exit code and everything it printed. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

function start(args: readonly string[], env: Environment): Started {
  const own = Object.entries(process.env).filter(([name]) => !/^(ROLLCALL|TEMPORAL|MONGODB)_|^npm_/.test(name));
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...Object.fromEntries(own), ROLLCALL_CACHE_DIR: process.env.ROLLCALL_CACHE_DIR, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      listeners.forEach((listener) => {
        listener();
      });
    });
  }
  // 'close' does not come after a disconnect
  const streams = [child.stdout, child.stderr].flatMap((stream) => (stream === null ? [] : [once(stream, 'end')]));
  const ended = once(child, 'exit').then(async ([code]) => {
    await Promise.all(streams);
    return { code: code as number | null, output };
  });
  return {
    child,
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.includes(text)) resolve();
        };
        listeners.add(look);
        void ended.then(() => {
          reject(new Error(`ended without printing "${text}":\n${output}`));
        });
        look();
      }),
  };
}

/** Command lines of processes that name the folder: the servers do. */
async function processesOf(folder: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-eo', 'command='], { maxBuffer: 16 * 1024 * 1024 });
  return stdout.split('\n').filter((line) => line.includes(folder));
}

describe('npm start', () => {
  let folder: string;
  let dataDir: string;
  let users: string;
  let env: Environment;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-start-'));
    dataDir = join(folder, 'data');
    users = join(folder, 'people.csv');
    const ports = await choosePorts(PORTS.map((variable) => ({ server: 'test', variable, port: 0 })));
    env = { ...Object.fromEntries([...ports].map(([name, port]) => [name, String(port)])), ROLLCALL_DATA_DIR: dataDir };
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows its options', async () => {
    const { code, output } = await start(['--help'], env).ended;
    expect(output).toContain('--users <file>');
    expect(code).toBe(0);
  });

  it('refuses an option that it does not have, with the nearest', async () => {
    const { code, output } = await start(['--user', users], env).ended;
    expect(output).toContain('--users');
    expect(code).toBe(64);
  });

  it('refuses a wrong configuration before anything is started, with every path and the nearest key', async () => {
    const config = join(folder, 'rollcall.yaml');
    writeFileSync(
      config,
      [
        'targets:',
        '  - { id: jira, type: jira, baseUrl: http://127.0.0.1:1, auth: { type: pat, token: t } }',
        'connectors:',
        '  - { id: people, target: jira, source: { type: file, users: people.csv }, scheduel: { cron: "0 2 * * *" } }',
        '  - { id: other, target: nowhere, source: { type: file, users: people.csv } }',
      ].join('\n')
    );
    const { code, output } = await start(['--config', config], env).ended;
    expect(output).toContain('connectors[0].scheduel: unknown key; did you mean "schedule"?');
    expect(code).toBe(64);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('refuses a key that changes nothing yet', async () => {
    const config = join(folder, 'retention.yaml');
    writeFileSync(config, 'settings: { retention: { runs: 5 } }\n');
    const { code, output } = await start(['--config', config], env).ended;
    expect(output).toContain('settings.retention: is not built yet');
    expect(code).toBe(64);
  });

  it('refuses a users file that is not there, or has a wrong row, before anything is started', async () => {
    const missing = await start(['--users', join(folder, 'nobody.csv')], env).ended;
    expect(missing.output).toContain('nobody.csv');
    expect(missing.code).toBe(64);
    writeFileSync(users, 'id,username,active\n1,anna,true\n2,ben,perhaps\n');
    const wrong = await start(['--users', users, '--once'], env).ended;
    expect(wrong.output).toContain('line 3');
    expect(wrong.code).toBe(64);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('says which variable changes a port that is in use, and starts nothing', async () => {
    writeFileSync(users, toCsv(people(30)));
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(Number(env['JIRA_SIM_PORT']), '127.0.0.1', resolve));
    const { code, output } = await start(['--users', users], env).ended;
    await new Promise((resolve) => taken.close(resolve));
    expect(output).toContain(`port ${env['JIRA_SIM_PORT']} is in use`);
    expect(output).toContain('JIRA_SIM_PORT');
    expect(code).toBe(1);
    expect(await processesOf(dataDir)).toEqual([]);
  });

  it('syncs an own file once, and ends without leaving a process', async () => {
    const { code, output } = await start(['--users', users, '--once'], env).ended;
    expect(output).toContain('people-1: succeeded, 30 accounts created, 6 groups created, 60 memberships added');
    expect(code).toBe(0);
    expect(await processesOf(dataDir)).toEqual([]);
    expect(statSync(join(dataDir, 'admin-token')).mode & 0o777).toBe(0o600);
  });

  it('finds the data again, stays up, makes no new version, and ends on Ctrl-C without leaving a process', async () => {
    const started = start(['--users', users], env);
    await started.printed('Ctrl-C stops everything');
    const authorization = `Bearer ${readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()}`;
    const answer = await fetch(`http://127.0.0.1:${env['PORT']}/api/v1/connectors/people`, {
      headers: { authorization },
    });
    expect(await answer.json()).toMatchObject({ version: 1 });
    // One process: the API shows what the worker has measured too.
    const metrics = await fetch(`http://127.0.0.1:${env['PORT']}/metrics`);
    expect(await metrics.text()).toContain('rollcall_runs_ended_total{connector="people",status="succeeded"} 1');
    started.child.kill('SIGINT');
    const { code, output } = await started.ended;
    expect(output).toMatch(/people-2: succeeded/);
    expect(output).toMatch(/unchanged +30/);
    expect(output).toContain(join(dataDir, 'admin-token'));
    expect(output).toContain('Stopped.');
    expect(code).toBe(0);
    expect(await processesOf(dataDir)).toEqual([]);
  });

  it('ends with 2 when something is held, and says why and how to approve it', async () => {
    writeFileSync(users, toCsv(people(30).slice(0, 10)));
    const { code, output } = await start(['--once', '--users', users], env).ended;
    expect(output).toMatch(/people-3: held/);
    expect(output).toMatch(/approve people-3 --hash [0-9a-f]{64}/);
    expect(code).toBe(2);
  });

  it('ends with 1 when a run fails, here because an id stands twice in the file', async () => {
    const config = join(folder, 'twice.yaml');
    writeFileSync(join(folder, 'twice.csv'), 'id,username\n1,anna\n1,ben\n');
    writeFileSync(
      config,
      [
        'targets:',
        `  - { id: jira, type: jira, baseUrl: "http://127.0.0.1:${env['JIRA_SIM_PORT']}", auth: { type: pat, token: sim-token } }`,
        'connectors:',
        '  - { id: twice, target: jira, source: { type: file, users: twice.csv } }',
      ].join('\n')
    );
    const { code, output } = await start(['--config', config, '--once'], env).ended;
    expect(output).toMatch(/twice-1: failed.*twice\.csv/);
    expect(code).toBe(1);
  });

  it('ends when the process that started it is gone, in the middle of the start too', async () => {
    const started = start(['--users', users], env);
    await started.printed('ready after');
    started.child.disconnect();
    await started.ended;
    expect(await processesOf(dataDir)).toEqual([]);
  });
});
