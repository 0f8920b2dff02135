import type { Outcome } from '../../domain/run';
import type { OutcomeRecord } from '../../store/records';
import { openTestStore } from './support';
import type { StoreUnderTest } from './support';

interface Person {
  readonly id: string;
  readonly name: string | null;
  readonly outcome?: Outcome;
}

/** Outcomes numbered as a run closes them. */
function outcomesOf(runId: string, people: readonly Person[]): readonly OutcomeRecord[] {
  const counts = new Map<Outcome, number>();
  return people.map(({ id, name, outcome = 'created' }, at) => {
    const m = (counts.get(outcome) ?? 0) + 1;
    counts.set(outcome, m);
    return {
      runId,
      externalId: id,
      username: name,
      outcome,
      n: at + 1,
      m,
      operations: [{ kind: 'createUser', before: null, after: { 'a.$b': 1 }, status: 'done', error: null }],
      reasons: [{ code: 'new', rule: '1.1' }],
      error: null,
      durationMs: 12,
    };
  });
}

describe('outcomes', () => {
  let test: StoreUnderTest;
  beforeAll(async () => {
    test = await openTestStore('outcomes');
  });
  afterAll(() => test.remove());

  async function put(runId: string, people: readonly Person[]): Promise<void> {
    await test.store.outcomes.put(outcomesOf(runId, people));
  }

  /** All pages of a list, as external ids. */
  async function pages(runId: string, input: { outcome?: Outcome; q?: string; limit: number }): Promise<string[][]> {
    const found: string[][] = [];
    let cursor: string | null = null;
    do {
      const page = await test.store.outcomes.list(runId, { ...input, cursor });
      found.push(page.items.map(({ externalId }) => externalId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  }

  it('gives outcomes back as they were, once each, however often they are put', async () => {
    const given = outcomesOf('same-1', [
      { id: 'u:1', name: 'Zoë' },
      { id: 'u%2', name: null, outcome: 'held' },
    ]);
    await test.store.outcomes.put(given);
    await test.store.outcomes.put(given);
    expect(await test.store.outcomes.list('same-1', { limit: 10, cursor: null })).toEqual({
      items: given,
      nextCursor: null,
    });
  });

  it('pages over all, and over one outcome', async () => {
    const outcomes: readonly Outcome[] = ['created', 'held', 'created', 'failed', 'held'];
    await put(
      'paged-1',
      outcomes.map((outcome, at) => ({ id: `u${at}`, name: `n${at}`, outcome }))
    );
    expect(await pages('paged-1', { limit: 2 })).toEqual([['u0', 'u1'], ['u2', 'u3'], ['u4']]);
    expect(await pages('paged-1', { limit: 1, outcome: 'held' })).toEqual([['u1'], ['u4']]);
    expect(await pages('paged-1', { limit: 5, outcome: 'deleted' })).toEqual([[]]);
    expect(await pages('paged-1', { limit: 5, q: '' })).toHaveLength(1);
  });

  it('finds usernames by their beginning, in any case and script, each once over all pages', async () => {
    await put('search-1', [
      { id: '1', name: 'Müller' },
      { id: '2', name: 'mu\u0308ller.2' },
      { id: '3', name: 'mulder' },
      { id: '4', name: 'MÜ🦊' },
      { id: '5', name: 'mü\uFB01' },
      { id: '6', name: null },
      { id: '7', name: 'müller' },
    ]);
    const found = await pages('search-1', { limit: 2, q: 'MÜ' });
    expect(found.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(new Set(found.flat())).toEqual(new Set(['1', '2', '4', '5', '7']));
    expect(found.flat().slice(0, 2)).toEqual(['1', '7']);
    expect(await pages('search-1', { limit: 9, q: 'mü.' })).toEqual([[]]);
    expect(await pages('search-1', { limit: 9, q: '.*' })).toEqual([[]]);
  });

  it('goes on in the middle of people with the same name', async () => {
    const people = ['e', 'b', 'd', 'a', 'c'].map((id) => ({ id, name: 'twin' }));
    await put('twins-1', [...people, { id: 'z', name: 'twin2' }]);
    expect(await pages('twins-1', { limit: 2, q: 'twin' })).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'z'],
    ]);
  });

  it('finds a person by the exact external id, first and once', async () => {
    await put('exact-1', [
      { id: 'anna', name: 'anna.z' },
      { id: 'x1', name: 'anna.a' },
      { id: 'x2', name: 'anna.b' },
      { id: 'ann', name: 'bob' },
    ]);
    expect(await pages('exact-1', { limit: 1, q: 'anna' })).toEqual([['anna'], ['x1'], ['x2']]);
    expect(await pages('exact-1', { limit: 9, q: 'ann' })).toEqual([['ann', 'x1', 'x2', 'anna']]);
    expect(await pages('exact-1', { limit: 9, q: 'x1' })).toEqual([['x1']]);
  });

  it('searches within one outcome', async () => {
    await put('within-1', [
      { id: '1', name: 'kim' },
      { id: '2', name: 'kim2', outcome: 'failed' },
      { id: 'kim', name: 'lee', outcome: 'failed' },
    ]);
    expect(await pages('within-1', { limit: 1, q: 'kim', outcome: 'failed' })).toEqual([['kim'], ['2']]);
    expect(await pages('within-1', { limit: 9, q: 'kim', outcome: 'created' })).toEqual([['1']]);
  });

  it('keeps runs apart, and purges one in bounded steps', async () => {
    const people = ['1', '2', '3'].map((id) => ({ id, name: id }));
    await put('old-1', people);
    await put('old-12', people);
    expect(await test.store.outcomes.purge('old-1', 2)).toBe(2);
    expect(await test.store.outcomes.purge('old-1', 2)).toBe(1);
    expect(await test.store.outcomes.purge('old-1', 2)).toBe(0);
    expect(await pages('old-1', { limit: 9 })).toEqual([[]]);
    expect(await pages('old-12', { limit: 9 })).toEqual([['1', '2', '3']]);
  });

  describe('of a day, where one person may have several', () => {
    const add = (runId: string, id: string, requestId: string, outcome: Outcome = 'unchanged') => {
      const [record] = outcomesOf(runId, [{ id, name: `name-${id}`, outcome }]);
      if (record === undefined) throw new Error('no outcome');
      return test.store.outcomes.append(record, requestId);
    };

    it('get the next number, and the older stays', async () => {
      expect(await add('day-1', 'a', 'r1')).toBe(true);
      expect(await add('day-1', 'a', 'r2', 'updated')).toBe(true);
      expect(await add('day-1', 'b', 'r3')).toBe(true);
      const all = await test.store.outcomes.list('day-1', { limit: 9, cursor: null });
      expect(all.items.map(({ externalId, n, m }) => [externalId, n, m])).toEqual([
        ['a', 1, 1],
        ['a', 2, 1],
        ['b', 3, 2],
      ]);
      expect(await pages('day-1', { limit: 1, outcome: 'unchanged' })).toEqual([['a'], ['b']]);
    });

    it('are added once for a request that is repeated', async () => {
      expect([await add('day-2', 'a', 'r1'), await add('day-2', 'a', 'r1')]).toEqual([true, false]);
      expect(await pages('day-2', { limit: 9 })).toEqual([['a']]);
    });

    it('are all listed although a crash left a number unused', async () => {
      for (const id of ['a', 'b', 'c', 'd']) await add('day-3', id, id);
      await test.db.collection('outcomes').deleteOne({ runId: 'day-3', n: 3 });
      expect(await pages('day-3', { limit: 1 })).toEqual([['a'], ['b'], [], ['d']]);
      expect(await pages('day-3', { limit: 3 })).toEqual([['a', 'b'], ['d']]);
    });
  });
});
