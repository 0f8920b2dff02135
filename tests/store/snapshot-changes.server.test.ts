import { membershipItem, nestingItem, userItem } from '../../activities/sourceItems';
import { WHOLE_RANGE } from '../../domain/ids';
import { NESTED_PLACE } from '../../store/snapshot-document';
import { openTestStore, type StoreUnderTest } from './support';

const AT = { seq: 0, place: null };
const user = (id: string, name: string, seq = 0) =>
  userItem({ externalId: id, active: true, attributes: { name } }, { seq, place: null });

describe('a snapshot made of an earlier one and what changed', () => {
  let test: StoreUnderTest;
  beforeAll(async () => {
    test = await openTestStore('snapshot-changes');
  });
  afterAll(() => test.remove());

  const names = async (runId: string): Promise<readonly unknown[]> =>
    (await test.store.snapshots.inSlices(runId, 'user', WHOLE_RANGE)).map(({ attributes }) => attributes['name']);

  it('keeps what the later run read itself, and takes over the rest', async () => {
    const { snapshots } = test.store;
    await snapshots.put('a-1', 'user', [user('1', 'old'), user('2%:', 'stays')]);
    await snapshots.put('a-2', 'user', [user('1', 'new'), user('3', 'joined')]);
    const copy = { from: 'a-1', to: 'a-2', kind: 'user', range: WHOLE_RANGE, withoutGroups: [] } as const;
    await snapshots.copy(copy);
    await snapshots.copy(copy);
    expect(await names('a-2')).toEqual(['new', 'stays', 'joined']);
    expect(await names('a-1')).toEqual(['old', 'stays']);
    expect(await snapshots.seen('a-2', 'user', ['2%:', '4'])).toEqual(new Set(['2%:']));
    await snapshots.drop('a-2', 'user', ['2%:']);
    expect(await snapshots.count('a-2', 'user')).toBe(2);
  });

  it('leaves behind the memberships and nestings of groups that were read again, and what follows from others', async () => {
    const { snapshots } = test.store;
    const member = (userId: string, groupId: string, place: string | null = null) =>
      membershipItem({ userId, groupId }, { seq: 0, place });
    await snapshots.put('b-1', 'membership', [
      member('u:1', 'g:1'),
      member('u:1', 'g2'),
      member('u2', 'g3', NESTED_PLACE),
    ]);
    await snapshots.put('b-1', 'nesting', [
      nestingItem({ groupId: 'g:1', childId: 'g2' }),
      nestingItem({ groupId: 'g2', childId: 'g:1' }),
    ]);
    const copy = { from: 'b-1', to: 'b-22', range: WHOLE_RANGE, withoutGroups: ['g:1'] };
    await snapshots.copy({ ...copy, kind: 'membership' });
    await snapshots.copy({ ...copy, kind: 'nesting' });
    expect(await snapshots.inSlices('b-22', 'membership', WHOLE_RANGE)).toEqual([{ userId: 'u:1', groupId: 'g2' }]);
    expect(await snapshots.inSlices('b-22', 'nesting', WHOLE_RANGE)).toEqual([{ groupId: 'g2', childId: 'g:1' }]);
  });

  it('keeps the first or the last of a key, within a page and over pages', async () => {
    const { snapshots } = test.store;
    for (const lastWins of [true, false]) {
      const run = `c-${String(lastWins)}`;
      await snapshots.put(run, 'user', [user('1', 'a', 0), user('1', 'b', 1)], { lastWins });
      await snapshots.put(run, 'user', [user('1', 'c', 2)], { lastWins });
      await snapshots.put(run, 'user', [user('1', 'b', 1)], { lastWins });
      expect(await names(run)).toEqual([lastWins ? 'c' : 'a']);
    }
  });

  it('is cleared in steps', async () => {
    const { snapshots } = test.store;
    await snapshots.put('d-1', 'user', [user('1', 'a'), user('2', 'b'), user('3', 'c')]);
    await snapshots.put('d-1', 'membership', [membershipItem({ userId: '1', groupId: 'g' }, AT)]);
    expect(await snapshots.clear('d-1', 'user', 2)).toBe(2);
    expect(await snapshots.clear('d-1', 'user', 2)).toBe(1);
    expect([await snapshots.count('d-1', 'user'), await snapshots.count('d-1', 'membership')]).toEqual([0, 1]);
  });
});
