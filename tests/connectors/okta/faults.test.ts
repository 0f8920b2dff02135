import { isActive } from '../../../connectors/okta/records';
import type { FaultInput } from '../../../simulators/okta/control';
import { API_TOKEN, never, reading, simulations, type Reading, type Simulated } from './support';

const started = simulations();
const USERS = 'GET /api/v1/users';
const GROUPS = 'GET /api/v1/groups';
const MEMBERS = 'GET /api/v1/groups/{id}/users';
/** Large enough for several pages of users, of groups and of the members of one group. */
const ORG = { users: 620, groups: 210, perUser: 0 };

async function spoiled(fault: FaultInput, changes: Readonly<Record<string, unknown>> = {}) {
  const okta = await org();
  const right = await read(okta, changes);
  await okta.sim.addFault(fault);
  return { right, read: await read(okta, changes) };
}

function read(okta: Simulated, changes: Readonly<Record<string, unknown>> = {}): Promise<Reading> {
  const one = okta.provider(changes);
  return reading(() => one);
}

async function org(): Promise<Simulated> {
  const okta = await started(ORG);
  const people = await read(okta);
  const logins = [...people.users.values()].map(({ attributes }) => attributes['login'] as string);
  await okta.sim.change({ users: logins.slice(0, 450).map((login) => ({ login, groups: ['large', 'group-0003'] })) });
  return okta;
}

describe('what goes wrong for a moment', () => {
  it.each([
    [{ kind: 'rate-limit', match: { endpoint: USERS } }],
    [{ kind: 'concurrency', match: { endpoint: MEMBERS } }],
    [{ kind: 'http500', match: { endpoint: GROUPS } }],
    [{ kind: 'http500', match: { endpoint: 'POST /oauth2/v1/token' } }],
    [{ kind: 'html-502', match: { endpoint: MEMBERS } }],
    [{ kind: 'drop', match: { endpoint: USERS } }],
    [{ kind: 'cut', match: { endpoint: USERS } }],
    [{ kind: 'cut', match: { endpoint: MEMBERS } }],
    [{ kind: 'unauthorized', until: 1, match: { endpoint: USERS } }],
    [{ kind: 'empty-page', match: { endpoint: USERS } }],
    [{ kind: 'empty-page', match: { endpoint: GROUPS } }],
    [{ kind: 'empty-page', match: { endpoint: MEMBERS } }],
    [{ kind: 'repeated-page', match: { endpoint: USERS } }],
    [{ kind: 'repeated-page', match: { endpoint: MEMBERS } }],
  ] as const)('%j ends in the right snapshot', async (fault) => {
    const { right, read } = await spoiled({ until: 2, ...fault });
    expect(read).toEqual(right);
  });
});

describe('what is lost', () => {
  it('a page of users is found again among the members of the group Everyone', async () => {
    const { right, read } = await spoiled({ kind: 'lost-page', until: 1, match: { endpoint: USERS } });
    expect(read).toEqual(right);
  });

  it('the rest of a list of users too, and where Everyone has a gap as well the read is incomplete', async () => {
    const early = await spoiled({ kind: 'lost-rest', until: 1, match: { endpoint: USERS } });
    expect(early.read).toEqual(early.right);
    const okta = await org();
    await okta.sim.addFault({ kind: 'lost-rest', until: 1, match: { endpoint: USERS } });
    await okta.sim.addFault({ kind: 'lost-page', until: 1, match: { endpoint: MEMBERS } });
    const { incomplete } = await read(okta);
    expect(incomplete).toEqual([
      'users: Okta counts 614 in the group Everyone, 200 users were listed and 414 of its members',
    ]);
  });

  it.each(['lost-page', 'lost-rest'] as const)(
    'a page of members (%s) is noticed and the group read again',
    async (kind) => {
      const okta = await org();
      const right = await read(okta);
      await okta.sim.addFault({ kind, until: 1, match: { endpoint: MEMBERS } });
      expect(await read(okta)).toEqual(right);
    }
  );

  it('members that stay lost make the read incomplete, with the group and both numbers', async () => {
    const { right, read } = await spoiled({ kind: 'lost-rest', match: { endpoint: MEMBERS } });
    expect(read.incomplete).toHaveLength(2);
    for (const reason of read.incomplete) {
      expect(reason).toMatch(/^memberships: Okta counts 450 members of the group \w+, 200 were read$/);
    }
    expect(read.users).toEqual(right.users);
  });

  it('members that stay lost do not matter where the settings ignore what Okta counts', async () => {
    const { read } = await spoiled({ kind: 'lost-rest', match: { endpoint: MEMBERS } }, { memberCounts: 'ignore' });
    expect(read.incomplete).toEqual([]);
  });

  it.each(['lost-page', 'lost-rest', 'repeated-page'] as const)(
    'a page of groups (%s) while members are read is noticed at the end',
    async (kind) => {
      const okta = await org();
      const one = okta.provider();
      await okta.sim.addFault({ kind, until: 1, match: { endpoint: GROUPS } });
      const reasons: string[] = [];
      for (let next: string | null = null, pages = 0; pages === 0 || next !== null; pages++) {
        const page = await one.listMemberships(next, never);
        reasons.push(...(page.incomplete ?? []));
        next = page.cursor;
      }
      expect(reasons).toEqual(kind === 'repeated-page' ? [] : [expect.stringContaining('a page of them was lost')]);
    }
  );
});

describe('what goes on for ever', () => {
  it.each([
    ['empty-page', USERS],
    ['repeated-page', USERS],
    ['empty-page', GROUPS],
  ] as const)('%s of %s is cut with a clear error', async (kind, endpoint) => {
    const okta = await started({ users: 450, groups: 210 });
    await okta.sim.addFault({ kind, match: { endpoint } });
    await expect(read(okta)).rejects.toMatchObject({
      kind: 'data',
      message: expect.stringMatching(/^Okta: list the (users|groups): page \d+ leads back to an earlier one/),
    });
  });

  it('an endless list of members fails the read, and loses nobody', async () => {
    const okta = await org();
    await okta.sim.addFault({ kind: 'empty-page', match: { endpoint: MEMBERS } });
    await expect(read(okta)).rejects.toMatchObject({ kind: 'data' });
  });
});

describe('a cursor that Okta does not know any more', () => {
  it('is said to be expired, so that the listing begins anew', async () => {
    const okta = await org();
    const right = await read(okta);
    const one = okta.provider();
    const { cursor } = await one.listUsers(null, never);
    await okta.sim.addFault({ kind: 'expired-cursor', until: 1, match: { endpoint: USERS } });
    await expect(one.listUsers(cursor, never)).rejects.toMatchObject({ kind: 'cursorExpired' });
    await okta.sim.addFault({ kind: 'expired-cursor', until: 1, match: { path: '/api/v1/groups/*after=*' } });
    expect(await read(okta)).toEqual(right);
  });

  it('a first page that is refused is a wrong request', async () => {
    const { provider, sim } = await started({ users: 1 });
    await sim.addFault({ kind: 'expired-cursor', match: { endpoint: USERS } });
    await expect(provider().listUsers(null, never)).rejects.toMatchObject({ kind: 'configuration' });
  });
});

describe('what a refusal means', () => {
  it('a body that does not come to its end in time is no answer, one that only pauses is', async () => {
    const { provider, sim } = await started({ users: 50 });
    await sim.addFault({ kind: 'slow-body', delayMs: 30_000, until: 1, match: { endpoint: USERS } });
    await expect(provider({}, { timeoutMs: 200 }).listUsers(null, never)).rejects.toMatchObject({
      kind: 'unavailable',
    });
    await sim.addFault({ kind: 'slow-body', delayMs: 50, until: 1, match: { endpoint: USERS } });
    expect((await provider().listUsers(null, never)).items.length).toBeGreaterThan(40);
  });

  it.each([
    [{ kind: 'forbidden' }, 'permission', null, 'okta.users.read'],
    [{ kind: 'http500' }, 'unavailable', null, 'E0000009'],
    [{ kind: 'html-200' }, 'configuration', null, 'web page'],
    [{ kind: 'html-404' }, 'configuration', null, '404'],
    [{ kind: 'concurrency' }, 'rateLimited', 2_000, '429'],
  ] as const)('%j is %s', async (fault, kind, retryAfterMs, words) => {
    const { provider, sim } = await started({ users: 5 });
    await sim.addFault({ ...fault, match: { endpoint: USERS } });
    await expect(provider().listUsers(null, never)).rejects.toMatchObject({
      ...{ name: 'ProviderError', kind, retryAfterMs },
      message: expect.stringContaining(words),
    });
  });

  it('too many requests wait until the end of the window by the clock of Okta', async () => {
    const { provider, sim } = await started({ users: 5 });
    await sim.addFault({ kind: 'rate-limit', retryAfter: 20, match: { endpoint: USERS } });
    const error: unknown = await provider()
      .listUsers(null, never)
      .catch((thrown: unknown) => thrown);
    const { retryAfterMs } = error as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThanOrEqual(20_000);
    expect(retryAfterMs).toBeLessThanOrEqual(23_000);
  });

  it('a token that ended in the middle of a read is renewed once; one that is refused again is a configuration to mend', async () => {
    const { provider, sim } = await started({ users: 450 });
    const one = provider();
    const { cursor } = await one.listUsers(null, never);
    await sim.change({ expireTokens: true });
    expect((await one.listUsers(cursor, never)).items).toHaveLength(200);
    expect((await sim.stats()).calls['POST /oauth2/v1/token']).toBe(2);
    await sim.addFault({ kind: 'unauthorized', match: { endpoint: USERS } });
    await expect(one.listUsers(null, never)).rejects.toMatchObject({
      kind: 'authentication',
      message: expect.stringContaining('key is still registered'),
    });
    await expect(provider({ ...API_TOKEN, apiToken: 'x' }).listUsers(null, never)).rejects.toMatchObject({
      kind: 'authentication',
      message: expect.stringContaining('create another one'),
    });
  });

  it('DPoP that is demanded is said clearly, a scope that lacks by name', async () => {
    const { provider, sim } = await started({ dpop: true });
    await expect(provider().listUsers(null, never)).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringContaining('switch off "Require Demonstrating Proof of Possession'),
    });
    await sim.change({ dpop: false, scopes: [] });
    await expect(provider().listUsers(null, never)).rejects.toMatchObject({
      kind: 'permission',
      message: expect.stringContaining('okta.groups.read'),
    });
  });

  it('a status that nobody knows refuses the read: nobody loses an account by a guess', () => {
    expect(() => isActive('FROZEN', 'active')).toThrow('the status FROZEN, which this version does not know');
  });
});
