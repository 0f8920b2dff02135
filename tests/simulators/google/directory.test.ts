import { readGoogleOptions } from '../../../simulators/google/commandLine';
import { USER_SCOPE } from '../../../simulators/google/options';
import { UsageError } from '../../../simulators/support/cli';
import { googles, type Body, type SimulatedGoogle } from './support';

const started = googles();
const rowsOf = (body: Body, kind: string) => (body[kind] ?? []) as readonly Body[];

async function walk(google: SimulatedGoogle, path: string, kind: string): Promise<readonly Body[]> {
  const rows: Body[] = [];
  let token = '';
  do {
    const { body } = await google.get(`${path}${token === '' ? '' : `&pageToken=${token}`}`);
    rows.push(...rowsOf(body, kind));
    token = (body['nextPageToken'] ?? '') as string;
  } while (token !== '');
  return rows;
}

describe('lists of the simulated Directory API', () => {
  it('page by token, with no more on a page than is allowed', async () => {
    const google = await started({ users: 640, groups: 5 });
    const all = await walk(google, '/users?customer=my_customer&maxResults=500', 'users');
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(rowsOf((await google.get('/users?customer=my_customer')).body, 'users')).toHaveLength(100);
    expect((await google.get('/users?customer=my_customer&maxResults=501')).status).toBe(400);
    expect((await google.get('/groups?customer=my_customer&maxResults=201')).status).toBe(400);
  });

  it('have no key for a list that is empty', async () => {
    const google = await started();
    await google.sim.change({ groups: [{ email: 'empty@example.com' }] });
    expect((await google.get('/users?customer=my_customer')).body).not.toHaveProperty('users');
    expect((await google.get('/groups/empty@example.com/members')).body).not.toHaveProperty('members');
    await google.sim.change({ groups: [{ email: 'empty@example.com', delete: true }] });
    expect((await google.get('/groups?customer=my_customer')).body).not.toHaveProperty('groups');
  });

  it('ask for the customer or the domain, by the right name', async () => {
    const google = await started({ users: 3 });
    for (const query of ['', '?customer=example.com', '?domain=other.example']) {
      expect(await google.get(`/users${query}`)).toMatchObject({ status: 400 });
    }
    expect((await google.get('/users?domain=Example.com')).status).toBe(200);
    expect((await google.get('/groups?customer=my_customer&userKey=x')).status).toBe(400);
  });

  it('do not know a token of more than three days ago', async () => {
    let now = Date.now();
    const google = await started({ users: 5, now: () => now, tokenLifetimeSeconds: 1_000_000 });
    const first = await google.get('/users?customer=my_customer&maxResults=2');
    const next = `/users?customer=my_customer&pageToken=${first.body['nextPageToken'] as string}`;
    now += 2 * 86_400_000;
    expect((await google.get(next)).status).toBe(200);
    now += 2 * 86_400_000;
    expect(await google.get(next)).toMatchObject({
      status: 400,
      body: { error: { message: 'Invalid Input: pageToken' } },
    });
  });

  it('show the fields that are asked for, custom schemas only with the projection for them', async () => {
    const google = await started();
    const customSchemas = { hr: { cost: 7 } };
    await google.sim.change({ users: [{ email: 'anna@example.com', givenName: 'Anna', customSchemas }] });
    const ask = async (query: string) =>
      rowsOf((await google.get(`/users?customer=my_customer${query}`)).body, 'users')[0];
    expect(await ask('')).not.toHaveProperty('customSchemas');
    expect(await ask('&projection=full')).toMatchObject({ customSchemas });
    expect(await ask('&fields=nextPageToken,users(primaryEmail,name/givenName)')).toEqual({
      primaryEmail: 'anna@example.com',
      name: { givenName: 'Anna' },
    });
    expect((await google.get('/users?customer=my_customer&fields=users(')).status).toBe(400);
  });
});

describe('groups and members of the simulated Directory API', () => {
  it('count direct members in a text, and list groups, people from outside and everybody among them', async () => {
    const google = await started();
    await google.sim.change({
      users: [{ email: 'anna@example.com', groups: ['team@example.com'] }],
      groups: [
        { email: 'team@example.com', groups: ['sub@example.com'], external: ['x@partner.example'], everybody: true },
      ],
    });
    expect((await google.get('/groups/team@example.com')).body).toMatchObject({ directMembersCount: '4' });
    const members = rowsOf((await google.get('/groups/team@example.com/members')).body, 'members');
    expect(members.map(({ type }) => type).sort()).toEqual(['CUSTOMER', 'EXTERNAL', 'GROUP', 'USER']);
    expect(members.find(({ type }) => type === 'EXTERNAL')).not.toHaveProperty('id');
    expect(members.find(({ type }) => type === 'CUSTOMER')).not.toHaveProperty('email');
  });

  it('hold no circle: Google refuses one', async () => {
    const google = await started();
    const nested = (email: string, inner: string) => google.sim.change({ groups: [{ email, groups: [inner] }] });
    await nested('a@example.com', 'b@example.com');
    await nested('b@example.com', 'c@example.com');
    await expect(nested('c@example.com', 'a@example.com')).rejects.toThrow('would hold itself');
  });

  it('give the groups of one user, direct ones only', async () => {
    const google = await started();
    await google.sim.change({
      users: [{ email: 'anna@example.com', groups: ['b@example.com'] }],
      groups: [{ email: 'a@example.com', groups: ['b@example.com'] }],
    });
    const { body } = await google.get('/groups?userKey=Anna@example.com');
    expect(rowsOf(body, 'groups').map(({ email }) => email)).toEqual(['b@example.com']);
  });
});

describe('users of the simulated Directory API', () => {
  it('are found by id, address and alias, asked for by query, and listed apart once deleted', async () => {
    const google = await started();
    await google.sim.change({
      users: [{ email: 'anna@example.com', aliases: ['a@example.com'], orgUnitPath: '/Staff/IT' }],
    });
    const { id } = (await google.get('/users/A@example.com')).body;
    expect((await google.get(`/users/${id as string}`)).body).toMatchObject({ primaryEmail: 'anna@example.com' });
    const asked = async (query: string) =>
      rowsOf((await google.get(`/users?customer=my_customer&query=${encodeURIComponent(query)}`)).body, 'users').length;
    expect([
      await asked("email='ANNA@example.com'"),
      await asked("orgUnitPath='/Staff'"),
      await asked('email=x'),
    ]).toEqual([1, 1, 0]);
    expect((await google.get('/users?customer=my_customer&query=shoe=9')).status).toBe(400);
    await google.sim.change({ users: [{ email: 'anna@example.com', delete: true }] });
    expect((await google.get(`/users/${id as string}`)).status).toBe(404);
    expect(rowsOf((await google.get('/users?customer=my_customer&showDeleted=true')).body, 'users')).toHaveLength(1);
  });

  it('have a photo, or a 404 in its place', async () => {
    const google = await started();
    await google.sim.change({ users: [{ email: 'a@example.com', photo: '/+8=' }, { email: 'b@example.com' }] });
    expect((await google.get('/users/a@example.com/photos/thumbnail')).body).toMatchObject({ photoData: '_-8*' });
    expect((await google.get('/users/b@example.com/photos/thumbnail')).status).toBe(404);
  });

  it('of the shared organisation leave out guests, who are members from outside', async () => {
    const google = await started({ users: 60, groups: 6 });
    const users = await walk(google, '/users?customer=my_customer&maxResults=500', 'users');
    expect(users.filter(({ primaryEmail }) => (primaryEmail as string).endsWith('partner.example'))).toEqual([]);
    const groups = await walk(google, '/groups?customer=my_customer', 'groups');
    const members = await Promise.all(
      groups.map(async ({ id }) => rowsOf((await google.get(`/groups/${id as string}/members`)).body, 'members'))
    );
    expect(members.flat().some(({ type }) => type === 'EXTERNAL')).toBe(true);
  });
});

describe('tokens of the simulated service account', () => {
  it.each([
    ['another account', { iss: 'x@sim.iam.gserviceaccount.com' }, 400, 'invalid_grant'],
    ['an unknown administrator', { sub: 'nobody@example.com' }, 400, 'invalid_grant'],
    ['another audience', { aud: 'https://elsewhere.example/token' }, 401, 'invalid_client'],
    ['an end more than an hour away', { exp: Math.floor(Date.now() / 1_000) + 4_000 }, 400, 'invalid_grant'],
    ['an end in the past', { exp: Math.floor(Date.now() / 1_000) - 10 }, 400, 'invalid_grant'],
    ['a scope that is not delegated', { scope: 'https://www.googleapis.com/auth/admin' }, 401, 'unauthorized_client'],
    ['no scope', { scope: '' }, 400, 'invalid_scope'],
  ] as const)('are refused for %s', async (_what, claims, status, error) => {
    const google = await started();
    expect(await google.token(claims)).toMatchObject({ status, body: { error } });
  });

  it('let do what their scopes and their subject may do, until they end', async () => {
    let now = Date.now();
    const google = await started({ now: () => now });
    await google.sim.change({ users: [{ email: 'anna@example.com' }] });
    const users = '/users?customer=my_customer';
    const narrow = (await google.token({ scope: USER_SCOPE })).body['access_token'] as string;
    expect((await google.get(users, narrow)).status).toBe(200);
    expect(await google.get('/groups?customer=my_customer', narrow)).toMatchObject({
      ...{ status: 403, body: { error: { errors: [{ reason: 'insufficientPermissions' }] } } },
    });
    const nobody = (await google.token({ sub: 'anna@example.com' })).body['access_token'] as string;
    expect(await google.get(users, nobody)).toMatchObject({
      status: 403,
      body: { error: { errors: [{ reason: 'forbidden' }] } },
    });
    now += 3_600_000;
    expect((await google.get(users, narrow)).status).toBe(401);
    expect((await google.token({}, 'password')).body).toEqual({
      error: 'unsupported_grant_type',
      error_description: 'Invalid grant_type',
    });
  });
});

describe('limits and faults of the simulated Directory API', () => {
  it('answer 403 for too many requests of a minute', async () => {
    let now = Date.now();
    const google = await started({ rateLimit: 2, now: () => now, users: 1 });
    const users = '/users?customer=my_customer';
    const statuses = [(await google.get(users)).status, (await google.get(users)).status];
    expect(statuses).toEqual([200, 200]);
    expect(await google.get(users)).toMatchObject({
      ...{ status: 403, body: { error: { errors: [{ domain: 'usageLimits', reason: 'userRateLimitExceeded' }] } } },
    });
    now += 60_000;
    expect((await google.get(users)).status).toBe(200);
  });

  it.each([
    ['http500', 500, 'backendError'],
    ['user-rate', 403, 'userRateLimitExceeded'],
    ['quota', 403, 'quotaExceeded'],
    ['rate-limit', 429, 'rateLimitExceeded'],
    ['unauthorized', 401, 'authError'],
    ['forbidden', 403, 'forbidden'],
    ['api-disabled', 403, 'accessNotConfigured'],
    ['expired-cursor', 400, 'invalid'],
  ] as const)('%s is answered %i with its reason', async (kind, status, reason) => {
    const google = await started();
    await google.sim.addFault({ kind, until: 1, match: { endpoint: 'GET /users' } });
    const users = '/users?customer=my_customer';
    expect(await google.get(users)).toMatchObject({ status, body: { error: { code: status, errors: [{ reason }] } } });
    expect((await google.get(users)).status).toBe(200);
  });

  it('refuses what it does not know', async () => {
    const google = await started();
    await expect(google.sim.change({ users: [{ email: 'no@example.com', delete: true }] })).rejects.toThrow('no user');
    const odd = await fetch(`${google.url}/_sim/faults`, { method: 'POST', body: '{"kind":"flood"}' });
    expect(odd.status).toBe(400);
    expect(readGoogleOptions(['--users', '5', '--admin', 'x@y'])).toEqual({ users: 5, admin: 'x@y' });
    expect(() => readGoogleOptions(['--userz', '5'])).toThrow(UsageError);
    expect(() => readGoogleOptions(['--public-key', '/no'])).toThrow('cannot be read');
  });
});
