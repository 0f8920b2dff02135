import type { AttributeRecord, SourceMembership } from '../../../domain/model';
import type { IdentityProvider } from '../../../connectors/provider';
import { all, never, simulations } from './support';

const started = simulations();
const usernameOf = (attributes: AttributeRecord): string => attributes['username'] as string;

const users = (provider: IdentityProvider) => all((cursor) => provider.listUsers(cursor, never));
const groups = (provider: IdentityProvider) => all((cursor) => provider.listGroups(cursor, never));
const memberships = (provider: IdentityProvider) => all((cursor) => provider.listMemberships(cursor, never));
const pairs = (list: readonly SourceMembership[]) => list.map(({ groupId, userId }) => `${groupId} ${userId}`).sort();

describe('users of a realm', () => {
  it('come all, page by page, without the account of the client, and are counted by Keycloak', async () => {
    const { provider } = await started({ users: 1_203, groups: 4 });
    const found = await users(provider());
    expect(found).toHaveLength(1_203);
    expect(found.filter(({ attributes }) => usernameOf(attributes).startsWith('service-account'))).toEqual([]);
    expect(await provider().counts(never)).toEqual({ users: 1_203, groups: 4 });
  });

  it('have their attributes beside the built-in ones: one value as text, several as a list', async () => {
    const { provider, sim } = await started();
    await sim.change({
      users: [
        {
          ...{ username: 'anna', enabled: false, email: 'anna@corp.example', firstName: ' Anna ', lastName: "O'Brien" },
          attributes: { department: ['IT'], phone: ['1', '2'], username: ['not-this'], empty: [] },
        },
        { username: 'bo', attributes: { fullName: ['Bo the Great'] }, firstName: 'Bo' },
        { username: 'cy' },
      ],
    });
    const [anna, bo, cy] = await users(provider());
    expect(anna).toMatchObject({
      active: false,
      attributes: {
        ...{ username: 'anna', email: 'anna@corp.example', firstName: ' Anna ', fullName: "Anna O'Brien" },
        ...{ department: 'IT', phone: ['1', '2'], empty: null },
      },
    });
    expect(bo?.attributes['fullName']).toBe('Bo the Great');
    expect(Object.keys(cy?.attributes ?? {}).sort()).toEqual(['createdTimestamp', 'emailVerified', 'id', 'username']);
  });

  it('lose nobody who stays when others are deleted between two pages', async () => {
    const { provider, sim } = await started({ users: 1_300 });
    const before = await users(provider());
    const names = before.map(({ attributes }) => usernameOf(attributes)).sort();
    const gone = [names[0]!, names[5]!, names[509]!, names[512]!];
    const one = provider();
    const found = await all(
      (cursor) => one.listUsers(cursor, never),
      async (page) => {
        if (page === 1) await sim.change({ users: gone.map((username) => ({ username, delete: true as const })) });
      }
    );
    const read = found.map(({ attributes }) => usernameOf(attributes));
    expect(names.filter((name) => !gone.includes(name) && !read.includes(name))).toEqual([]);
    expect(new Set(read).size).toBe(read.length);
  });

  it('go on from a cursor in another process, and the cursor holds no name', async () => {
    const { provider } = await started({ users: 700 });
    const first = await provider().listUsers(null, never);
    const rest = await provider().listUsers(first.cursor, never);
    const ids = [...first.items, ...rest.items].map(({ record }) => record.externalId);
    expect(new Set(ids).size).toBe(700);
    expect(rest.cursor).toBeNull();
    for (const { record } of first.items) expect(first.cursor).not.toContain(record.externalId);
  });
});

describe('groups of a realm', () => {
  it('rule 2.7: are named by their path, on every level, each parent before its children', async () => {
    const { provider, sim } = await started();
    await sim.change({ groups: [{ path: '/eng/backend/db' }, { path: '/eng/web' }, { path: '/sales/web' }] });
    const names = (await groups(provider())).map(({ name }) => name);
    expect(names).toEqual(['eng', 'eng/backend', 'eng/backend/db', 'eng/web', 'sales', 'sales/web']);
  });

  it('come all where a group has more children than Keycloak shows by default, and from any cursor', async () => {
    const { provider, sim } = await started();
    const paths = Array.from({ length: 45 }, (_, n) =>
      Array.from({ length: 15 }, (_, k) => `/top-${n}/sub-${k}`)
    ).flat();
    await sim.change({ groups: paths.map((path) => ({ path })) });
    const names = (await all((cursor) => provider().listGroups(cursor, never))).map(({ name }) => `/${name}`);
    expect(names.filter((name) => name.includes('sub'))).toHaveLength(paths.length);
    expect(new Set(names).size).toBe(paths.length + 45);
  });

  it('cost one request a level and one for each group that has sub-groups', async () => {
    const { provider, sim } = await started();
    await sim.change({ groups: [{ path: '/a/x' }, { path: '/b/y' }, { path: '/c' }] });
    await groups(provider());
    const { calls } = await sim.stats();
    expect([calls['GET /groups'], calls['GET /groups/{id}/children'], calls['POST /token']]).toEqual([1, 2, 1]);
  });

  it('skip the children of a group that is deleted meanwhile', async () => {
    const { provider, sim } = await started();
    const many = Array.from({ length: 30 }, (_, n) => ({ path: `/g-${String(n).padStart(2, '0')}/sub` }));
    await sim.change({ groups: many });
    const one = provider();
    const found = await all(
      (cursor) => one.listGroups(cursor, never),
      (page) => (page === 1 ? sim.change({ groups: [{ path: '/g-25', delete: true }] }) : Promise.resolve())
    );
    const names = found.map(({ name }) => name);
    expect(names).toContain('g-29/sub');
    expect(names).not.toContain('g-25/sub');
  });
});

describe('memberships of a realm', () => {
  it('are the direct ones of every group, large ones page by page, from any cursor', async () => {
    const { provider, sim } = await started({ users: 1_100, groups: 10, perUser: 2 });
    const everybody = (await users(provider())).map(({ attributes }) => usernameOf(attributes));
    await sim.change({ users: everybody.map((username) => ({ username, groups: ['/all', '/all/deep'] })) });
    const byOne = await memberships(provider());
    const byMany = await all((cursor) => provider().listMemberships(cursor, never));
    expect(new Set(pairs(byOne)).size).toBe(byOne.length);
    // The account of the client is in one group; nobody of the list has that id.
    expect(byOne.length).toBe(2 * 1_100 + 1);
    expect(pairs(byMany)).toEqual(pairs(byOne));
  });

  it('count for the groups above too where the settings say so', async () => {
    const { provider, sim } = await started();
    await sim.change({
      users: [
        { username: 'anna', groups: ['/a/b/c'] },
        { username: 'bo', groups: ['/a'] },
      ],
    });
    const ids = new Map((await groups(provider())).map(({ externalId, name }) => [externalId, name]));
    const names = new Map(
      (await users(provider())).map(({ externalId, attributes }) => [externalId, usernameOf(attributes)])
    );
    const read = async (subGroupMembers: string) =>
      (await memberships(provider({ subGroupMembers })))
        .map(({ groupId, userId }) => `${ids.get(groupId)!} ${names.get(userId)!}`)
        .sort();
    expect(await read('own')).toEqual(['a bo', 'a/b/c anna']);
    expect(await read('parents')).toEqual(['a anna', 'a bo', 'a/b anna', 'a/b/c anna']);
  });

  it('lose nobody when members leave between two pages of one group', async () => {
    const { provider, sim } = await started({ users: 1_300, groups: 1, perUser: 1 });
    const names = (await users(provider())).map(({ attributes }) => usernameOf(attributes)).sort();
    const leaving = names.slice(100, 130);
    const one = provider();
    const found = await all(
      (cursor) => one.listMemberships(cursor, never),
      async (page) => {
        if (page === 1) await sim.change({ users: leaving.map((username) => ({ username, groups: [] })) });
      }
    );
    const read = new Set(found.map(({ userId }) => userId));
    const staying = (await users(provider())).filter(({ attributes }) => !leaving.includes(usernameOf(attributes)));
    expect(staying.filter(({ externalId }) => !read.has(externalId))).toEqual([]);
  });
});

describe('cursors that are not known', () => {
  it.each(['', 'x', '{}', '{"offset":-1,"anchors":[]}'])('%j is refused, not read from the start', async (cursor) => {
    const { provider } = await started();
    const one = provider();
    for (const read of [
      one.listUsers(cursor, never),
      one.listGroups(cursor, never),
      one.listMemberships(cursor, never),
    ]) {
      await expect(read).rejects.toMatchObject({ kind: 'cursorExpired' });
    }
  });
});
