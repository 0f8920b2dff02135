import type { CallCounts } from '../../../simulators/support/calls';
import { all, never, simulations } from './support';
import type { Simulated } from './support';

describe('one person of a realm', () => {
  const simulate = simulations();
  const realm = async (): Promise<Simulated> => {
    const simulated = await simulate({ users: 20, groups: 8 });
    await simulated.sim.change({
      groups: ['/a', '/a/b', '/a/b/c', '/d'].map((path) => ({ path })),
      users: [
        { username: 'ada', email: 'ada@example.com', groups: ['/a/b/c', '/d'] },
        { username: 'adam', email: 'xada@example.com' },
      ],
    });
    return simulated;
  };

  it.each([
    ['username', 'ADA', ['ada']],
    ['email', 'Ada@example.com', ['ada']],
    ['username', 'ad', []],
    ['email', 'nobody@example.com', []],
  ] as const)('is found by %s %s: %j', async (by, value, names) => {
    const { provider } = await realm();
    const found = await provider().findUsers(by, value, never);
    expect(found.map((user) => user.attributes['username'])).toEqual(names);
  });

  it('has the groups that the listings give, as they give them', async () => {
    for (const subGroupMembers of ['own', 'parents'] as const) {
      const { provider } = await realm();
      const reading = provider({ subGroupMembers });
      const groups = new Map(
        (await all((cursor) => reading.listGroups(cursor, never))).map((group) => [group.externalId, group])
      );
      const memberships = await all((cursor) => reading.listMemberships(cursor, never));
      const users = await all((cursor) => reading.listUsers(cursor, never));
      for (const { externalId } of users) {
        const listed = new Set(memberships.filter(({ userId }) => userId === externalId).map(({ groupId }) => groupId));
        const own = await provider({ subGroupMembers }).groupsOf(externalId, never);
        if (own === 'unknown') throw new Error('the groups are not known');
        expect(new Set(own.map((group) => group.externalId))).toEqual(listed);
        for (const group of own) expect(group).toEqual(groups.get(group.externalId));
      }
    }
  });

  it('is read in two calls, and in one more for each group above', async () => {
    const { provider, sim } = await realm();
    const [ada] = await provider().findUsers('username', 'ada', never);
    const before = await calls(sim);
    await provider({ subGroupMembers: 'parents' }).groupsOf(ada?.externalId ?? '', never);
    expect((await calls(sim)) - before).toBe(1 + 2);
  });

  it('that is gone has no groups, and one whose groups may not be seen has unknown ones', async () => {
    const { provider, sim } = await realm();
    expect(await provider().groupsOf('00000000-0000-4000-8000-000000000000', never)).toEqual([]);
    const [ada] = await provider().findUsers('username', 'ada', never);
    await sim.change({ roles: ['query-users'] });
    expect(await provider().groupsOf(ada?.externalId ?? '', never)).toBe('unknown');
  });
});

async function calls(sim: Simulated['sim']): Promise<number> {
  const counts: CallCounts = await sim.stats();
  return Object.entries(counts.calls).reduce((sum, [name, count]) => (name.includes('token') ? sum : sum + count), 0);
}
