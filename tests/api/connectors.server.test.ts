import { TemporalUnavailable } from '../../api/gateway-errors';
import { TARGET, connector, startTestApi } from './support/test-api';
import type { Answer, TestApi } from './support/test-api';

interface Shown {
  readonly id: string;
  readonly version: number;
  readonly config: Record<string, unknown>;
  readonly state: Record<string, unknown>;
  readonly warnings: readonly string[];
}
const shown = (answer: Answer): Shown => answer.body as Shown;

describe('connectors', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('api-connectors');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/targets', { body: { ...TARGET, id: 'jira-two' } });
  });
  afterAll(() => api.stop());

  const create = (id: string, more: Record<string, unknown> = {}) =>
    api.ask('/api/v1/connectors', { body: connector(id, more) });
  const put = (id: string, body: unknown, version: number) =>
    api.ask(`/api/v1/connectors/${id}`, { method: 'PUT', body, headers: { 'if-match': `"${version}"` } });

  it('creates a connector, tells its workflow and shows the next three runs', async () => {
    const created = await create('new');
    expect(created.status).toBe(201);
    expect(shown(created)).toMatchObject({ id: 'new', target: 'jira', version: 1, warnings: [] });
    expect(shown(created).state).toEqual({
      paused: false,
      deleting: false,
      openHold: null,
      lastRun: null,
      firstRunOver: false,
      schedule: { cron: '0 2 * * *', timezone: 'UTC', enabled: true, jitterSeconds: 60 },
      scheduleWords: 'At 02:00 (UTC)',
      nextFires: ['2026-03-03T02:00:00.000Z', '2026-03-04T02:00:00.000Z', '2026-03-05T02:00:00.000Z'],
    });
    expect(api.gateway.told.at(-1)).toMatchObject({ update: 'reconfigure', connectorId: 'new' });
    const { warnings: _warnings, ...stored } = shown(created);
    expect((await api.ask('/api/v1/connectors/new')).body).toEqual(stored);
  });

  it('names every wrong field, and the nearest known key', async () => {
    const answer = await create('bad', { shedule: {}, schedule: { cron: 'never' }, source: { type: 'file' } });
    expect(answer.status).toBe(422);
    const { errors } = answer.body as { errors: { path: string; message: string }[] };
    expect(errors.map(({ path }) => path)).toEqual(expect.arrayContaining(['shedule', 'source.users']));
    expect(errors.find(({ path }) => path === 'shedule')?.message).toContain('schedule');
  });

  it('refuses a target that is not there', async () => {
    const answer = await create('lost', { target: 'nowhere' });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ path: 'target' }] });
  });

  it('saves all the same while Temporal is away, and warns', async () => {
    api.gateway.failure = new TemporalUnavailable('Temporal cannot be reached.');
    const created = await create('early');
    api.gateway.failure = null;
    expect(created.status).toBe(201);
    expect(shown(created).warnings).toHaveLength(1);
    expect((await api.ask('/api/v1/connectors/early')).status).toBe(200);
  });

  it('saves a new version with If-Match and keeps the old ones', async () => {
    await create('versions');
    const changed = await put('versions', connector('versions', { name: 'Changed' }), 1);
    expect(changed.status).toBe(200);
    expect(shown(changed)).toMatchObject({ version: 2, config: { name: 'Changed' } });
    expect(changed.headers.get('etag')).toBe('"2"');
    expect(api.gateway.told.at(-1)).toMatchObject({ update: 'reconfigure', input: { configVersion: 2 } });
    const stale = await put('versions', connector('versions'), 1);
    expect(stale.status).toBe(412);
    const blind = await api.ask('/api/v1/connectors/versions', { method: 'PUT', body: connector('versions') });
    expect(blind.status).toBe(428);
    expect((await api.store.connectors.version('versions', 1))?.config).not.toHaveProperty('name');
  });

  it('lets only one of two simultaneous changes through', async () => {
    await create('raced');
    const answers = await Promise.all(['A', 'B', 'C'].map((name) => put('raced', connector('raced', { name }), 1)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  it('rule 1.1: refuses another source or target once the connector has links, with the way out', async () => {
    await create('linked');
    const before = await put('linked', connector('linked', { target: 'jira-two' }), 1);
    expect(before.status).toBe(200);
    await api.store.links.acquire({
      connectorId: 'linked',
      requests: [{ externalId: 'id-1', create: { targetId: 'jira-two', usernameKey: 'ada' } }],
      owner: 'test',
      token: 'token',
      now: 0,
      until: 1,
    });
    const after = await put('linked', connector('linked', { target: 'jira' }), 2);
    expect(after.status).toBe(422);
    expect(after.body).toMatchObject({
      type: 'urn:rollcall:problem:source-identity',
      errors: [{ path: 'target' }],
      detail: expect.stringContaining('Create a second connector'),
    });
    expect((await put('linked', connector('linked', { target: 'jira-two', name: 'Fine' }), 2)).status).toBe(200);
  });

  it('goes on with the run numbers when a removed id is used again', async () => {
    await api.store.runs.open({
      id: 'again-7',
      connectorId: 'again',
      targetId: 'jira',
      n: 7,
      mode: 'sync',
      trigger: 'manual',
      requestId: null,
      configVersion: 1,
      startedAt: '2026-01-01T00:00:00.000Z',
      missedTicks: 0,
      planRunId: null,
      selection: null,
    });
    expect(shown(await create('again')).state).toMatchObject({ lastRun: 'again-7' });
  });

  it('pauses, resumes and asks for runs', async () => {
    await create('told');
    const command = (name: string, body?: unknown) =>
      api.ask(`/api/v1/connectors/told/${name}`, body === undefined ? { method: 'POST' } : { body });
    const run = await command('runs', { mode: 'sync' });
    expect(run.status).toBe(202);
    expect(run.body).toEqual({ requestId: expect.any(String), runId: 'told-1' });
    expect((await command('pause')).status).toBe(202);
    const refused = await command('runs', { mode: 'preview' });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ type: 'urn:rollcall:problem:connector-paused' });
    expect((await command('resume')).status).toBe(202);
    expect((await command('runs', { mode: 'preview' })).body).toMatchObject({ runId: 'told-2' });
    const handover = await command('runs', { mode: 'handover' });
    expect(handover.status).toBe(422);
    expect(handover.body).toMatchObject({ errors: [{ path: 'mode', message: 'must be one of sync, preview, drift' }] });
  });

  it('removes a connector by its workflow, and takes no commands afterwards', async () => {
    await create('gone');
    const removed = await api.ask('/api/v1/connectors/gone', { method: 'DELETE' });
    expect(removed.status).toBe(202);
    expect(api.gateway.told.at(-1)).toMatchObject({ update: 'remove', input: { whenConnectorIsDeleted: 'release' } });
    await api.store.connectors.patch('gone', { deleting: true });
    const late = await api.ask('/api/v1/connectors/gone/runs', { body: { mode: 'sync' } });
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({ type: 'urn:rollcall:problem:connector-removed' });
    expect((await put('gone', connector('gone'), 1)).status).toBe(409);
    expect(shown(await api.ask('/api/v1/connectors/gone')).state).toMatchObject({ deleting: true, nextFires: [] });
  });

  it('answers 404 for a connector that is not there, whatever is asked', async () => {
    for (const path of ['', '/runs', '/test', '/pause']) {
      const method = path === '' || path === '/runs' ? 'GET' : 'POST';
      expect((await api.ask(`/api/v1/connectors/absent${path}`, { method })).status).toBe(404);
    }
    expect((await api.ask('/api/v1/connectors/absent/runs', { body: { mode: 'sync' } })).status).toBe(404);
  });

  it('lists all connectors in pages', async () => {
    const seen: string[] = [];
    let path: string | null = '/api/v1/connectors?limit=3';
    while (path !== null) {
      const page = (await api.ask(path)).body as { items: { id: string }[]; nextCursor: string | null };
      seen.push(...page.items.map(({ id }) => id));
      path = page.nextCursor === null ? null : `/api/v1/connectors?limit=3&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual((await api.store.connectors.list()).map(({ id }) => id));
  });
});
