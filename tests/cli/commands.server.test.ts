import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedResults, seedRun, HELD_HASH } from '../api/support/seed';
import { ADMIN_TOKEN, TARGET, connector, startTestApi } from '../api/support/test-api';
import type { TestApi } from '../api/support/test-api';
import { run } from './support';
import type { Ran } from './support';

describe('rollcall against the API', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('cli');
    const { source, ...rest } = connector('corp');
    write('target.yaml', { ...TARGET, auth: { type: 'pat', token: '${JIRA_TOKEN}' } });
    write('connector.yaml', { ...rest, source });
    await rollcall('targets', 'create', '-f', file('target.yaml'));
    await rollcall('connectors', 'create', '-f', file('connector.yaml'));
  });
  afterAll(() => api.stop());

  const file = (name: string): string => join(api.folder, name);
  const write = (name: string, value: unknown): void => {
    writeFileSync(file(name), JSON.stringify(value));
  };
  const env = () => ({ ROLLCALL_TOKEN: ADMIN_TOKEN, JIRA_TOKEN: 'pat-of-jira' });
  const rollcall = (...line: readonly string[]): Promise<Ran> => run(['--url', api.url, ...line], env());

  it('creates, lists and shows', async () => {
    expect((await rollcall('targets', 'list')).out).toContain('https://jira.example.com');
    const list = await rollcall('connectors', 'list');
    expect(list.out).toMatch(/^CONNECTOR +SOURCE +TARGET/);
    expect(list.out).toMatch(/^corp +file +jira +active +2026-03-03T02:00:00\.000Z$/m);
    const shown = await rollcall('targets', 'show', 'jira');
    expect(JSON.parse(shown.out)).toMatchObject({ config: { auth: { token: '(secret)' } } });
  });

  it('updates by the version it read', async () => {
    write('changed.yaml', { ...connector('corp'), name: 'Everybody' });
    expect(await rollcall('connectors', 'update', '-f', file('changed.yaml'))).toMatchObject({
      code: 0,
      out: 'updated connector corp (version 2)\n',
    });
  });

  it('names every wrong field of a file: 64', async () => {
    write('wrong.yaml', { ...connector('corp'), sorce: 1 });
    const { code, told } = await rollcall('connectors', 'update', '-f', file('wrong.yaml'));
    expect(code).toBe(64);
    expect(told).toMatch(/ {2}sorce: .*source/);
  });

  it('says what is not there: 1', async () => {
    expect(await rollcall('runs', 'show', 'corp-99')).toMatchObject({
      code: 1,
      told: expect.stringContaining('There is no run "corp-99".'),
    });
  });

  it('asks for a run and prints its id', async () => {
    expect((await rollcall('run', 'corp', '--preview')).out).toMatch(/^corp-\d+\n$/);
    expect(api.gateway.told.at(-1)).toMatchObject({ update: 'requestSync', input: { mode: 'preview' } });
  });

  it('waits for a run that is queued, then running, then held: 2', async () => {
    const states = [
      () => seedRun(api.store, next, { n: 50, operations: 3, status: 'running', phase: 'apply' }),
      () => seedRun(api.store, next, { n: 50, operations: 3, status: 'held' }),
    ];
    const answer = await api.ask('/api/v1/connectors/corp/runs', { body: { mode: 'sync' } });
    const last = Number(/\d+$/.exec((answer.body as { runId: string }).runId)?.[0]);
    const next = `corp-${last + 1}`;
    const { code, out, told } = await run(['--url', api.url, 'run', 'corp', '--wait'], env(), async () => {
      await states.shift()?.();
    });
    expect(told).toContain(`${next}: waiting for its turn`);
    expect(told).toContain(`${next}: apply`);
    expect(out).toContain(`rollcall approve ${next} --hash ${HELD_HASH}`);
    expect(code).toBe(2);
  });

  it('shows plans and results, also as JSON', async () => {
    await seedRun(api.store, 'corp-70', { n: 70, operations: 1_200 });
    await seedResults(api.store, 'corp-70', 700);
    const plan = await rollcall('plan', 'corp-70', '--status', 'held');
    expect(plan.out.trimEnd().split('\n')).toHaveLength(1 + 400);
    expect(plan.told).toContain('1200 operations');
    const asJson = JSON.parse((await rollcall('plan', 'corp-70', '--json')).out) as { items: unknown[] };
    expect(asJson.items).toHaveLength(1_200);
    const failed = await rollcall('results', 'corp-70', '--outcome', 'failed');
    expect(failed.out.trimEnd().split('\n')).toHaveLength(1 + 70);
    const lines = (await rollcall('results', 'corp-70', '--json')).out.trimEnd().split('\n');
    expect(lines).toHaveLength(700);
    expect(lines.map((line) => (JSON.parse(line) as { username: string }).username)[1]).toBe('Zoë000001');
  });

  it('approves a part, and refuses another hash', async () => {
    await seedRun(api.store, 'corp-80', { n: 80, operations: 3, plan: undefined as never });
    const { code, told } = await rollcall('approve', 'corp-80', '--hash', 'f'.repeat(64));
    expect({ code, told }).toMatchObject({ code: 1, told: expect.stringContaining('not the one') });
    expect((await rollcall('approve', 'corp-80', '--hash', HELD_HASH, '--only', 'absent, removals')).code).toBe(0);
    expect(api.gateway.told.at(-1)).toMatchObject({ input: { only: { kinds: ['absent', 'removals'] } } });
    expect((await rollcall('approve', 'corp-80', '--hash', HELD_HASH, '--seqs', '0,2')).code).toBe(0);
    expect(api.gateway.told.at(-1)).toMatchObject({ input: { only: { seqs: [0, 2] } } });
  });

  it('rejects and cancels', async () => {
    await seedRun(api.store, 'corp-90', { n: 90, operations: 3 });
    expect((await rollcall('reject', 'corp-90')).out).toBe('rejected corp-90\n');
    await seedRun(api.store, 'corp-91', { n: 91, operations: 3, status: 'running' });
    expect((await rollcall('cancel', 'corp-91')).out).toBe('asked corp-91 to stop\n');
  });

  it('tests a connection step by step: 1 when a step fails', async () => {
    const step = { name: 'sign in', ok: false, detail: 'refused', remedy: 'give a new token' };
    const { code, out } = await run(['--url', api.url, 'targets', 'test', 'jira'], env(), async () => {
      await api.store.requests.finish(api.gateway.tasks.at(-1) ?? '', {
        status: 'done',
        runId: null,
        result: { ok: false, steps: [step] },
        error: null,
        finishedAt: '2026-03-02T12:00:01.000Z',
      });
    });
    expect(code).toBe(1);
    expect(out).toContain('refused: give a new token');
  });

  it('pauses, resumes, deletes, and shows who did it', async () => {
    expect((await rollcall('connectors', 'pause', 'corp')).out).toBe('paused connector corp\n');
    expect((await rollcall('connectors', 'resume', 'corp')).out).toBe('resumed connector corp\n');
    expect((await rollcall('connectors', 'delete', 'corp')).code).toBe(0);
    const audit = await rollcall('audit', '--limit', '3');
    expect(audit.out).toMatch(/admin +connector\.delete +corp/);
    expect(audit.out.trimEnd().split('\n')).toHaveLength(1 + 3);
  });

  it('takes the token from a file', async () => {
    writeFileSync(file('token'), `${ADMIN_TOKEN}\n`);
    const { code } = await run(['--url', api.url, 'runs', 'list'], { ROLLCALL_TOKEN_FILE: file('token') });
    expect(code).toBe(0);
    expect(await run(['--url', api.url, 'runs', 'list'], { ROLLCALL_TOKEN: 'a-wrong-token' })).toMatchObject({
      code: 1,
      told: expect.stringContaining('The token is not known.'),
    });
  });
});
