import { DEFAULTS } from '../../../config/defaults';
import type { SourceMembership, SourceUser } from '../../../domain/model';
import type { IdentityProvider } from '../../../connectors/provider';
import type { Organization } from '../../../simulators/support/organization';
import { certificate, isProved, listing, never, privateKey, scopeOf, simulations, type Simulated } from './support';

const users = (provider: IdentityProvider) => listing((cursor) => provider.listUsers(cursor, never));
const groups = (provider: IdentityProvider) => listing((cursor) => provider.listGroups(cursor, never));
const memberships = (provider: IdentityProvider) => listing((cursor) => provider.listMemberships(cursor, never));

const idOf = ({ externalId }: SourceUser): string => externalId;
const pairOf = ({ groupId, userId }: SourceMembership): string => `${groupId} ${userId}`;
const sorted = (keys: readonly string[]): readonly string[] => [...new Set(keys)].sort();

const security = ({ groups: all }: Organization) => [...all.values()].filter(({ kind }) => kind === 'security');
const graphCalls = (calls: Readonly<Record<string, number>>): number =>
  Object.entries(calls)
    .filter(([name]) => !name.startsWith('batched') && !name.includes('token'))
    .reduce((sum, [, count]) => sum + count, 0);

describe('reading a tenant', () => {
  const simulate = simulations();

  it('delivers people, guests left out, with what the mapping needs', async () => {
    const { provider, simulator } = await simulate({ users: 250 });
    const read = await users(provider());
    const { people } = simulator.directory.organization;
    const own = [...people.values()].filter(({ kind }) => kind !== 'guest');
    expect(sorted(read.records.map(idOf))).toEqual(sorted(own.map(({ id }) => id)));
    expect(isProved(read, idOf)).toBe(true);
    for (const { externalId, active, attributes } of read.records) {
      const person = people.get(externalId);
      expect(active).toBe(person?.active);
      expect(attributes).toMatchObject({ userPrincipalName: person?.login, displayName: person?.displayName });
      expect(attributes).not.toHaveProperty('@odata.context');
    }
  });

  it('takes guests by their name, whatever their type says, and those who have not come yet as not active', async () => {
    const { provider, sim } = await simulate();
    await sim.change({
      users: [
        { login: 'a@partner.example', kind: 'guest' },
        { login: 'b@partner.example', kind: 'guest', department: 'pending' },
      ],
    });
    expect((await users(provider())).records).toEqual([]);
    const read = await users(provider({ guests: 'include' }));
    expect(read.records.map(({ active, attributes }) => [active, attributes['isGuest']])).toEqual([
      [true, true],
      [false, true],
    ]);
    const waiting = await users(provider({ guests: 'include', pendingGuests: 'active' }));
    expect(waiting.records.every(({ active }) => active)).toBe(true);
  });

  it('delivers security groups alone, by their names', async () => {
    const { provider, simulator } = await simulate({ users: 20, groups: 60 });
    const read = await groups(provider());
    const expected = security(simulator.directory.organization);
    expect(sorted(read.records.map(({ name }) => name))).toEqual(sorted(expected.map(({ name }) => name)));
    expect(read.total).toBe(expected.length);
  });

  it('delivers other kinds of groups where the connector names them', async () => {
    const { provider, simulator } = await simulate({ users: 20, groups: 60 });
    const naming = { ...DEFAULTS.groups, kinds: ['microsoft365', 'distribution'] };
    const read = await groups(provider({}, { naming }));
    const others = [...simulator.directory.organization.groups.values()].filter(({ kind }) => kind !== 'security');
    expect(sorted(read.records.map(({ externalId }) => externalId))).toEqual(sorted(others.map(({ id }) => id)));
    expect(new Set(read.records.flatMap(({ attributes }) => attributes['kind']))).toEqual(
      new Set(['microsoft365', 'distribution'])
    );
    expect(read.total).toBe(others.length);
  });

  it('delivers direct memberships and the groups within groups, in circles too', async () => {
    const { provider, simulator } = await simulate({ users: 200, groups: 80, memberships: 1_500 });
    const { organization } = simulator.directory;
    const read = await memberships(provider());
    const listed = security(organization);
    const walked = new Set(listed.map(({ id }) => id));
    const reach = (id: string): void => {
      for (const child of organization.groups.get(id)?.groups ?? []) {
        if (walked.has(child)) continue;
        walked.add(child);
        reach(child);
      }
    };
    for (const { id } of listed) reach(id);
    const expected = [...walked].flatMap((id) => {
      const group = organization.groups.get(id);
      return group === undefined || group.isHidden ? [] : [...group.people].map((userId) => `${id} ${userId}`);
    });
    expect(sorted(read.records.map(pairOf))).toEqual(sorted(expected));
    const edges = [...walked].flatMap((id) => {
      const group = organization.groups.get(id);
      return group === undefined || group.isHidden ? [] : [...group.groups].map((child) => `${id} ${child}`);
    });
    expect(sorted(read.nestings.map(({ groupId, childId }) => `${groupId} ${childId}`))).toEqual(sorted(edges));
  });

  it('leaves groups within groups out where they are ignored', async () => {
    const { provider } = await simulate({ users: 50, groups: 40, memberships: 200 });
    expect((await memberships(provider({ nested: 'ignore' }))).nestings).toEqual([]);
  });

  it('reads groups with more members than a page has', async () => {
    const { provider, simulator } = await simulate({ users: 2_500, groups: 1, memberships: 2_500 });
    const read = await memberships(provider());
    expect(new Set(read.records.map(pairOf)).size).toBe(2_500);
    expect(read.incomplete).toEqual([]);
    expect(simulator.calls.counts().calls['POST /$batch']).toBe(3);
  });

  it('reads managers where they are asked for', async () => {
    const { provider, simulator } = await simulate({ users: 150 });
    const { people } = simulator.directory.organization;
    const read = await users(provider({ managers: true }));
    const managed = read.records.find(({ externalId }) => people.get(externalId)?.managerId !== null);
    const manager = people.get(people.get(managed?.externalId ?? '')?.managerId ?? '');
    expect(managed?.attributes['manager']).toMatchObject({ id: manager?.id, displayName: manager?.displayName });
    expect((await users(provider())).records.every(({ attributes }) => !('manager' in attributes))).toBe(true);
  });

  it('logs in by a certificate too', async () => {
    const { provider } = await simulate({ users: 3, certificate });
    expect((await users(provider({ certificate, privateKey }))).records).toHaveLength(3);
  });

  it('goes on from any cursor in another process', async () => {
    const { provider, simulator } = await simulate({ users: 60, groups: 50, memberships: 700 });
    const whole = await memberships(provider());
    const parts = await listing((cursor) => provider().listMemberships(cursor, never));
    expect(sorted(parts.records.map(pairOf))).toEqual(sorted(whole.records.map(pairOf)));
    expect(parts.pages).toBeGreaterThan(2);
    expect(simulator.directory.organization.groups.size).toBe(50);
  });

  it('calls a cursor of another version expired', async () => {
    const { provider } = await simulate();
    await expect(provider().listUsers('{"first":3}', never)).rejects.toMatchObject({ kind: 'cursorExpired' });
  });

  describe('within a scope', () => {
    const scoped = async (): Promise<Simulated> => {
      const simulated = await simulate({ users: 3_000, groups: 0 });
      const { directory } = simulated.simulator;
      const logins = [...directory.organization.people.values()].map(({ login }) => login);
      await simulated.sim.change({
        groups: [{ name: 'jira-all', groups: ['inner'] }, { name: 'other' }],
        users: [
          ...logins.slice(0, 60).map((login) => ({ login, groups: ['jira-all', 'other'] })),
          ...logins.slice(60, 90).map((login) => ({ login, groups: ['inner'] })),
          ...logins.slice(90, 200).map((login) => ({ login, groups: ['other'] })),
        ],
      });
      await simulated.sim.reset('stats');
      return simulated;
    };

    it('reads the members of the required groups and nobody else', async () => {
      const { provider, simulator, sim } = await scoped();
      const own = provider({ guests: 'include' }, { scope: scopeOf('jira-*') });
      const read = await users(own);
      const people = [...simulator.directory.organization.people.keys()];
      expect(sorted(read.records.map(idOf))).toEqual(sorted(people.slice(0, 90)));
      const { calls } = await sim.stats();
      expect(calls).not.toHaveProperty('GET /users');
      expect(graphCalls(calls)).toBeLessThanOrEqual(6);
    });

    it('reads the members of groups that scope or groups name only, but the names of all', async () => {
      const { provider } = await scoped();
      const own = provider({}, { scope: scopeOf('jira-*'), groups: null });
      expect((await memberships(own)).records).toHaveLength(90);
      expect((await groups(own)).records).toHaveLength(3);
      expect((await memberships(provider({}, { scope: scopeOf('jira-*'), groups: ['oth*'] }))).records).toHaveLength(
        260
      );
    });

    it('reads everything with read: all', async () => {
      const { provider } = await scoped();
      const read = await users(provider({ read: 'all', guests: 'include' }, { scope: scopeOf('jira-*') }));
      expect(read.records).toHaveLength(3_000);
    });
  });
});
