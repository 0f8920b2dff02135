import type { ObservedDifference } from '../../domain/observe';
import { NOTHING_OBSERVED } from '../../domain/observe';
import { OBSERVED_SINCE, observePage } from '../../store/shard-pages';
import { run } from '../cli/support';
import { seedRun } from './support/seed';
import { ADMIN_TOKEN, TARGET, connector, startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

const PATH = '/api/v1/connectors/corp/observe-report';
const PLANNED = { denominators: { activeManaged: 0, ownedMemberships: 0, linkedGroups: 0 } };
const difference = (n: number, changes: Partial<ObservedDifference> = {}): ObservedDifference => ({
  externalId: `id-${n}`,
  account: { key: `K${n}`, username: `user${n}` },
  what: 'active',
  group: null,
  jira: true,
  rollcall: false,
  cause: 'notDone',
  verdict: 'wronglyAlive',
  held: false,
  reasons: [{ code: 'disabled', rule: '3.1' }],
  ...changes,
});

describe('GET /connectors/{id}/observe-report', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('observe');
    await api.ask('/api/v1/targets', { body: TARGET });
    for (const id of ['corp', 'other']) await api.ask('/api/v1/connectors', { body: connector(id) });
    await seedRun(api.store, 'corp-4', { n: 4, shards: 1, status: 'planned' });
    await api.store.connectors.patch('corp', { planned: { runId: 'corp-4', ...PLANNED } });
  });
  afterAll(async () => api.stop());

  it('refuses where the last run has observed nothing', async () => {
    expect(await api.ask(PATH)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('set mode observe') },
    });
  });

  describe('after an observing run', () => {
    beforeAll(async () => {
      const [template] = await api.store.plans.shards('corp-4');
      if (template === undefined) throw new Error('the seed has no shard');
      const observe = { ...NOTHING_OBSERVED, people: 9, differences: 2, wronglyAlive: 1, notDone: 2 };
      await api.store.plans.putShard({ ...template, observe }, []);
      const since = { runId: 'corp-3', readAt: '2026-03-01T11:00:00.000Z' };
      await api.store.snapshots.putArtifact('corp-4', OBSERVED_SINCE, { since });
      const group = difference(2, { what: 'group', group: 'team', verdict: null, cause: 'changedInJira' });
      await api.store.snapshots.putArtifact('corp-4', observePage(0), [difference(1), group]);
    });

    it('shows the differences and with which run was compared', async () => {
      expect((await api.ask(PATH)).body).toMatchObject({
        runId: 'corp-4',
        since: { runId: 'corp-3' },
        counts: { people: 9, wronglyAlive: 1 },
        items: [{ externalId: 'id-1' }, { externalId: 'id-2', group: 'team' }],
      });
    });

    it('filters', async () => {
      expect((await api.ask(`${PATH}?verdict=wronglyAlive`)).body).toMatchObject({ items: [{ externalId: 'id-1' }] });
      expect((await api.ask(`${PATH}?cause=changedInJira`)).body).toMatchObject({ items: [{ externalId: 'id-2' }] });
    });

    it('knows no run of another connector, and refuses what it does not know', async () => {
      await seedRun(api.store, 'other-1', { connectorId: 'other', shards: 1 });
      expect(await api.ask(`${PATH}?run=other-1`)).toMatchObject({ status: 404 });
      expect(await api.ask(`${PATH}?verdict=dead`)).toMatchObject({ status: 400 });
      expect(await api.ask(`${PATH}?cursor=9`)).toMatchObject({ status: 400 });
    });

    it('is what `rollcall observe report` shows', async () => {
      const { out } = await run(['--url', api.url, 'observe', 'report', 'corp'], { ROLLCALL_TOKEN: ADMIN_TOKEN });
      expect(out).toMatch(/^id-1 +user1 +active +true +false +notDone +wronglyAlive +3\.1 disabled$/m);
      expect(out).toMatch(/^since +corp-3/m);
    });
  });
});
