import type { IdentityProvider } from '../../../connectors/provider';
import { isProved, listing, never, scopeOf, simulations } from './support';

const users = (provider: IdentityProvider, cursor: string | null = null) => provider.listUsers(cursor, never);
const allUsers = (provider: IdentityProvider) => listing((cursor) => provider.listUsers(cursor, never));
const allMemberships = (provider: IdentityProvider) => listing((cursor) => provider.listMemberships(cursor, never));
const WITH_GUESTS = { guests: 'include' };

describe('what Microsoft Graph refuses', () => {
  const simulate = simulations();

  it('takes a new token once when the old one ended in the middle of a read', async () => {
    const { provider, sim } = await simulate({ users: 1_500 });
    const own = provider(WITH_GUESTS);
    const first = await users(own);
    await sim.change({ expireTokens: true });
    const second = await users(own, first.cursor);
    expect(first.items.length + second.items.length).toBe(1_500);
    expect((await sim.stats()).calls['POST /token']).toBe(2);
  });

  it('says what to do when a new token is refused too', async () => {
    const { provider, sim } = await simulate({ users: 1 });
    await sim.addFault({ kind: 'unauthorized', match: { endpoint: 'GET /users' } });
    await expect(users(provider())).rejects.toMatchObject({
      kind: 'authentication',
      message: expect.stringContaining('Grant admin consent'),
    });
  });

  it('tells a wrong secret by the code of the log-in', async () => {
    const { provider } = await simulate();
    await expect(users(provider({ clientSecret: 'old' }))).rejects.toMatchObject({
      kind: 'authentication',
      message: 'Entra ID: log in as the application: answered 401 (invalid_client, AADSTS7000215)',
    });
  });

  it('names the permission that is missing', async () => {
    const { provider } = await simulate({ users: 1, groups: 1, permissions: ['User.Read.All'] });
    await expect(provider().listGroups(null, never)).rejects.toMatchObject({
      kind: 'permission',
      message: expect.stringContaining('GroupMember.Read.All'),
    });
    await expect(allMemberships(provider())).rejects.toMatchObject({ kind: 'permission' });
  });

  it.each([
    ['rate-limit', { retryAfter: 7 }, { kind: 'rateLimited', retryAfterMs: 7_000 }],
    ['http503', { retryAfter: 3 }, { kind: 'unavailable', retryAfterMs: 3_000 }],
    ['http500', {}, { kind: 'unavailable' }],
    ['html-502', {}, { kind: 'unavailable' }],
    ['html-200', {}, { kind: 'configuration' }],
    ['drop', {}, { kind: 'unavailable' }],
    ['cut', {}, { kind: 'unavailable' }],
    ['expire-page', {}, { kind: 'cursorExpired' }],
  ] as const)('%s ends the page with a clear error', async (kind, how, expected) => {
    const { provider, sim } = await simulate({ users: 5 });
    await sim.addFault({ kind, ...how, match: { endpoint: 'GET /users' } });
    await expect(users(provider())).rejects.toMatchObject(expected);
  });

  it('refuses a link that would carry the token to another server', async () => {
    const { provider } = await simulate();
    const cursor = JSON.stringify({
      ...{ link: 'https://evil.example/v1.0/users', pages: 1, rows: 1, skipped: 0, total: 1, empty: 0 },
      ...{ links: [], page: '' },
    });
    await expect(users(provider(), cursor)).rejects.toMatchObject({ kind: 'data' });
  });
});

describe('whether a read is proved complete', () => {
  const simulate = simulations();

  it.each(['empty-page', 'repeat-page'] as const)('%s: everybody is read, and it is known', async (kind) => {
    const { provider, sim } = await simulate({ users: 2_500 });
    await sim.addFault({ kind, until: 1, match: { endpoint: 'GET /users' } });
    const read = await allUsers(provider(WITH_GUESTS));
    expect(new Set(read.records.map(({ externalId }) => externalId)).size).toBe(2_500);
    expect(isProved(read, ({ externalId }) => externalId)).toBe(true);
  });

  it('lost-page: the count tells', async () => {
    const { provider, sim } = await simulate({ users: 3_500 });
    await sim.addFault({ kind: 'lost-page', until: 1, match: { endpoint: 'GET /users' } });
    const read = await allUsers(provider());
    expect(isProved(read, ({ externalId }) => externalId)).toBe(false);
  });

  it('a lost page of members: the count of the group tells', async () => {
    const { provider, sim } = await simulate({ users: 3_500, groups: 1, memberships: 3_500 });
    await sim.addFault({ kind: 'lost-page', until: 1, match: { endpoint: 'GET /groups/{id}/members' } });
    // Faults of pages hit batched requests too.
    const read = await allMemberships(provider());
    expect(read.incomplete).toEqual([expect.stringMatching(/^group [0-9a-f-]{36}: 2501 of 3500 members were read$/)]);
  });

  it.each(['endless-page', 'empty-page'] as const)('%s without end is cut with a clear error', async (kind) => {
    const { provider, sim } = await simulate({ users: 200, groups: 3 });
    await sim.addFault({ kind });
    const said = expect.stringMatching(/go round in a circle|one empty page follows the other/);
    await expect(allUsers(provider())).rejects.toMatchObject({ kind: 'data', message: said });
    await expect(allMemberships(provider())).rejects.toMatchObject({ kind: 'data', message: said });
  });

  it('a part of a batch that is throttled comes again, the others are not asked twice', async () => {
    const { provider, sim, simulator } = await simulate({ users: 30, groups: 15, memberships: 100 });
    await sim.addFault({ kind: 'rate-limit', until: 3, match: { endpoint: 'GET /groups/{id}/members' } });
    const read = await allMemberships(provider());
    const whole = await allMemberships(provider());
    expect(new Set(read.records.map((one) => JSON.stringify(one)))).toEqual(
      new Set(whole.records.map((one) => JSON.stringify(one)))
    );
    expect(read.incomplete).toEqual([]);
    expect(simulator.calls.counts().answers['429']).toBeUndefined();
  });

  it('a batch of which nothing was answered waits as long as Graph asks', async () => {
    const { provider, sim } = await simulate({ users: 30, groups: 3, memberships: 40 });
    const match = { endpoint: 'GET /groups/{id}/members' };
    await sim.addFault({ kind: 'rate-limit', retryAfter: 11, match });
    await expect(allMemberships(provider())).rejects.toMatchObject({ kind: 'rateLimited', retryAfterMs: 11_000 });
  });

  it('a group that hides its members is in doubt without the permission (rules 4.3)', async () => {
    const { provider, sim } = await simulate();
    await sim.change({
      groups: [{ name: 'secret', hidden: true }],
      users: [{ login: 'a@corp.example', groups: ['secret'] }],
    });
    const blind = await allMemberships(provider());
    expect(blind.records).toEqual([]);
    expect(blind.incomplete).toEqual([expect.stringContaining('it needs Member.Read.Hidden')]);
    await sim.change({ permissions: ['User.Read.All', 'GroupMember.Read.All', 'Member.Read.Hidden'] });
    const seeing = await allMemberships(provider());
    expect([seeing.records.length, seeing.incomplete]).toEqual([1, []]);
  });

  it('a group that vanishes while it is read is in doubt', async () => {
    const { provider, sim, simulator } = await simulate({ users: 30, groups: 2, memberships: 40 });
    const [group] = simulator.directory.organization.groups.values();
    const own = provider();
    const first = JSON.stringify({
      ...{ groups: null, children: [], met: [] },
      open: [
        {
          ...{ group: group?.id, isHidden: false },
          list: { link: null, pages: 0, rows: 0, skipped: 0, total: null, empty: 0, links: [], page: '' },
        },
      ],
    });
    await sim.change({ groups: [{ name: group?.name ?? '', delete: true }] });
    const page = await own.listMemberships(first, never);
    expect(page.incomplete).toEqual([`group ${String(group?.id)} vanished while it was read`]);
  });

  it('permissions are part of what the source is', async () => {
    const { provider, sim } = await simulate();
    const own = provider();
    await own.counts(never);
    const before = own.identity();
    await sim.change({ permissions: ['User.Read.All', 'Directory.Read.All'], expireTokens: true });
    const other = provider();
    await other.counts(never);
    expect(before).toContain('GroupMember.Read.All');
    expect(other.identity()).not.toBe(before);
  });

  it('somebody who left between the list of members and the look-up is left out of a scoped read', async () => {
    const { provider, sim } = await simulate();
    await sim.change({
      users: [
        { login: 'a@corp.example', groups: ['jira-x'] },
        { login: 'b@corp.example', groups: ['jira-x'] },
      ],
    });
    await sim.change({ users: [{ login: 'a@corp.example', delete: true }] });
    const read = await allUsers(provider({}, { scope: scopeOf('jira-*') }));
    expect(read.records.map(({ attributes }) => attributes['userPrincipalName'])).toEqual(['b@corp.example']);
  });
});
