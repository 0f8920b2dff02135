import { KEY_ID, oktas, signed } from './support';

const started = oktas();

describe('tokens of the simulated Okta', () => {
  it('are given for an assertion that the service app signed, and last an hour', async () => {
    const okta = await started({ users: 2 });
    const { status, body } = await okta.token();
    expect({ status, body }).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3_600 } });
    const bearer = `Bearer ${body['access_token'] as string}`;
    expect((await okta.get('/api/v1/users', bearer)).status).toBe(200);
    expect((await okta.get('/api/v1/groups', bearer)).status).toBe(403);
  });

  const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;
  it.each([
    ['the audience', { claims: { aud: 'https://elsewhere.example/oauth2/v1/token' } }],
    ['an end more than an hour away', { claims: { exp: inSeconds(3_700) } }],
    ['an end in the past', { claims: { exp: inSeconds(-10) } }],
    ['an unknown key', { kid: 'other' }],
    ['a subject that is not the issuer', { claims: { sub: 'other' } }],
    ['a client that is not registered', { claims: { iss: 'other', sub: 'other' } }],
    ['a secret instead of an assertion', { form: { client_assertion_type: 'x', client_secret: 's' } }],
    ['a signature that is not one', { assertion: 'a.b.c' }],
  ])('are refused for %s', async (_what, changes) => {
    const okta = await started();
    expect(await okta.token(changes)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it('are refused for an assertion that was used, a scope that is not granted, and for want of DPoP', async () => {
    const okta = await started({ scopes: ['okta.users.read'] });
    const assertion = await signed(`${okta.url}/oauth2/v1/token`, {}, KEY_ID);
    expect((await okta.token({ assertion })).status).toBe(200);
    expect((await okta.token({ assertion })).status).toBe(401);
    const other = await okta.token({ form: { scope: 'okta.users.read okta.groups.read' } });
    expect(other).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
    await okta.sim.change({ dpop: true });
    expect(await okta.token()).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
  });

  it('end, after which every call is refused', async () => {
    let now = Date.now();
    const okta = await started({ now: () => now });
    const bearer = `Bearer ${(await okta.token()).body['access_token'] as string}`;
    expect((await okta.get('/api/v1/users', bearer)).status).toBe(200);
    now += 3_600_000;
    expect(await okta.get('/api/v1/users', bearer)).toMatchObject({ status: 401, body: { errorCode: 'E0000011' } });
  });
});

describe('limits of the simulated Okta', () => {
  it('are told with every answer, by bucket, and end a minute after the first request', async () => {
    let now = Date.parse('2026-11-24T12:00:30.000Z');
    const okta = await started({ rateLimit: 2, now: () => now });
    const first = await okta.get('/api/v1/users');
    const names = ['x-rate-limit-limit', 'x-rate-limit-remaining', 'x-rate-limit-reset'];
    expect(names.map((name) => first.header(name))).toEqual(['2', '1', String(now / 1_000 + 60)]);
    await okta.get('/api/v1/users');
    const third = await okta.get('/api/v1/users');
    expect(third).toMatchObject({ status: 429, body: { errorCode: 'E0000047' } });
    expect(third.header('retry-after')).toBeNull();
    expect((await okta.get('/api/v1/groups')).status).toBe(200);
    now += 60_000;
    expect((await okta.get('/api/v1/users')).status).toBe(200);
  });

  it('of requests at one moment are refused with a limit and a rest of 0', async () => {
    const okta = await started({ users: 1, concurrency: 1 });
    await okta.sim.addFault({ kind: 'slow', delayMs: 200, match: { endpoint: 'GET /api/v1/groups' } });
    const answers = await Promise.all(['groups', 'groups', 'groups'].map((path) => okta.get(`/api/v1/${path}`)));
    const refused = answers.find(({ status }) => status === 429);
    expect(['limit', 'remaining'].map((name) => refused?.header(`x-rate-limit-${name}`))).toEqual(['0', '0']);
  });
});

describe('faults of the simulated Okta', () => {
  it.each([
    ['http500', 500, 'E0000009'],
    ['rate-limit', 429, 'E0000047'],
    ['concurrency', 429, 'E0000047'],
    ['unauthorized', 401, 'E0000011'],
    ['forbidden', 403, 'E0000006'],
    ['expired-cursor', 400, 'E0000001'],
  ] as const)('%s is answered %i %s, as often as it is asked for', async (kind, status, errorCode) => {
    const okta = await started();
    await okta.sim.addFault({ kind, until: 1 });
    expect(await okta.get('/api/v1/users')).toMatchObject({ status, body: { errorCode } });
    expect((await okta.get('/api/v1/users')).status).toBe(200);
  });

  it.each(['drop', 'cut'] as const)('%s ends the connection', async (kind) => {
    const okta = await started({ users: 50 });
    await okta.sim.addFault({ kind, until: 1 });
    await expect(okta.get('/api/v1/users')).rejects.toThrow();
  });

  it('spoil pages: an empty one, one that repeats, one that is skipped, a list that ends early', async () => {
    const okta = await started({ users: 10 });
    const ids = async (path: string): Promise<readonly unknown[]> => (await okta.rows(path)).map(({ id }) => id);
    const all = await ids('/api/v1/users?limit=200');
    const second = (await okta.get('/api/v1/users?limit=3')).next!;
    const spoiled = async (kind: 'empty-page' | 'repeated-page' | 'lost-page' | 'lost-rest') => {
      await okta.sim.addFault({ kind, until: 1 });
      const { body, next } = await okta.get(second);
      return { ids: (body as { id: string }[]).map(({ id }) => id), next };
    };
    expect(await spoiled('empty-page')).toEqual({ ids: [], next: second });
    expect(await spoiled('repeated-page')).toEqual({ ids: all.slice(0, 3), next: second });
    expect((await spoiled('lost-page')).ids).toEqual(all.slice(6, 9));
    expect(await spoiled('lost-rest')).toEqual({ ids: all.slice(3, 6), next: null });
  });

  it('are refused when nobody knows them, like changes that name nobody', async () => {
    const okta = await started();
    await expect(okta.sim.change({ users: [{ login: 'nobody', delete: true }] })).rejects.toThrow("no user 'nobody'");
    const odd = await fetch(`${okta.url}/_sim/faults`, { method: 'POST', body: '{"kind":"flood"}' });
    expect(odd.status).toBe(400);
  });
});
