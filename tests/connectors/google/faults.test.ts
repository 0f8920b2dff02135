import { createGooglePace } from '../../../connectors/google/refusals';
import type { HttpAnswer } from '../../../connectors/http';
import type { FaultInput } from '../../../simulators/google/control';
import { never, reading, simulations, type Reading, type Simulated } from './support';

const started = simulations();
const USERS = 'GET /users';
const GROUPS = 'GET /groups';
const MEMBERS = 'GET /groups/{key}/members';
/** Large enough for several pages of users, of groups and of the members of one group. */
const DOMAIN = { users: 600, groups: 210, perUser: 0 };

function read(google: Simulated, changes: Readonly<Record<string, unknown>> = {}): Promise<Reading> {
  const one = google.provider(changes);
  return reading(() => one);
}

async function domain(): Promise<Simulated> {
  const google = await started(DOMAIN);
  const state = (await (await fetch(`${google.url}/_sim/state`)).json()) as State;
  const emails = state.users.map(({ primaryEmail }) => primaryEmail);
  await google.sim.change({
    users: emails.slice(0, 450).map((email) => ({ email, groups: ['large@example.com', 'other@example.com'] })),
  });
  return google;
}

interface State {
  readonly users: readonly { readonly primaryEmail: string }[];
}

let undisturbed: Reading | undefined;

async function spoiled(fault: FaultInput, changes: Readonly<Record<string, unknown>> = {}) {
  const google = await domain();
  // The same for every test: the domain comes from a seed.
  undisturbed ??= await read(google);
  await google.sim.addFault(fault);
  return { right: undisturbed, read: await read(google, changes) };
}

describe('what goes wrong for a moment', () => {
  it.each([
    [{ kind: 'user-rate', match: { endpoint: USERS } }],
    [{ kind: 'quota', match: { endpoint: MEMBERS } }],
    [{ kind: 'rate-limit', match: { endpoint: GROUPS } }],
    [{ kind: 'http500', match: { endpoint: GROUPS } }],
    [{ kind: 'http500', match: { endpoint: 'POST /token' } }],
    [{ kind: 'html-502', match: { endpoint: MEMBERS } }],
    [{ kind: 'drop', match: { endpoint: USERS } }],
    [{ kind: 'cut', match: { endpoint: USERS } }],
    [{ kind: 'cut', match: { endpoint: MEMBERS } }],
    [{ kind: 'unauthorized', until: 1, match: { endpoint: USERS } }],
    [{ kind: 'empty-page', match: { endpoint: USERS } }],
    [{ kind: 'empty-page', match: { endpoint: MEMBERS } }],
    [{ kind: 'repeated-page', match: { endpoint: MEMBERS } }],
    [{ kind: 'lost-page', match: { endpoint: MEMBERS } }],
    [{ kind: 'expired-cursor', until: 1, match: { path: '/admin/directory/v1/users*pageToken=*' } }],
  ] as const)('%j ends in the right snapshot', async (fault) => {
    const { right, read: found } = await spoiled({ until: 2, ...fault });
    expect(found).toEqual(right);
  });
});

describe('what is lost or repeated', () => {
  it.each(['lost-page', 'lost-rest', 'repeated-page'] as const)(
    '%s among users makes the read incomplete',
    async (kind) => {
      // There are two pages: the second is what gets lost, or is not linked to, or comes once more as the first.
      const match = kind === 'lost-rest' ? { endpoint: USERS } : { path: '/admin/directory/v1/users*pageToken=*' };
      const { right, read: found } = await spoiled({ kind, until: 1, match });
      expect(found.incomplete).toEqual([expect.stringMatching(/^users: people came or went/)]);
      expect({ ...found, users: null, incomplete: null }).toEqual({ ...right, users: null, incomplete: null });
    }
  );

  it('members that stay lost make the read incomplete, with the group and both numbers', async () => {
    const { read: found } = await spoiled({ kind: 'lost-rest', match: { endpoint: MEMBERS } });
    expect(found.incomplete).toHaveLength(2);
    for (const reason of found.incomplete) {
      expect(reason).toMatch(/^memberships: Google counts 450 members of the group \w+, 200 were read$/);
    }
  });

  it('members that stay lost do not matter where the settings ignore what Google counts', async () => {
    const { read: found } = await spoiled(
      { kind: 'lost-rest', match: { endpoint: MEMBERS } },
      { memberCounts: 'ignore' }
    );
    expect(found.incomplete).toEqual([]);
  });

  it.each(['lost-page', 'lost-rest'] as const)(
    'a page of groups (%s) while members are read is noticed',
    async (kind) => {
      const google = await domain();
      const one = google.provider();
      await google.sim.addFault({ kind, until: 1, match: { endpoint: GROUPS } });
      const reasons: string[] = [];
      for (let next: string | null = null, pages = 0; pages === 0 || next !== null; pages++) {
        const page = await one.listMemberships(next, never);
        reasons.push(...(page.incomplete ?? []));
        next = page.cursor;
      }
      expect(reasons).toEqual([expect.stringContaining('a page of them was lost')]);
    }
  );
});

describe('what goes on for ever', () => {
  it.each([
    ['empty-page', USERS],
    ['repeated-page', USERS],
    ['empty-page', GROUPS],
  ] as const)('%s of %s is cut with a clear error', async (kind, endpoint) => {
    // The simulated token holds a time: one that stands still makes the same token of the same place.
    const google = await started({ users: 600, groups: 210, now: stopped() });
    await google.sim.addFault({ kind, match: { endpoint } });
    await expect(read(google)).rejects.toMatchObject({
      kind: 'data',
      message: expect.stringMatching(/^Google: list the (users|groups): page \d+ leads back to an earlier one/),
    });
  });
});

/** A clock that stands. */
function stopped(): () => number {
  const now = Date.now();
  return () => now;
}

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
    [{ kind: 'forbidden' }, 'permission', 'admin.directory.user.readonly delegated'],
    [{ kind: 'api-disabled' }, 'permission', 'the Admin SDK API enabled'],
    [{ kind: 'user-rate' }, 'rateLimited', '403'],
    [{ kind: 'quota' }, 'rateLimited', '403'],
    [{ kind: 'rate-limit' }, 'rateLimited', '429'],
    [{ kind: 'http500' }, 'unavailable', '500'],
    [{ kind: 'html-200' }, 'configuration', 'web page'],
    [{ kind: 'html-404' }, 'configuration', '404'],
  ] as const)('%j is %s', async (fault, kind, words) => {
    const { provider, sim } = await started({ users: 5 });
    await sim.addFault({ ...fault, match: { endpoint: USERS } });
    await expect(provider().listUsers(null, never)).rejects.toMatchObject({
      ...{ name: 'ProviderError', kind },
      message: expect.stringContaining(words),
    });
  });

  it('too many requests wait twice as long each time, with a part of chance, and from the beginning after a success', () => {
    const refused = (): HttpAnswer => ({
      ...{ status: 403, headers: {}, text: '' },
      json: { error: { errors: [{ reason: 'userRateLimitExceeded' }] } },
    });
    const { paceOf, meaningOf } = createGooglePace(50, () => 0.5);
    const first = refused();
    expect(paceOf(first).blockedForMs).toBe(750);
    expect(meaningOf(first)).toEqual({ kind: 'rateLimited', retryAfterMs: 750 });
    expect(paceOf(refused()).blockedForMs).toBe(1_500);
    expect(paceOf(refused()).blockedForMs).toBe(3_000);
    expect(paceOf({ status: 200, headers: {}, text: '', json: {} }).blockedForMs).toBeNull();
    expect(paceOf(refused()).blockedForMs).toBe(750);
    for (let n = 0; n < 20; n++) paceOf(refused());
    expect(paceOf(refused()).blockedForMs).toBe(48_000);
    expect(paceOf(first).rate).toMatchObject({ limit: 1_200, intervalSeconds: 60 });
  });

  it('a token that ended in the middle of a read is renewed once; one that is refused again is a configuration to mend', async () => {
    const { provider, sim } = await started({ users: 1_100 });
    const one = provider();
    const { cursor } = await one.listUsers(null, never);
    await sim.change({ expireTokens: true });
    expect((await one.listUsers(cursor, never)).items).toHaveLength(500);
    expect((await sim.stats()).calls['POST /token']).toBe(2);
    await sim.addFault({ kind: 'unauthorized', match: { endpoint: USERS } });
    await expect(one.listUsers(null, never)).rejects.toMatchObject({
      kind: 'authentication',
      message: expect.stringContaining('the delegation to its client id still stands'),
    });
  });

  it('a delegation that was taken away is said with the scopes', async () => {
    const { provider } = await started({ scopes: [] });
    await expect(provider().listUsers(null, never)).rejects.toMatchObject({
      kind: 'permission',
      message: expect.stringContaining('admin.directory.group.readonly'),
    });
  });
});
