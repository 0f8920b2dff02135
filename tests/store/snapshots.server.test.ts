import { sliceOf } from '../../domain/ids';
import type { SnapshotItem } from '../../store/snapshot-records';
import { AWKWARD_KEYS, openTestStore } from './support';
import type { StoreUnderTest } from './support';

const ALL = { from: 0, to: 4095 };

function user(externalId: string, name = externalId) {
  return { externalId, active: true, attributes: { name, 'urn:x.y': { $ref: [1, null] } } };
}
function item(externalId: string, seq: number, name?: string): SnapshotItem<ReturnType<typeof user>> {
  const record = user(externalId, name);
  return { key: externalId, slice: sliceOf(externalId), seq, place: `line ${seq + 2}`, record };
}

describe('snapshots', () => {
  let test: StoreUnderTest;
  beforeAll(async () => {
    test = await openTestStore('snapshots');
  });
  afterAll(() => test.remove());

  it('gives every record back as it was, ordered by key, whatever the keys', async () => {
    const { snapshots } = test.store;
    await snapshots.put(
      'keys-1',
      'user',
      AWKWARD_KEYS.map((key, at) => item(key, at))
    );
    const found = await snapshots.inSlices('keys-1', 'user', ALL);
    expect(found).toEqual([...AWKWARD_KEYS].sort().map((key) => user(key)));
    expect(await snapshots.seen('keys-1', 'user', [...AWKWARD_KEYS, 'nobody'])).toEqual(new Set(AWKWARD_KEYS));
  });

  it('keeps runs and kinds apart', async () => {
    const { snapshots } = test.store;
    await snapshots.put('apart-1', 'user', [item('a', 0)]);
    await snapshots.put('apart-1', 'group', [
      { key: 'a', slice: 0, seq: 0, place: null, record: { externalId: 'a', name: 'A', attributes: {} } },
    ]);
    expect(await snapshots.inSlices('apart-2', 'user', ALL)).toEqual([]);
    expect(await snapshots.inSlices('apart-1', 'group', ALL)).toEqual([{ externalId: 'a', name: 'A', attributes: {} }]);
    expect(await snapshots.seen('apart-2', 'user', ['a'])).toEqual(new Set());
    expect(await snapshots.inSlices('apart-1', 'membership', ALL)).toEqual([]);
  });

  it('reads each user in exactly one of the slices', async () => {
    const { snapshots } = test.store;
    const ids = Array.from({ length: 300 }, (_, at) => `u${at}`);
    await snapshots.put(
      'sliced-1',
      'user',
      ids.map((id, at) => item(id, at))
    );
    const halves = [
      { from: 0, to: 2047 },
      { from: 2048, to: 4095 },
    ];
    const [low, high] = await Promise.all(halves.map((range) => snapshots.inSlices('sliced-1', 'user', range)));
    const found = [...low!, ...high!].map(({ externalId }) => externalId);
    expect(found.sort()).toEqual(ids.sort());
    expect(low!.every(({ externalId }) => sliceOf(externalId) <= 2047)).toBe(true);
  });

  it('takes a repeated page for the same page, with what it says now', async () => {
    const { snapshots } = test.store;
    await snapshots.put('again-1', 'user', [item('a', 0), item('b', 1)]);
    const again = await snapshots.put('again-1', 'user', [item('a', 0, 'A.'), item('b', 1), item('c', 2)]);
    expect(again.duplicates).toEqual([]);
    const names = (await snapshots.inSlices('again-1', 'user', ALL)).map(({ attributes }) => attributes['name']);
    expect(names).toEqual(['A.', 'b', 'c']);
  });

  it('reports a key that occurs twice, in one page or in two, and keeps the first', async () => {
    const { snapshots } = test.store;
    const page = [item('a', 0), item('b', 1), item('a', 2, 'second')];
    const first = await snapshots.put('twice-1', 'user', page);
    const expected = [{ key: 'a', place: 'line 4', firstPlace: 'line 2' }];
    expect(first.duplicates).toEqual(expected);
    expect((await snapshots.put('twice-1', 'user', page)).duplicates).toEqual(expected);
    const next = await snapshots.put('twice-1', 'user', [item('b', 3, 'third'), item('c', 4)]);
    expect(next.duplicates).toEqual([{ key: 'b', place: 'line 5', firstPlace: 'line 3' }]);
    const found = await snapshots.inSlices('twice-1', 'user', ALL);
    expect(found).toEqual([user('a'), user('b'), user('c')]);
  });

  it('keeps accounts by key, the latest state of each', async () => {
    const { snapshots } = test.store;
    const account = { key: 'JIRAUSER:1', username: 'Łukasz', email: null, displayName: 'Ł', active: true };
    await snapshots.putTargetUsers('accounts-1', [account, { ...account, key: 'k%2' }]);
    await snapshots.putTargetUsers('accounts-1', [{ ...account, active: false }]);
    const found = await snapshots.targetUsers('accounts-1', ['JIRAUSER:1', 'k%2', 'k%2', 'unknown']);
    expect(found).toEqual(
      new Map([
        ['JIRAUSER:1', { ...account, active: false }],
        ['k%2', { ...account, key: 'k%2' }],
      ])
    );
  });

  it('keeps one list of groups a user, however often and in whatever order it is told', async () => {
    const { snapshots } = test.store;
    await Promise.all([
      snapshots.putMembers('members-1', 'jira:users', ['k1', 'k2']),
      snapshots.putMembers('members-1', 'Admins.$', ['k1']),
      snapshots.putMembers('members-1', 'jira:users', ['k2', 'k1', 'k1']),
    ]);
    const found = await snapshots.groupsOf('members-1', ['k1', 'k2', 'k3']);
    expect(found).toEqual(
      new Map([
        ['k1', ['Admins.$', 'jira:users']],
        ['k2', ['jira:users']],
      ])
    );
  });

  it('rule 2.8: keeps who is in a group by way of another apart from who is in it of his own accord', async () => {
    const { snapshots } = test.store;
    await snapshots.putMembers('nested-1', 'outer', ['k1']);
    await snapshots.putNested('nested-1', 'outer', ['k1', 'bob']);
    await snapshots.putNested('nested-1', 'outer', []);
    expect(await snapshots.nestedGroupsOf('nested-1', ['bob', 'ann'])).toEqual(new Map([['bob', ['outer']]]));
    expect(await snapshots.groupsOf('nested-1', ['k1', 'bob'])).toEqual(new Map([['k1', ['outer']]]));
  });

  it('rule 1.5: keeps a target group once, whatever the case of its name', async () => {
    const { snapshots } = test.store;
    await snapshots.putTargetGroup('groups-1', { name: 'Zoo', exists: false, activeMembers: 0 });
    await snapshots.putTargetGroup('groups-1', { name: 'zoo', exists: true, activeMembers: 7 });
    await snapshots.putTargetGroup('groups-1', { name: 'ants', exists: true, activeMembers: 1 });
    expect(await snapshots.targetGroups('groups-1')).toEqual([
      { name: 'ants', exists: true, activeMembers: 1 },
      { name: 'zoo', exists: true, activeMembers: 7 },
    ]);
  });

  it('tells one holder of a key from several, in whatever order and however often they come', async () => {
    const { snapshots } = test.store;
    const entries = ['z', 'a:1', 'm', '🦊', '\uFB01'].map((id) => ({ key: 'shared', id }));
    await snapshots.putKeys('held-1', 'sourceName', [{ key: 'own.$key', id: 'x' }]);
    await snapshots.putKeys('held-1', 'sourceName', entries);
    await snapshots.putKeys('held-1', 'sourceName', [...entries].reverse());
    await snapshots.putKeys('held-1', 'sourceName', [{ key: 'own.$key', id: 'x' }]);
    const found = await snapshots.holders('held-1', 'sourceName', ['own.$key', 'shared', 'nobody']);
    expect(found.get('own.$key')).toEqual({ lo: 'x', hi: 'x' });
    expect(found.get('shared')?.lo).toBe('a:1');
    expect(found.get('shared')?.hi).not.toBe('a:1');
    expect(found.has('nobody')).toBe(false);
    expect(await snapshots.holders('held-1', 'targetName', ['shared'])).toEqual(new Map());
  });

  it('notes holders from several writers at once', async () => {
    const { snapshots } = test.store;
    const writes = Array.from({ length: 8 }, (_, at) =>
      snapshots.putKeys('raced-1', 'targetEmail', [{ key: 'a@example.com', id: `k${at}` }])
    );
    await Promise.all(writes);
    const found = await snapshots.holders('raced-1', 'targetEmail', ['a@example.com']);
    expect(found.get('a@example.com')).toEqual({ lo: 'k0', hi: 'k7' });
  });

  it('keeps what planning said of a person, by slice', async () => {
    const { snapshots } = test.store;
    const reasons = [{ code: 'excluded', rule: '3.2', params: { by: 'scope.exclude' } }];
    const standings = ['u1', 'u2'].map((externalId) => ({
      externalId,
      username: null,
      standing: 'skipped' as const,
      reasons,
    }));
    await snapshots.putStandings('standing-1', standings);
    await snapshots.putStandings('standing-1', standings);
    expect(await snapshots.standings('standing-1', ALL)).toEqual(standings);
    const slice = sliceOf('u1');
    expect(await snapshots.standings('standing-1', { from: slice, to: slice })).toEqual([standings[0]]);
  });

  it('keeps a named value of any size, and the last one put', async () => {
    const { snapshots } = test.store;
    const big = { 'a.$b': '🦊'.repeat(1_200_001), list: [1, null] };
    await snapshots.putArtifact('made-1', 'groups', big);
    expect(await snapshots.artifact('made-1', 'groups')).toEqual(big);
    await snapshots.putArtifact('made-1', 'groups', { small: true });
    expect(await snapshots.artifact('made-1', 'groups')).toEqual({ small: true });
    expect(await snapshots.artifact('made-1', 'renames')).toBeNull();
  });

  it('purges a run in bounded steps, and no other', async () => {
    const { snapshots } = test.store;
    for (const run of ['old-1', 'old-12']) {
      await snapshots.put(run, 'user', [item('a', 0), item('b', 1), item('c', 2)]);
      await snapshots.putKeys(run, 'targetName', [{ key: 'a', id: 'k' }]);
      await snapshots.putArtifact(run, 'groups', {});
    }
    const steps = [];
    for (let step = 0; step < 4; step++) steps.push(await snapshots.purge('old-1', 2));
    expect(steps).toEqual([2, 2, 1, 0]);
    expect(await test.db.collection('snapshotRecords').countDocuments({ runId: 'old-12' })).toBe(5);
  });
});
