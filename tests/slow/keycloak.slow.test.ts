import { setTimeout as sleep } from 'node:timers/promises';
import { keycloakDefinition } from '../../connectors/keycloak/definition';
import type { IdentityProvider, Page } from '../../connectors/provider';
import { keycloakMissing, startKeycloak, type RunningKeycloak } from '../../bench/support/keycloak';
import { generateRealm } from '../../bench/support/realm';
import { compareWithSimulator } from './keycloakAlike';

const REALM = 'corp';
const CLIENT = 'rollcall';
/** Characters that the forms of sending a secret treat differently. */
const SECRET = 'p%2B +&=:ü/€';
const USERS = 1_000;
const GROUPS = 50;
const PER_USER = 5;
const START_LIMIT_MS = 6 * 60_000;

const never = new AbortController().signal;
const missing = keycloakMissing(process.env);
const inCi = process.env['CI'] !== undefined;

if (missing !== null) {
  process.stderr.write(`Skipped: ${missing}\n`);
  // Where everything is promised to be there, a test that does not run is a failure.
  (inCi ? it : it.skip)(`runs against a real Keycloak (${missing})`, () => {
    expect(missing).toBeNull();
  });
} else {
  describe('the keycloak connector against a real Keycloak', realKeycloak);
}

function realKeycloak(): void {
  const generated = generateRealm({
    realm: REALM,
    users: USERS,
    groups: GROUPS,
    perUser: PER_USER,
    clientId: CLIENT,
    clientSecret: SECRET,
    roles: ['view-users'],
    tokenLifetimeSeconds: 300,
  });
  let keycloak: RunningKeycloak;

  beforeAll(async () => {
    keycloak = await startKeycloak(process.env);
    await keycloak.admin('POST', '', generated.representation);
  }, START_LIMIT_MS);
  afterAll(async () => {
    await (keycloak as RunningKeycloak | undefined)?.stop();
  });

  const provider = (changes: Readonly<Record<string, unknown>> = {}): IdentityProvider => {
    const { baseUrl } = keycloak;
    const settings = { baseUrl, realm: REALM, clientId: CLIENT, clientSecret: SECRET, ...changes };
    return keycloakDefinition.create(keycloakDefinition.settings.parse(settings));
  };
  const usersByName = async (): Promise<ReadonlyMap<string, string>> =>
    new Map(
      (await all((cursor) => provider().listUsers(cursor, never))).map(({ externalId, attributes }) => [
        attributes['username'] as string,
        externalId,
      ])
    );

  it('passes its own connection test, with the names of the attributes that there are', async () => {
    const steps = await provider().test(never);
    expect(steps.map(({ name, ok }) => [name, ok])).toEqual(
      ['server', 'login', 'users', 'groups', 'memberships', 'sample'].map((name) => [name, true])
    );
    expect(steps[1]?.detail).toContain('300 s');
    expect(steps[2]?.detail).toBe(`${USERS} users`);
    expect(steps[3]?.detail).toContain(`${GROUPS} groups`);
    expect(steps[5]?.detail).toContain('department, email, emailVerified, employeeNumber, firstName, fullName, id');
  });

  it('delivers every user with the attributes of the realm, and no service account', async () => {
    const users = await all((cursor) => provider().listUsers(cursor, never));
    const expected = generated.users.map((user) => ({
      username: user.username,
      active: user.enabled,
      email: user.email,
      fullName: `${user.firstName} ${user.lastName}`,
      department: user.attributes['department']?.[0],
      phone: user.attributes['phone']?.length === 1 ? user.attributes['phone'][0] : user.attributes['phone'],
    }));
    const found = users.map(({ active, attributes }) => ({
      username: attributes['username'],
      active,
      email: attributes['email'],
      fullName: attributes['fullName'],
      department: attributes['department'],
      phone: attributes['phone'],
    }));
    expect(found).toEqual(expected);
    expect(new Set(users.map(({ externalId }) => externalId)).size).toBe(USERS);
  });

  it('delivers every group on all levels, named by its path, and counts them as Keycloak does', async () => {
    const groups = await all((cursor) => provider().listGroups(cursor, never));
    expect(groups.map(({ name }) => `/${name}`).sort()).toEqual([...generated.paths].sort());
    expect(groups.some(({ name }) => name.split('/').length === 3)).toBe(true);
    expect(groups.find(({ name }) => name === 'group-0003')?.attributes['costCentre']).toBe('CC3');
    expect(await provider().counts(never)).toEqual({ users: USERS, groups: GROUPS });
  });

  it('delivers every direct membership, and with subGroupMembers: parents those of the groups above', async () => {
    const names = new Map((await usersByName()).entries());
    const paths = new Map(
      (await all((cursor) => provider().listGroups(cursor, never))).map(({ externalId, name }) => [externalId, name])
    );
    const usernames = new Map([...names].map(([name, id]) => [id, name]));
    const read = async (changes?: Readonly<Record<string, unknown>>) =>
      new Set(
        (await all((cursor) => provider(changes).listMemberships(cursor, never)))
          .filter(({ userId }) => usernames.has(userId))
          .map(({ groupId, userId }) => `/${paths.get(groupId)!} ${usernames.get(userId)!}`)
      );
    const direct = generated.users.flatMap(({ username, groups }) => groups.map((path) => `${path} ${username}`));
    expect([...(await read())].sort()).toEqual([...direct].sort());
    const above = direct.flatMap((entry) => {
      const [path, username] = entry.split(' ') as [string, string];
      return withParents(path).map((one) => `${one} ${username}`);
    });
    expect([...(await read({ subGroupMembers: 'parents' }))].sort()).toEqual([...new Set(above)].sort());
  });

  it('finds users and groups by id, and says absent only of what Keycloak does not know', async () => {
    const [known] = [...(await usersByName()).values()];
    const absent = '00000000-0000-4000-8000-000000000000';
    const users = await provider().lookUpUsers([known!, absent], never);
    expect(users.get(known!)).toMatchObject({ found: { externalId: known } });
    expect(users.get(absent)).toBe('absent');
    const [group] = await all((cursor) => provider().listGroups(cursor, never));
    const groups = await provider().lookUpGroups([group!.externalId, absent], never);
    expect([...groups.values()]).toEqual(['present', 'absent']);
    const elsewhere = await provider({ realm: 'gone' })
      .lookUpUsers([known!], never)
      .catch((error: unknown) => error);
    expect(elsewhere).toMatchObject({ name: 'ProviderError', kind: 'configuration' });
  });

  it('finds one person by name or address, and gives the groups that the listings give', async () => {
    const ids = await usersByName();
    const [name = '', id = ''] = [...ids][7] ?? [];
    const [found, ...others] = await provider().findUsers('username', name.toUpperCase(), never);
    expect([found?.externalId, others]).toEqual([id, []]);
    const email = found?.attributes['email'] as string;
    expect((await provider().findUsers('email', email, never)).map((user) => user.externalId)).toEqual([id]);
    expect(await provider().findUsers('username', name.slice(0, -1), never)).toEqual([]);
    for (const subGroupMembers of ['own', 'parents']) {
      const reading = provider({ subGroupMembers });
      const memberships = await all((cursor) => reading.listMemberships(cursor, never));
      const listed = memberships.filter(({ userId }) => userId === id).map(({ groupId }) => groupId);
      const own = await provider({ subGroupMembers }).groupsOf(id, never);
      if (own === 'unknown') throw new Error('the groups are not known');
      expect(own.map((group) => group.externalId).sort()).toEqual([...new Set(listed)].sort());
      const groups = await all((cursor) => reading.listGroups(cursor, never));
      for (const group of own) expect(groups).toContainEqual(group);
    }
    expect(await provider().groupsOf('00000000-0000-4000-8000-000000000000', never)).toEqual([]);
  });

  it('goes on with a new token when the old one ends in the middle of a read', async () => {
    await keycloak.admin('PUT', `/${REALM}`, { accessTokenLifespan: 2 });
    const one = provider();
    const first = await one.listUsers(null, never);
    await sleep(3_000);
    const second = await one.listUsers(first.cursor, never);
    await keycloak.admin('PUT', `/${REALM}`, { accessTokenLifespan: 300 });
    expect(first.items.length + second.items.length).toBeGreaterThan(500);
  });

  it('goes on with a new token when the administrator has ended the old one', async () => {
    const one = provider();
    const first = await one.listUsers(null, never);
    await sleep(1_500);
    await keycloak.admin('PUT', `/${REALM}`, { notBefore: Math.floor(Date.now() / 1_000) });
    const second = await one.listUsers(first.cursor, never);
    expect(first.items.length + second.items.length).toBeGreaterThan(500);
  });

  it('says what is refused: a wrong secret, an unknown client, an unknown realm', async () => {
    const last = async (changes: Readonly<Record<string, unknown>>) => (await provider(changes).test(never)).at(-1);
    expect(await last({ clientSecret: 'wrong' })).toMatchObject({ name: 'login', ok: false });
    expect(await last({ clientId: 'nobody' })).toMatchObject({ name: 'login', ok: false });
    expect(await last({ realm: 'gone' })).toMatchObject({ name: 'server', ok: false });
  });

  it('takes lists that Keycloak leaves empty for want of the role for a refusal, although it answers 200', async () => {
    const poor = generateRealm({
      ...{ realm: 'poor', users: 3, groups: 4, perUser: 1, clientId: CLIENT, clientSecret: SECRET },
      ...{ roles: ['query-users', 'query-groups'], tokenLifetimeSeconds: 300 },
    });
    await keycloak.admin('POST', '', poor.representation);
    const one = provider({ realm: 'poor' });
    const steps = await one.test(never);
    expect(steps.map(({ name, ok }) => [name, ok])).toEqual([
      ['server', true],
      ['login', true],
      ['users', false],
      ['groups', false],
    ]);
    expect(steps[2]?.remedy).toContain('view-users');
    await expect(one.listUsers(null, never)).rejects.toMatchObject({ kind: 'permission' });
    await expect(one.listGroups(null, never)).rejects.toMatchObject({ kind: 'permission' });
  });

  it.each([[['view-users']], [['query-users', 'query-groups']], [['query-groups']], [[]]] as const)(
    'answers as the simulator does where the service account has the roles %j',
    async (roles) => {
      const { real, simulated } = await compareWithSimulator(keycloak, roles);
      expect(simulated).toEqual(real);
    }
  );

  // Last, because it takes people away.
  it('loses nobody when users are deleted between two pages', async () => {
    const ids = await usersByName();
    const one = provider();
    const first = await one.listUsers(null, never);
    const deleted = ['user000003', 'user000007', 'user000499', 'user000505'];
    for (const name of deleted) await keycloak.admin('DELETE', `/${REALM}/users/${ids.get(name)!}`);
    const rest = await all((cursor) => provider().listUsers(cursor ?? first.cursor, never));
    const read = new Set([...first.items.map(({ record }) => record), ...rest].map(({ externalId }) => externalId));
    const lost = [...ids].filter(([name, id]) => !deleted.includes(name) && !read.has(id));
    expect(lost).toEqual([]);
    expect(await one.counts(never)).toMatchObject({ users: USERS - deleted.length });
  });
}

async function all<T>(read: (cursor: string | null) => Promise<Page<T>>): Promise<readonly T[]> {
  const records: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read(cursor);
    records.push(...page.items.map(({ record }) => record));
    cursor = page.cursor;
  } while (cursor !== null);
  return records;
}

function withParents(path: string): readonly string[] {
  const parts = path.split('/').slice(1);
  return parts.map((_, n) => `/${parts.slice(0, n + 1).join('/')}`);
}
