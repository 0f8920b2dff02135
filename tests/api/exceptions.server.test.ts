import { TARGET, connector, startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

const PATH = '/api/v1/connectors/corp/exceptions';
/** The clock of the test API stands on 2 March 2026. */
const DAY = { kind: 'creates', count: 900, from: '2026-03-02', to: '2026-03-02', reason: 'school year' };

describe('/connectors/{id}/exceptions', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('exceptions');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('corp', { safety: { onExceed: 'holdRun' } }) });
  });
  afterAll(async () => api.stop());

  const items = async () =>
    ((await api.ask(PATH)).body as { items: { id: string; reason: string; state: string }[] }).items;
  const version = async () => (await api.store.connectors.get('corp'))?.version;
  let id: string;

  it('adds one as a new version of the connector, tells the workflow, and writes it into the audit log', async () => {
    const { status, body } = await api.ask(PATH, { body: DAY });
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: 'creates', count: 900, state: 'active', to: '2026-03-03T00:00:00.000Z' });
    ({ id } = body as { id: string });
    expect(await items()).toMatchObject([{ id, state: 'active' }]);
    expect(await version()).toBe(2);
    expect(api.gateway.told.at(-1)).toMatchObject({ update: 'reconfigure', input: { configVersion: 2 } });
    const [event] = (await api.store.audit.list({ limit: 1, cursor: null })).items;
    expect(event).toMatchObject({
      action: 'exception.add',
      subject: 'corp',
      by: 'admin',
      details: { id, count: 900, version: 2 },
    });
  });

  it('leaves the rest of the configuration as it is', async () => {
    const { body } = await api.ask('/api/v1/connectors/corp');
    expect(body).toMatchObject({ config: { safety: { onExceed: 'holdRun', exceptions: [DAY] } } });
  });

  it('adds the same one once', async () => {
    expect(await api.ask(PATH, { body: DAY })).toMatchObject({ status: 201, body: { id } });
    expect([await version(), (await items()).length]).toEqual([2, 1]);
  });

  it('shows one that is over until another one is added', async () => {
    api.setTime('2026-03-05T12:00:00.000Z');
    expect(await items()).toMatchObject([{ id, state: 'over' }]);
    await api.ask(PATH, { body: { ...DAY, from: '2026-04-01', to: '2026-04-02', reason: 'later' } });
    expect(await items()).toMatchObject([{ reason: 'later', state: 'planned' }]);
  });

  it('removes one before its time, once', async () => {
    const [later] = await items();
    expect(await api.ask(`${PATH}/${later?.id ?? ''}`, { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(await items()).toEqual([]);
    expect(await api.ask(`${PATH}/${later?.id ?? ''}`, { method: 'DELETE' })).toMatchObject({ status: 404 });
    const [event] = (await api.store.audit.list({ limit: 1, cursor: null })).items;
    expect(event).toMatchObject({ action: 'exception.remove', details: { id: later?.id } });
  });

  it.each([
    [{ ...DAY, kind: 'everything' }, 'kind'],
    [{ ...DAY, percent: 3 }, 'count'],
    [{ ...DAY, more: 1 }, ''],
    [[], ''],
  ])('refuses %j with 422', async (body, path) => {
    const refused = await api.ask(PATH, { body });
    expect(refused.status).toBe(422);
    expect((refused.body as { errors: { path: string }[] }).errors.map((error) => error.path)).toContain(path);
  });

  it('answers 404 for an unknown connector', async () => {
    expect(await api.ask('/api/v1/connectors/nobody/exceptions')).toMatchObject({ status: 404 });
    expect(await api.ask('/api/v1/connectors/nobody/exceptions', { body: DAY })).toMatchObject({ status: 404 });
  });
});
