import { seedRun } from './support/seed';
import { TARGET, connector, startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

describe('POST /runs/{id}/rollback', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('rollback');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('corp') });
    await seedRun(api.store, 'corp-1', { status: 'succeeded' });
    await seedRun(api.store, 'corp-2', { status: 'running', n: 2 });
    await seedRun(api.store, 'corp-3', { status: 'approved', mode: 'preview', n: 3 });
  });
  afterAll(async () => api.stop());

  it('asks for a run that plans the way back, and writes it into the audit log', async () => {
    const { status, body } = await api.ask('/api/v1/runs/corp-1/rollback', { method: 'POST' });
    expect(status).toBe(202);
    expect(body).toMatchObject({ runId: expect.stringMatching(/^corp-/) });
    expect(api.gateway.told.at(-1)).toMatchObject({
      update: 'requestSync',
      connectorId: 'corp',
      input: { mode: 'rollback', ofRunId: 'corp-1', trigger: 'api' },
    });
    const [event] = (await api.store.audit.list({ limit: 1, cursor: null })).items;
    expect(event).toMatchObject({ action: 'run.rollback', subject: 'corp', details: { ofRunId: 'corp-1' } });
  });

  it.each([
    ['corp-2', 'is not over yet'],
    ['corp-3', 'only made a plan'],
  ])('refuses %s, which %s', async (id, why) => {
    const refused = await api.ask(`/api/v1/runs/${id}/rollback`, { method: 'POST' });
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining(why) } });
  });

  it('answers 404 for an unknown run', async () => {
    expect(await api.ask('/api/v1/runs/corp-99/rollback', { method: 'POST' })).toMatchObject({ status: 404 });
  });
});
