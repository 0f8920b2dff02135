import { operationId } from '../../domain/ids';
import type { Phase } from '../../domain/operation';
import type { OperationRecord, PlanShardRecord } from '../../store/records';
import { openTestStore } from './support';
import type { StoreUnderTest } from './support';

function operation(runId: string, n: number, changes: Partial<OperationRecord> = {}): OperationRecord {
  const [phase, shard]: [Phase, string] = [6, 's0000'];
  return {
    id: operationId(runId, phase, shard, n),
    runId,
    shard,
    n,
    phase,
    kind: 'createUser',
    targetKey: null,
    externalId: `u${n}`,
    before: null,
    after: { username: `u${n}`, 'custom.$field': ['x'] },
    reasons: [{ code: 'new', rule: '1.1' }],
    seq: null,
    digest: `d${n}`,
    gateKinds: ['creates'],
    follows: [],
    heldByRule: false,
    linkVersion: 0,
    status: 'planned',
    token: null,
    appliedBy: null,
    error: null,
    username: `u${n}`,
    ...changes,
  };
}
function shard(runId: string, changes: Partial<PlanShardRecord> = {}): PlanShardRecord {
  return {
    runId,
    shard: 's0000',
    cells: [{ phase: 6, count: 3 }],
    gateCounts: { creates: 3 },
    removals: { 'jira.$users': 2 },
    users: 3,
    activeManaged: 0,
    ownedMemberships: 0,
    foreignMemberships: 0,
    touchesExisting: false,
    heldByRule: 0,
    ...changes,
  };
}
const NUMBERS = [0, 1, 2];

describe('plans', () => {
  let test: StoreUnderTest;
  beforeAll(async () => {
    test = await openTestStore('plans');
  });
  afterAll(() => test.remove());

  /** A plan of three operations, sealed as 1, 2, 3. */
  async function sealed(runId: string): Promise<readonly string[]> {
    const operations = NUMBERS.map((n) => operation(runId, n));
    await test.store.plans.putShard(shard(runId), operations);
    const ids = operations.map(({ id }) => id);
    const seals = ids.map((id, at) => ({
      id,
      seq: at + 1,
      status: 'planned' as const,
      gateKinds: ['creates'] as const,
    }));
    await test.store.plans.seal(seals);
    return ids;
  }
  const statuses = async (runId: string): Promise<string[]> =>
    (await test.store.plans.page(runId, 1, 99)).map(({ status }) => status);

  it('gives the operations of a cell back as they were, in order', async () => {
    const { plans } = test.store;
    const operations = NUMBERS.map((n) => operation('cell-1', n));
    await plans.putShard(shard('cell-1'), [...operations].reverse());
    expect(await plans.cell('cell-1', 6, 's0000', 0, 2)).toEqual(operations);
    expect(await plans.cell('cell-1', 6, 's0000', 1, 1)).toEqual([operations[1]]);
    expect(await plans.cell('cell-1', 8, 's0000', 0, 2)).toEqual([]);
    expect(await plans.cell('cell-1', 6, 's0000', 3, 2)).toEqual([]);
  });

  it('overwrites a shard that is planned again, and lists the shards of a run by name', async () => {
    const { plans } = test.store;
    await plans.putShard(shard('shards-1', { shard: 's0001' }), []);
    await plans.putShard(shard('shards-1'), [operation('shards-1', 0)]);
    await plans.putShard(shard('shards-1', { users: 9 }), [operation('shards-1', 0, { digest: 'new' })]);
    expect(await plans.shards('shards-1')).toEqual([
      shard('shards-1', { users: 9 }),
      shard('shards-1', { shard: 's0001' }),
    ]);
    expect((await plans.cell('shards-1', 6, 's0000', 0, 0))[0]?.digest).toBe('new');
    expect(await plans.shards('shards-10')).toEqual([]);
  });

  it('pages a sealed plan by its dense numbers', async () => {
    await sealed('pages-1');
    const page = await test.store.plans.page('pages-1', 2, 5);
    expect(page.map(({ seq, externalId }) => [seq, externalId])).toEqual([
      [2, 'u1'],
      [3, 'u2'],
    ]);
    expect(await test.store.plans.page('pages-1', 4, 9)).toEqual([]);
  });

  it('leaves a sealed plan alone when a late attempt plans the shard again', async () => {
    await sealed('late-1');
    await test.store.plans.putShard(shard('late-1'), [operation('late-1', 0, { digest: 'late' })]);
    const [first] = await test.store.plans.page('late-1', 1, 1);
    expect(first).toMatchObject({ seq: 1, digest: 'd0' });
  });

  it('leaves results alone when a late attempt seals again', async () => {
    const { plans } = test.store;
    const [id] = await sealed('reseal-1');
    await plans.markApplying([id!], 't1', 'reseal-1');
    await plans.flush([{ id: id!, token: 't1', status: 'done', error: null }]);
    await plans.seal([{ id: id!, seq: 1, status: 'planned', gateKinds: [] }]);
    expect((await plans.page('reseal-1', 1, 1))[0]).toMatchObject({ status: 'done', gateKinds: ['creates'] });
  });

  it('rule 3.3: marks before the first call what is planned, held or left applying, nothing else', async () => {
    const { plans } = test.store;
    const [a, b, c] = await sealed('marked-1');
    await plans.setStatus([a!], ['planned'], 'held');
    await plans.setStatus([c!], ['planned'], 'cancelled');
    await plans.markApplying([a!, b!, c!], 't1', 'marked-2');
    expect(await statuses('marked-1')).toEqual(['applying', 'applying', 'cancelled']);
    await plans.markApplying([a!, b!, c!], 't2', 'marked-2');
    expect((await plans.page('marked-1', 1, 3)).map(({ token, appliedBy }) => [token, appliedBy])).toEqual([
      ['t2', 'marked-2'],
      ['t2', 'marked-2'],
      [null, null],
    ]);
  });

  it('rule 2.2: an attempt that was overtaken stores no result', async () => {
    const { plans } = test.store;
    const [a, b] = await sealed('fenced-1');
    await plans.markApplying([a!, b!], 'old', 'fenced-1');
    await plans.markApplying([a!], 'new', 'fenced-1');
    await plans.flush([
      { id: a!, token: 'old', status: 'failed', error: 'late' },
      { id: b!, token: 'old', status: 'done', error: null },
    ]);
    expect(await statuses('fenced-1')).toEqual(['applying', 'done', 'planned']);
    await plans.flush([{ id: a!, token: 'new', status: 'done', error: null }]);
    await plans.flush([{ id: a!, token: 'new', status: 'done', error: null }]);
    expect((await plans.page('fenced-1', 1, 1))[0]).toMatchObject({ status: 'done', error: null, token: 'new' });
  });

  it('sets a status only where the expected one stands', async () => {
    const { plans } = test.store;
    const ids = await sealed('set-1');
    await plans.setStatus(ids.slice(0, 1), ['planned'], 'done');
    await plans.setStatus(ids, ['planned', 'held'], 'cancelled');
    expect(await statuses('set-1')).toEqual(['done', 'cancelled', 'cancelled']);
  });

  it('purges the plan of a run in bounded steps, operations nobody numbered included', async () => {
    const { plans } = test.store;
    await sealed('purged-1');
    await plans.putShard(shard('purged-1', { shard: 's0001' }), [operation('purged-1', 9)]);
    await sealed('purged-12');
    const steps = [];
    for (let step = 0; step < 4; step++) steps.push(await plans.purge('purged-1', 3));
    expect(steps).toEqual([3, 3, 0, 0]);
    expect(await plans.shards('purged-1')).toEqual([]);
    expect(await statuses('purged-12')).toHaveLength(3);
  });
});
