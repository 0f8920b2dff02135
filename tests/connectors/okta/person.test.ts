import type { IdentityProvider } from '../../../connectors/provider';
import { all, API_TOKEN, never, simulations } from './support';

const started = simulations();
const ABSENT = '00uabsent00000000000';
const login = 'Ada@corp.example';

async function idOf(provider: IdentityProvider, name: string): Promise<string> {
  const [found] = await provider.findUsers('username', name, never);
  return found!.externalId;
}

describe('one person of an org', () => {
  it.each([
    ['username', 'ADA@corp.example', [login]],
    ['username', ' Ada@corp.example ', [login]],
    ['email', 'Ada.Bell@corp.example', [login]],
    ['email', 'ada.bell@CORP.example', [login]],
    ['username', 'ada', []],
    ['email', 'nobody@corp.example', []],
    ['username', 'a"b\\c', []],
    ['username', ' ', []],
  ] as const)('is found by %s %s: %j', async (by, value, expected) => {
    const { provider, sim } = await started({ users: 20 });
    await sim.change({
      users: [{ login, profile: { email: 'Ada.Bell@corp.example' } }, { login: 'adam@corp.example' }],
    });
    const found = await provider().findUsers(by, value, never);
    expect(found.map(({ attributes }) => attributes['login'])).toEqual(expected);
  });

  it('is told from namesakes: two are enough', async () => {
    const { provider, sim } = await started();
    const email = 'shared@corp.example';
    await sim.change({ users: ['one', 'two', 'three'].map((name) => ({ login: name, profile: { email } })) });
    expect(await provider().findUsers('email', email, never)).toHaveLength(2);
  });

  it('is found at once by the exact name although the index of the search lags', async () => {
    const { provider, sim } = await started({ searchLagMs: 60_000 });
    await sim.change({ users: [{ login }] });
    expect(await provider().findUsers('username', login, never)).toHaveLength(1);
    expect(await provider().findUsers('username', login.toLowerCase(), never)).toEqual([]);
  });

  it('who is deprovisioned is found and inactive; who is deleted is absent', async () => {
    const { provider, sim } = await started();
    await sim.change({ users: [{ login, status: 'DEPROVISIONED' }] });
    const id = await idOf(provider(), login);
    const found = await provider().lookUpUsers([id, ABSENT], never);
    expect(found.get(id)).toMatchObject({ found: { externalId: id, active: false } });
    expect(found.get(ABSENT)).toBe('absent');
    await sim.change({ users: [{ login, delete: true }] });
    expect((await provider().lookUpUsers([id], never)).get(id)).toBe('absent');
  });

  it('has the groups that the listings give, as they give them', async () => {
    const { provider, sim } = await started({ users: 12, groups: 9 });
    await sim.change({
      groups: [{ name: 'jira', app: 'jira_onprem' }],
      users: [{ login, groups: ['jira', 'group-0000', 'group-0002'] }],
    });
    const one = provider();
    const groups = new Map(
      (await all((cursor) => one.listGroups(cursor, never))).map((group) => [group.externalId, group])
    );
    const memberships = await all((cursor) => one.listMemberships(cursor, never));
    for (const { externalId } of await all((cursor) => one.listUsers(cursor, never))) {
      const listed = memberships
        .filter(({ userId }) => userId === externalId)
        .map(({ groupId }) => groups.get(groupId));
      const own = await provider().groupsOf(externalId, never);
      if (own === 'unknown') throw new Error('the groups are not known');
      const byId = (list: readonly unknown[]) =>
        [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
      expect(byId(own)).toEqual(byId(listed));
    }
  });

  it('has unknown groups when gone, and without the permission', async () => {
    const { provider, sim } = await started();
    expect(await provider().groupsOf(ABSENT, never)).toBe('unknown');
    await sim.addFault({ kind: 'forbidden', match: { endpoint: 'GET /api/v1/users/{id}/groups' } });
    expect(await provider().groupsOf(ABSENT, never)).toBe('unknown');
  });

  it('costs one request for an id and two for the groups, one of them for those of apps', async () => {
    const { provider, sim } = await started();
    await sim.change({ groups: [{ name: 'ad', app: 'active_directory' }], users: [{ login, groups: ['ad', 'own'] }] });
    const one = provider(API_TOKEN);
    const id = await idOf(one, login);
    await sim.reset('stats');
    await one.lookUpUsers([id], never);
    await one.groupsOf(id, never);
    const { calls } = await sim.stats();
    expect(Object.values(calls).reduce((sum, count) => sum + count, 0)).toBe(3);
  });
});

describe('looking up by id', () => {
  it.each(['http500', 'rate-limit', 'drop', 'html-200'] as const)('never answers after %s', async (kind) => {
    const { provider, sim } = await started({ users: 1 });
    await sim.addFault({ kind, match: { endpoint: 'GET /api/v1/users/{id}' } });
    await expect(provider().lookUpUsers([ABSENT], never)).rejects.toMatchObject({ name: 'ProviderError' });
  });

  it('takes a 404 for absent only on the word of Okta, and a 403 for unknown', async () => {
    const { provider, sim } = await started({ users: 1 });
    await sim.addFault({ kind: 'html-404', until: 2 });
    const one = provider(API_TOKEN);
    expect((await one.lookUpUsers([ABSENT], never)).get(ABSENT)).toBe('unknown');
    expect((await one.lookUpGroups([ABSENT], never)).get(ABSENT)).toBe('unknown');
    await sim.addFault({ kind: 'forbidden', until: 2 });
    expect((await one.lookUpUsers([ABSENT], never)).get(ABSENT)).toBe('unknown');
    expect((await one.lookUpGroups([ABSENT], never)).get(ABSENT)).toBe('unknown');
    expect((await one.lookUpGroups([ABSENT], never)).get(ABSENT)).toBe('absent');
  });

  it.each([
    ['a role that is limited to some groups', { role: 'USER_ADMIN', targets: ['team'] }],
    [
      'a role of which only the view is known',
      { role: 'HELP_DESK_ADMIN', scopes: ['okta.users.read', 'okta.groups.read'] },
    ],
  ] as const)('proves nobody gone with %s', async (_what, options) => {
    const { provider, sim } = await started(options);
    await sim.change({ users: [{ login }] });
    const one = provider();
    expect((await one.lookUpUsers([ABSENT], never)).get(ABSENT)).toBe('unknown');
    expect((await one.lookUpGroups([ABSENT], never)).get(ABSENT)).toBe('unknown');
    await sim.change({ role: 'READ_ONLY_ADMIN' });
    expect((await provider().lookUpUsers([ABSENT], never)).get(ABSENT)).toBe('absent');
  });

  it('asks for many in one list, and alone for those who are not in it', async () => {
    const { provider, sim } = await started({ users: 60 });
    const one = provider(API_TOKEN);
    const ids = (await one.listUsers(null, never)).items.map(({ record }) => record.externalId);
    await sim.reset('stats');
    const found = await one.lookUpUsers([...ids, ABSENT], never);
    expect([...found.values()].filter((answer) => typeof answer === 'object')).toHaveLength(ids.length);
    expect(found.get(ABSENT)).toBe('absent');
    // The second request for a single user is for the owner of the token, whose role is looked at.
    expect((await sim.stats()).calls).toMatchObject({ 'GET /api/v1/users': 2, 'GET /api/v1/users/{id}': 2 });
  });

  it('asks once what the role shows, however many are absent, and again after a failure', async () => {
    const { provider, sim } = await started();
    const one = provider(API_TOKEN);
    const absent = Array.from({ length: 50 }, (_, n) => `00uabsent${n}`);
    await sim.addFault({ kind: 'http500', until: 1, match: { endpoint: 'GET /api/v1/groups' } });
    await expect(one.lookUpUsers(absent, never)).rejects.toMatchObject({ kind: 'unavailable' });
    await sim.reset('stats');
    expect(new Set((await one.lookUpUsers(absent, never)).values())).toEqual(new Set(['absent']));
    expect((await sim.stats()).calls).toMatchObject({ 'GET /api/v1/groups': 1, 'GET /api/v1/users/{id}/roles': 1 });
  });

  it('says unknown of an id that is the login of somebody, and takes no more than it can', async () => {
    const { provider, sim } = await started();
    await sim.change({ users: [{ login }] });
    expect((await provider().lookUpUsers([login], never)).get(login)).toBe('unknown');
    await expect(provider().lookUpUsers(new Array(201).fill('x'), never)).rejects.toThrow(RangeError);
  });
});
