import { sliceOf } from '../../domain/ids';
import type { StoredMembership } from '../../store/link-records';
import { AWKWARD_KEYS, openTestStore } from './support';
import type { StoreUnderTest } from './support';

const ALL = { from: 0, to: 4095 };

describe('memberships', () => {
  let test: StoreUnderTest;
  beforeAll(async () => {
    test = await openTestStore('ledger');
  });
  afterAll(() => test.remove());

  const membership = (externalId: string, group: string, addedBy: StoredMembership['addedBy'] = 'us') =>
    ({ connectorId: 'corp', externalId, group, addedBy }) as const;

  it('gives the entries of each user back, groups of any name in order', async () => {
    const { memberships } = test.store;
    await memberships.put([...AWKWARD_KEYS].map((group) => membership('u:%1', group)));
    const found = (await memberships.inSlices('corp', ALL)).get('u:%1')?.map(({ group }) => group) ?? [];
    const distinct = AWKWARD_KEYS.filter((key) => key !== 'Zoë' && key !== 'Łukasz');
    expect(found.length).toBe(distinct.length);
    expect(new Set(found)).toEqual(new Set(distinct));
  });

  it('rule 1.5: a user is in a group once, whatever the case; the last word counts', async () => {
    const { memberships } = test.store;
    await memberships.put([membership('once', 'Devs', 'foreign')]);
    await memberships.put([membership('once', 'Devs', 'foreign')]);
    await memberships.put([membership('once', 'devs', 'adopted')]);
    expect((await memberships.inSlices('corp', ALL)).get('once')).toEqual([{ group: 'devs', addedBy: 'adopted' }]);
  });

  it('removes what is named, of this connector only', async () => {
    const { memberships } = test.store;
    await memberships.put([membership('left', 'a'), membership('left', 'b')]);
    await memberships.put([{ ...membership('left', 'a'), connectorId: 'corp-2' }]);
    const gone = [{ externalId: 'left', group: 'A' }];
    await memberships.remove('corp', gone);
    await memberships.remove('corp', gone);
    expect((await memberships.inSlices('corp', ALL)).get('left')).toEqual([{ group: 'b', addedBy: 'us' }]);
    expect((await memberships.inSlices('corp-2', ALL)).get('left')).toEqual([{ group: 'a', addedBy: 'us' }]);
  });

  it('reads the users of a range of slices only', async () => {
    const { memberships } = test.store;
    await memberships.put([membership('s1', 'a'), membership('s2', 'a')]);
    const slice = sliceOf('s1');
    const found = await memberships.inSlices('corp', { from: slice, to: slice });
    expect(found.has('s1')).toBe(true);
    expect(found.has('s2')).toBe(false);
  });
});

describe('groupLinks', () => {
  let test: StoreUnderTest;
  beforeAll(async () => {
    test = await openTestStore('group-links');
  });
  afterAll(() => test.remove());

  it('keeps one a source group and target name, of this connector only, and the last state', async () => {
    const { groupLinks } = test.store;
    const link = (connectorId: string, groupId: string, targetName: string) =>
      ({ connectorId, groupId, targetName, sourceName: 'x', state: 'active', missingSince: null }) as const;
    for (const key of AWKWARD_KEYS) await groupLinks.put(link('corp', key, key));
    await groupLinks.put(link('corp', 'a:b', 'second'));
    await groupLinks.put(link('corp-2', 'g', 'g'));
    await groupLinks.put({ ...link('corp', 'a:b', 'second'), state: 'retired' });

    const found = await groupLinks.list('corp');
    expect(found).toHaveLength(AWKWARD_KEYS.length + 1);
    expect(found.find(({ targetName }) => targetName === 'second')).toEqual({
      ...link('corp', 'a:b', 'second'),
      state: 'retired',
    });
    expect(await groupLinks.list('corp-2')).toEqual([link('corp-2', 'g', 'g')]);
    expect(await groupLinks.list('cor')).toEqual([]);
  });
});
