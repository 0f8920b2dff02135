import { migrationReportId } from '../../domain/ids';
import type { MigrationItem, MigrationResult } from '../../domain/migration';
import { MIGRATION_HEAD, migrationPage } from '../../store/shard-pages';
import { run } from '../cli/support';
import { ADMIN_TOKEN, TARGET, startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

const PATH = '/api/v1/targets/jira/migration-report';
const RESULT: MigrationResult = {
  readAt: '2026-03-02T11:00:00.000Z',
  pages: 1,
  accounts: 2,
  counts: { shadows: 1, nameMismatch: 0, leads: 0 },
  directories: { '1': 2 },
  notes: ['a note'],
};
const item = (n: number, more: Partial<MigrationItem> = {}): MigrationItem => ({
  account: { key: `K${n}`, username: `user${n}`, email: null, displayName: `User ${n}`, active: true },
  directory: { directoryId: '1', directoryName: 'Internal', active: true },
  shadows: [],
  leads: [],
  link: null,
  findings: [],
  ...more,
});
const HIDDEN = { directoryId: '10000', directoryName: 'LDAP', active: true };

describe('/targets/{id}/migration-report', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('migration');
    await api.ask('/api/v1/targets', { body: TARGET });
    api.gateway.onTask = async (requestId) => {
      const id = migrationReportId('jira');
      const items = [item(1), item(2, { shadows: [HIDDEN], findings: ['shadows'] })];
      await api.store.snapshots.putArtifact(id, migrationPage(0), items);
      await api.store.snapshots.putArtifact(id, MIGRATION_HEAD, RESULT);
      const end = { status: 'done', runId: null, error: null, finishedAt: RESULT.readAt } as const;
      await api.store.requests.finish(requestId, { ...end, result: RESULT as never });
    };
  });
  afterAll(async () => api.stop());

  it('refuses to show what nobody has asked for, and knows no unknown target', async () => {
    expect(await api.ask(PATH)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('POST') } });
    expect(await api.ask('/api/v1/targets/nobody/migration-report')).toMatchObject({ status: 404 });
    const asked = await api.ask('/api/v1/targets/nobody/migration-report', { method: 'POST' });
    expect(asked).toMatchObject({ status: 404 });
  });

  it('is made by a task and then shown, filtered', async () => {
    const { status, body } = await api.ask(PATH, { method: 'POST' });
    expect(status).toBe(202);
    const { requestId } = body as { requestId: string };
    expect((await api.ask(`/api/v1/requests/${requestId}`)).body).toMatchObject({ status: 'done' });
    expect((await api.ask(PATH)).body).toMatchObject({ accounts: 2, items: { length: 2 }, notes: ['a note'] });
    expect((await api.ask(`${PATH}?finding=shadows`)).body).toMatchObject({ items: [{ account: { key: 'K2' } }] });
    expect(await api.ask(`${PATH}?finding=other`)).toMatchObject({ status: 400 });
  });

  it('is what `rollcall migrate report` shows', async () => {
    const { out, code } = await run(['--url', api.url, 'migrate', 'report', 'jira'], { ROLLCALL_TOKEN: ADMIN_TOKEN });
    expect(code).toBe(0);
    expect(out).toMatch(/^user2 +K2 +Internal +LDAP/m);
    expect(out).toMatch(/^note +a note$/m);
  });

  it('goes with its target', async () => {
    expect(await api.ask('/api/v1/targets/jira', { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(await api.store.snapshots.artifact(migrationReportId('jira'), MIGRATION_HEAD)).toBeNull();
  });
});
