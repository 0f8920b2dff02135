import { run } from '../cli/support';
import { seedRun } from './support/seed';
import { ADMIN_TOKEN, TARGET, connector, startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';
import { HANDOVER_KEYS, NO_HANDOVER } from '../../domain/handover';
import { HANDOVER_GROUPS, handoverPage } from '../../store/shard-pages';

const PATH = '/api/v1/connectors/corp/handover';
const left = (side: 'new' | 'old', externalId: string, what: 'person' | 'group' = 'person') => ({
  side,
  what,
  externalId,
  name: `name-${externalId}`,
  reasons: [{ code: 'handoverUnmatched', rule: '1.6' }],
});

describe('hand-over over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('handover');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/targets', { body: { ...TARGET, id: 'other' } });
    for (const id of ['corp', 'old']) await api.ask('/api/v1/connectors', { body: connector(id) });
    await api.ask('/api/v1/connectors', { body: connector('elsewhere', { target: 'other' }) });
  });
  afterAll(async () => api.stop());

  it('asks the workflow for a plan, and keeps what was asked for with the request', async () => {
    const { status, body } = await api.ask(PATH, { body: { from: 'old', matchBy: ['email'] } });
    expect(status).toBe(202);
    expect(api.gateway.told.at(-1)).toMatchObject({ update: 'requestSync', input: { mode: 'handover' } });
    const { requestId } = body as { requestId: string };
    expect(await api.store.requests.get(requestId)).toMatchObject({
      input: { mode: 'handover', from: 'old', matchBy: ['email'] },
    });
  });

  it.each([
    [{ from: 'corp' }, 422],
    [{ from: 'nobody' }, 422],
    [{ from: 'elsewhere' }, 422],
    [{ from: 'old', matchBy: [] }, 422],
    [{ from: 'old', matchBy: ['name'] }, 422],
    [{}, 422],
  ])('refuses %j', async (body, status) => {
    expect(await api.ask(PATH, { body })).toMatchObject({ status });
  });

  it('answers 404 for an unknown connector', async () => {
    expect(await api.ask('/api/v1/connectors/nobody/handover', { body: { from: 'old' } })).toMatchObject({
      status: 404,
    });
  });

  describe('with a plan', () => {
    const RUN = 'corp-8';
    beforeAll(async () => {
      await seedRun(api.store, RUN, {
        n: 8,
        mode: 'handover',
        shards: 1,
        status: 'planned',
        handover: { from: 'old', matchBy: [...HANDOVER_KEYS] },
      });
      const [template] = await api.store.plans.shards(RUN);
      if (template === undefined) throw new Error('the seed has no shard');
      await api.store.plans.putShard({ ...template, handover: { ...NO_HANDOVER, email: 5, unmatchedNew: 1 } }, []);
      await api.store.plans.putShard(
        { ...template, shard: 'groups', handover: { ...NO_HANDOVER, groups: 2, groupsLeft: 1 } },
        []
      );
      await api.store.snapshots.putArtifact(RUN, HANDOVER_GROUPS, [left('old', 'g-1', 'group')]);
      await api.store.snapshots.putArtifact(RUN, handoverPage(0), [left('new', 'n-1'), left('old', 'o-1')]);
    });

    it('shows what moves and who is left, groups first', async () => {
      const { body } = await api.ask(`/api/v1/runs/${RUN}/handover`);
      expect(body).toMatchObject({
        from: 'old',
        counts: { email: 5, unmatchedNew: 1, groups: 2, groupsLeft: 1 },
        items: [{ externalId: 'g-1' }, { externalId: 'n-1' }, { externalId: 'o-1' }],
        nextCursor: null,
      });
      expect((await api.ask(`/api/v1/runs/${RUN}/handover?side=new`)).body).toMatchObject({
        items: [{ externalId: 'n-1' }],
      });
    });

    it('pauses the former connector before the approval is carried out', async () => {
      const stored = await api.store.runs.get(RUN);
      const before = api.gateway.told.length;
      const approved = await api.ask(`/api/v1/runs/${RUN}/approve`, { body: { hash: stored?.planHash } });
      expect(approved.status).toBe(202);
      const told = api.gateway.told.slice(before);
      expect(told.map(({ update, connectorId }) => [update, connectorId])).toEqual([
        ['pause', 'old'],
        ['applyPlan', 'corp'],
      ]);
    });

    it('is what `rollcall handover` asks for and shows', async () => {
      const rollcall = (...line: readonly string[]) =>
        run(['--url', api.url, 'handover', ...line], { ROLLCALL_TOKEN: ADMIN_TOKEN });
      expect((await rollcall('plan', 'corp', '--from', 'old', '--match-by', 'key,email')).out).toMatch(/^corp-\d+\n$/);
      expect((await rollcall('show', RUN)).out).toMatch(/^new +person +n-1 +name-n-1 +1\.6 handoverUnmatched$/m);
      expect(await rollcall('plan', 'corp', '--from', 'corp')).toMatchObject({ code: 64 });
    });

    it('refuses to show what is no hand-over', async () => {
      await seedRun(api.store, 'corp-9', { n: 9, shards: 1, status: 'planned' });
      expect(await api.ask('/api/v1/runs/corp-9/handover')).toMatchObject({ status: 409 });
    });
  });
});
