import { countOperation, countOutcome, emptyCounts } from '../../domain/counts';
import { InvalidCursorError } from '../../store/ranges';
import { newRun, openTestStore } from './support';
import type { StoreUnderTest } from './support';

describe('runs', () => {
  let test: StoreUnderTest;
  beforeAll(async () => {
    test = await openTestStore('runs');
  });
  afterAll(() => test.remove());

  async function openMany(connectorId: string, numbers: readonly number[]): Promise<void> {
    for (const n of numbers) await test.store.runs.open(newRun({ id: `${connectorId}-${n}`, connectorId, n }));
  }

  async function pages(connectorId: string | null, limit: number): Promise<string[][]> {
    const found: string[][] = [];
    let cursor: string | null = null;
    do {
      const page = await test.store.runs.list({ ...(connectorId === null ? {} : { connectorId }), limit, cursor });
      found.push(page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  }

  it('opens a run once: a repetition answers with the one that is there', async () => {
    const { runs } = test.store;
    const opened = await runs.open(newRun({ id: 'once-1', connectorId: 'once', n: 1, requestId: 'r' }));
    expect(opened).toMatchObject({ status: 'running', phase: 'open', progress: { done: 0, total: 0 }, plan: null });
    await runs.patch('once-1', { phase: 'plan', warnings: ['w'] });
    const again = await runs.open(newRun({ id: 'once-1', connectorId: 'once', n: 1, requestId: 'other' }));
    expect(again).toMatchObject({ phase: 'plan', warnings: ['w'], requestId: 'r' });
    expect(again).toEqual(await runs.get('once-1'));
  });

  it('opens one run for several that ask at once', async () => {
    const asks = Array.from({ length: 6 }, () =>
      test.store.runs.open(newRun({ id: 'many-1', connectorId: 'many', n: 1 }))
    );
    expect(new Set((await Promise.all(asks)).map((run) => JSON.stringify(run))).size).toBe(1);
    expect(await pages('many', 5)).toEqual([['many-1']]);
  });

  it('knows nothing of a run that was never opened', async () => {
    expect(await test.store.runs.get('none-1')).toBeNull();
    expect(await test.store.runs.list({ connectorId: 'none', limit: 5, cursor: null })).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it('moves the status by compare-and-set: one of several', async () => {
    const { runs } = test.store;
    await openMany('moved', [1]);
    await runs.patch('moved-1', { status: 'held' });
    const ends = ['approved', 'rejected', 'superseded', 'expired'] as const;
    const moves = await Promise.all(ends.map((status) => runs.move('moved-1', ['held'], { status, error: status })));
    expect(moves.filter(Boolean)).toHaveLength(1);
    const end = ends[moves.indexOf(true)];
    expect(await runs.get('moved-1')).toMatchObject({ status: end, error: end });
  });

  it('adds an approval once, however often it is repeated', async () => {
    const { runs } = test.store;
    await openMany('approved', [1]);
    const approval = { by: 'ann', at: '2026-03-01T03:00:00.000Z', only: { kinds: ['removals'] } } as const;
    await runs.addApproval('approved-1', approval);
    await runs.addApproval('approved-1', approval);
    await runs.addApproval('approved-1', { ...approval, only: null });
    expect((await runs.get('approved-1'))?.approvals).toEqual([approval, { ...approval, only: null }]);
  });

  it('lists the runs of a connector newest first, page by page', async () => {
    await openMany('paged', [1, 2, 3, 4, 5, 6, 7]);
    expect(await pages('paged', 3)).toEqual([
      ['paged-7', 'paged-6', 'paged-5'],
      ['paged-4', 'paged-3', 'paged-2'],
      ['paged-1'],
    ]);
    expect(await pages('paged', 7)).toHaveLength(1);
  });

  it('steps over the runs of other connectors', async () => {
    await openMany('gaps', [1, 2]);
    await openMany(
      'between',
      Array.from({ length: 40 }, (_, at) => at + 1)
    );
    await openMany('gaps', [3, 4]);
    expect(await pages('gaps', 3)).toEqual([['gaps-4', 'gaps-3', 'gaps-2'], ['gaps-1']]);
  });

  it('adds up the counts of results that come one by one', async () => {
    const { runs } = test.store;
    await openMany('counted', [1]);
    const created = countOutcome(emptyCounts(), 'created');
    await Promise.all([1, 2, 3].map(() => runs.count('counted-1', countOperation(created, 'addMembership'))));
    await runs.count('counted-1', emptyCounts());
    const expected = { ...emptyCounts(), created: 3, membershipsAdded: 3 };
    expect((await runs.get('counted-1'))?.counts).toEqual(expected);
  });

  it('lists the runs of all connectors in the order they were opened, newest first', async () => {
    await openMany('both-a', [1]);
    await openMany('both-b', [1]);
    await openMany('both-a', [2]);
    const ids = (await pages(null, 4)).flat();
    expect(ids.slice(0, 3)).toEqual(['both-a-2', 'both-b-1', 'both-a-1']);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(await test.db.collection('runs').countDocuments({}));
  });

  it('refuses a cursor that it did not give out', async () => {
    const listing = test.store.runs.list({ limit: 5, cursor: "1'; drop" });
    await expect(listing).rejects.toBeInstanceOf(InvalidCursorError);
  });
});
