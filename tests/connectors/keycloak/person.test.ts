import type { CallCounts } from '../../../simulators/support/calls';
import type { KeycloakSimulatorOptions } from '../../../simulators/keycloak/options';
import { all, never, simulations } from './support';
import type { Simulated } from './support';

describe('one person of a realm', () => {
  const simulate = simulations();
  const realm = async (options: KeycloakSimulatorOptions = {}): Promise<Simulated> => {
    const simulated = await simulate({ users: 20, groups: 8, ...options });
    await simulated.sim.change({
      groups: ['/a', '/a/b', '/a/b/c', '/d'].map((path) => ({ path })),
      users: [
        { username: 'ada', email: 'ada@example.com', groups: ['/a/b/c', '/d'] },
        { username: 'adam', email: 'xada@example.com' },
        { username: 'addressless' },
      ],
    });
    return simulated;
  };

  it.each([
    ['username', 'ADA', ['ada']],
    ['email', 'Ada@example.com', ['ada']],
    ['username', 'ad', []],
    ['email', 'nobody@example.com', []],
    ['username', ' ada ', ['ada']],
    ['username', 'service-account-rollcall', []],
    ['username', '', []],
    ['email', ' ', []],
  ] as const)('is found by %s %s: %j', async (by, value, names) => {
    const { provider } = await realm();
    const found = await provider().findUsers(by, value, never);
    expect(found.map((user) => user.attributes['username'])).toEqual(names);
  });

  it('is told from namesakes: two are enough', async () => {
    const { provider, sim } = await realm();
    await sim.change({
      users: ['one', 'two', 'three'].map((username) => ({ username, email: 'shared@example.com' })),
    });
    const found = await provider().findUsers('email', 'shared@example.com', never);
    expect(found.map((user) => user.attributes['email'])).toEqual(['shared@example.com', 'shared@example.com']);
  });

  it('is found behind pages of others, where the server answers everybody whose name holds the value', async () => {
    const { provider, sim } = await realm({ version: 10 });
    const others = Array.from({ length: 250 }, (_, n) => ({ username: `a-zoe-${n}` }));
    await sim.change({ users: [...others, { username: 'zoe' }] });
    const found = await provider().findUsers('username', 'Zoe', never);
    expect(found.map((user) => user.attributes['username'])).toEqual(['zoe']);
    expect(await provider().findUsers('username', 'a-zoe', never)).toEqual([]);
  });

  it.each([[['query-users']], [[]]] as const)('is not taken for nobody where the roles are %j', async (roles) => {
    const { provider } = await realm({ roles });
    await expect(provider().findUsers('username', 'ada', never)).rejects.toMatchObject({ kind: 'permission' });
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

  it('has every group of hundreds, on whatever page', async () => {
    const { provider, sim } = await realm();
    const paths = Array.from({ length: 1_030 }, (_, n) => `/many-${n}`);
    await sim.change({ users: [{ username: 'ada', groups: paths }] });
    const [ada] = await provider().findUsers('username', 'ada', never);
    const own = await provider().groupsOf(ada?.externalId ?? '', never);
    if (own === 'unknown') throw new Error('the groups are not known');
    expect(own.map((group) => `/${group.name}`).sort()).toEqual([...paths].sort());
  });

  it('has unknown groups where one above cannot be read, or where the server does not tell it', async () => {
    const unreadable = await realm();
    const [ada] = await unreadable.provider().findUsers('username', 'ada', never);
    await unreadable.sim.addFault({ kind: 'html-404', match: { endpoint: 'GET /groups/{id}' } });
    const parents = { subGroupMembers: 'parents' };
    expect(await unreadable.provider(parents).groupsOf(ada?.externalId ?? '', never)).toBe('unknown');
    expect(await unreadable.provider().groupsOf(ada?.externalId ?? '', never)).toHaveLength(2);

    const older = await realm({ version: 22 });
    const [same] = await older.provider().findUsers('username', 'ada', never);
    expect(await older.provider(parents).groupsOf(same?.externalId ?? '', never)).toBe('unknown');
    await older.sim.change({ users: [{ username: 'ada', groups: ['/d'] }] });
    expect(await older.provider(parents).groupsOf(same?.externalId ?? '', never)).toHaveLength(1);
  });

  it('whose absence is told by a proxy is not gone', async () => {
    const { provider, sim } = await realm();
    await sim.addFault({ kind: 'html-404', match: { endpoint: 'GET /users/{id}/groups' } });
    await expect(provider().groupsOf('any', never)).rejects.toMatchObject({ name: 'ProviderError' });
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
