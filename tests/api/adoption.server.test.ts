import type { AdoptionRecord } from '../../store/records';
import { adoptionPage } from '../../store/shard-pages';
import { run } from '../cli/support';
import { seedRun } from './support/seed';
import { ADMIN_TOKEN, TARGET, connector, startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

const PATH = '/api/v1/connectors/corp/adoption';
const DENOMINATORS = { activeManaged: 0, ownedMemberships: 0, linkedGroups: 0 };

const record = (n: number, kind: AdoptionRecord['kind']): AdoptionRecord => ({
  externalId: `id-${n}`,
  kind,
  by: kind === 'exact' ? 'email' : null,
  wanted: { username: `user${n}`, email: `user${n}@example.com` },
  differences: [],
  accounts: [
    { key: `K${n}`, username: `User${n}`, email: null, displayName: `User ${n}`, active: kind !== 'inactive' },
  ],
  rivals: [],
  reasons: [],
});
const SHARDS = [[record(1, 'exact'), record(2, 'inactive'), record(3, 'exact')], [record(4, 'exact')]] as const;

describe('GET /connectors/{id}/adoption', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('adoption');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('corp') });
  });
  afterAll(async () => api.stop());

  it('refuses where no run has read anything, and knows no unknown connector', async () => {
    expect(await api.ask(PATH)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('make a preview first') },
    });
    expect(await api.ask('/api/v1/connectors/nobody/adoption')).toMatchObject({ status: 404 });
  });

  describe('after a planning', () => {
    beforeAll(async () => {
      await seedRun(api.store, 'corp-7', { n: 7, shards: 2, status: 'held' });
      const [template] = await api.store.plans.shards('corp-7');
      if (template === undefined) throw new Error('the seed has no shard');
      const counts = [{ exact: 2, inactive: 1 }, { exact: 1 }];
      for (const [index, records] of SHARDS.entries()) {
        await api.store.snapshots.putArtifact('corp-7', adoptionPage(index), records);
        const shard = `s000${index}`;
        await api.store.plans.putShard({ ...template, shard, adoption: counts[index] ?? {} }, []);
      }
      await api.store.connectors.patch('corp', { planned: { runId: 'corp-7', denominators: DENOMINATORS } });
    });

    it('sums the shards up and lists their people page by page', async () => {
      const first = await api.ask(`${PATH}?limit=2`);
      expect(first).toMatchObject({
        status: 200,
        body: { runId: 'corp-7', counts: { exact: 3, inactive: 1, ambiguous: 0 }, nextCursor: '0.2' },
      });
      const second = await api.ask(`${PATH}?limit=2&cursor=0.2`);
      const ids = [first, second].flatMap(({ body }) => (body as { items: AdoptionRecord[] }).items);
      expect(ids.map(({ externalId }) => externalId)).toEqual(['id-1', 'id-2', 'id-3', 'id-4']);
      expect(second.body).toMatchObject({ nextCursor: null });
    });

    it('filters by kind and by the beginning of a name', async () => {
      expect(await api.ask(`${PATH}?kind=inactive`)).toMatchObject({ body: { items: [{ externalId: 'id-2' }] } });
      expect(await api.ask(`${PATH}?q=USER4`)).toMatchObject({ body: { items: [{ externalId: 'id-4' }] } });
    });

    it.each(['kind=other', 'cursor=x', 'cursor=-1.0', 'limit=0', 'unknown=1'])('answers 400 to %s', async (query) => {
      expect(await api.ask(`${PATH}?${query}`)).toMatchObject({ status: 400 });
    });

    it('is what `rollcall adoption` shows', async () => {
      const rollcall = (...line: readonly string[]) =>
        run(['--url', api.url, 'adoption', 'corp', ...line], { ROLLCALL_TOKEN: ADMIN_TOKEN });
      expect((await rollcall()).out).toMatch(/^exact +3$/m);
      expect((await rollcall('--kind', 'inactive')).out).toMatch(/^id-2 +inactive +user2 +User2 \(K2\)/m);
      expect(JSON.parse((await rollcall('--json', '--list')).out)).toMatchObject({ items: { length: 4 } });
      expect(await rollcall('--kind', 'other')).toMatchObject({ code: 64 });
    });
  });
});
