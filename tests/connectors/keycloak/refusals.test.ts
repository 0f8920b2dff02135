import { all, never, simulations } from './support';

const started = simulations();
const ABSENT = '00000000-0000-4000-8000-000000000000';

describe('access tokens', () => {
  it('are renewed before they end, one for many calls', async () => {
    let nowMs = 0;
    const { provider, sim } = await started({ users: 3, tokenLifetimeSeconds: 300 });
    const one = provider({}, { now: () => nowMs });
    await one.listUsers(null, never);
    nowMs = 269_000;
    await one.listUsers(null, never);
    expect((await sim.stats()).calls['POST /token']).toBe(1);
    nowMs = 271_000;
    await one.listUsers(null, never);
    expect((await sim.stats()).calls['POST /token']).toBe(2);
  });

  it('are renewed once after a 401 in the middle of a read, and the read goes on', async () => {
    const { provider, sim } = await started({ users: 1_200 });
    const one = provider();
    const found = await all(
      (cursor) => one.listUsers(cursor, never),
      () => sim.change({ expireTokens: true })
    );
    expect(found).toHaveLength(1_200);
    const { calls, answers } = await sim.stats();
    expect([calls['POST /token'], answers['401']]).toEqual([3, 2]);
  });

  it('are not asked for again and again when Keycloak refuses each', async () => {
    const { provider, sim } = await started({ users: 1 });
    await sim.addFault({ kind: 'unauthorized', match: { endpoint: 'GET /users' } });
    await expect(provider().listUsers(null, never)).rejects.toMatchObject({ kind: 'authentication' });
    expect((await sim.stats()).calls).toMatchObject({ 'POST /token': 2, 'GET /users': 2 });
  });

  it('are shared by calls that run side by side', async () => {
    const { provider, sim } = await started({ users: 40 });
    const ids = (await provider().listUsers(null, never)).items.map(({ record }) => record.externalId);
    await sim.reset('stats');
    const found = await provider().lookUpUsers(ids, never);
    expect(found.size).toBe(40);
    const { calls, maxConcurrency } = await sim.stats();
    expect(calls['POST /token']).toBe(1);
    expect(maxConcurrency).toBeLessThanOrEqual(4);
  });
});

describe('what a refusal means', () => {
  const endpoint = 'GET /users';
  it.each([
    [{ kind: 'forbidden' }, 'permission', null],
    [{ kind: 'http500' }, 'unavailable', null],
    [{ kind: 'html-502', status: 503, retryAfter: 7 }, 'unavailable', 7_000],
    [{ kind: 'rate-limit', retryAfter: 12 }, 'rateLimited', 12_000],
    [{ kind: 'rate-limit' }, 'rateLimited', null],
    [{ kind: 'html-200' }, 'configuration', null],
    [{ kind: 'html-404' }, 'configuration', null],
    [{ kind: 'drop' }, 'unavailable', null],
    [{ kind: 'cut' }, 'unavailable', null],
  ] as const)('%j is %s', async (fault, kind, retryAfterMs) => {
    const { provider, sim } = await started({ users: 5 });
    await sim.addFault({ ...fault, match: { endpoint } });
    await expect(provider().listUsers(null, never)).rejects.toMatchObject({
      ...{ name: 'ProviderError', kind, retryAfterMs },
      message: expect.stringMatching(/^Keycloak: list the users/),
    });
  });

  it('a slow answer is no answer, and a cancelled call ends with the reason of the caller', async () => {
    const { provider, sim } = await started({ users: 1 });
    await sim.addFault({ kind: 'slow', delayMs: 30_000, match: { endpoint } });
    await expect(provider({}, { timeoutMs: 100 }).listUsers(null, never)).rejects.toMatchObject({
      kind: 'unavailable',
    });
    const caller = new AbortController();
    const read = provider().listUsers(null, caller.signal);
    const reason = new Error('enough');
    caller.abort(reason);
    await expect(read).rejects.toBe(reason);
  });

  it('a wrong secret, client or realm is said by kind, without the secret', async () => {
    const { provider } = await started();
    const kindOf = async (changes: Readonly<Record<string, unknown>>) =>
      provider(changes)
        .listUsers(null, never)
        .catch((error: unknown) => error);
    expect(await kindOf({ clientSecret: 'p4ssw0rd' })).toMatchObject({
      kind: 'authentication',
      message: 'Keycloak: log in as the client: answered 401 (unauthorized_client)',
    });
    expect(await kindOf({ clientId: 'nobody' })).toMatchObject({ kind: 'authentication' });
    expect(await kindOf({ realm: 'gone' })).toMatchObject({ kind: 'configuration' });
  });

  it('lists that are empty for want of the role are a refusal, although Keycloak answers 200', async () => {
    const { provider } = await started({ users: 3, groups: 2, roles: ['query-users', 'query-groups'] });
    await expect(provider().listUsers(null, never)).rejects.toMatchObject({ kind: 'permission' });
    await expect(provider().listGroups(null, never)).rejects.toMatchObject({ kind: 'permission' });
    await expect(provider().listMemberships(null, never)).rejects.toMatchObject({ kind: 'permission' });
  });

  it('a role that is taken away in the middle never makes a shorter list', async () => {
    const { provider, sim } = await started({ users: 1_200 });
    const one = provider();
    const first = await one.listUsers(null, never);
    await sim.change({ roles: ['query-users'] });
    await expect(one.listUsers(first.cursor, never)).rejects.toMatchObject({ kind: 'cursorExpired' });
  });

  it('an empty realm is no refusal', async () => {
    const { provider } = await started();
    expect(await provider().listUsers(null, never)).toEqual({ items: [], cursor: null });
    expect(await provider().listGroups(null, never)).toEqual({ items: [], cursor: null });
    expect(await provider().listMemberships(null, never)).toEqual({ items: [], cursor: null });
  });
});

describe('looking up by id', () => {
  it('tells found, absent and unknown apart', async () => {
    const { provider, sim } = await started({ users: 2, groups: 1 });
    const [known] = (await provider().listUsers(null, never)).items.map(({ record }) => record);
    const found = await provider().lookUpUsers([known!.externalId, ABSENT], never);
    expect(found.get(known!.externalId)).toEqual({ found: known });
    expect(found.get(ABSENT)).toBe('absent');
    await sim.change({ roles: ['query-users'] });
    expect((await provider().lookUpUsers([known!.externalId], never)).get(known!.externalId)).toBe('unknown');
  });

  it('takes a 404 for absent only on the word of Keycloak', async () => {
    const { provider, sim } = await started({ users: 1, groups: 1 });
    await sim.addFault({ kind: 'html-404', match: { method: 'GET' } });
    expect((await provider().lookUpUsers([ABSENT], never)).get(ABSENT)).toBe('unknown');
    expect((await provider().lookUpGroups([ABSENT], never)).get(ABSENT)).toBe('unknown');
    await sim.reset('faults');
    expect((await provider().lookUpGroups([ABSENT], never)).get(ABSENT)).toBe('absent');
    const gone = provider({ realm: 'gone' }).lookUpUsers([ABSENT], never);
    await expect(gone).rejects.toMatchObject({ kind: 'configuration' });
  });

  it.each(['http500', 'rate-limit', 'drop', 'html-200'] as const)('never answers after %s', async (kind) => {
    const { provider, sim } = await started({ users: 1 });
    await sim.addFault({ kind, match: { endpoint: 'GET /users/{id}' } });
    await expect(provider().lookUpUsers([ABSENT], never)).rejects.toMatchObject({ name: 'ProviderError' });
  });

  it('says unknown of an id that leads elsewhere', async () => {
    const { provider } = await started({ users: 1 });
    await expect(provider().lookUpUsers(['count'], never)).rejects.toMatchObject({ kind: 'data' });
    await expect(provider().lookUpUsers(new Array(201).fill('x'), never)).rejects.toThrow(RangeError);
  });
});
