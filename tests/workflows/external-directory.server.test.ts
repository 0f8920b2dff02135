import { changed, people } from '../support/people';
import { startSystem, type System } from '../support/system';

/** user2 and user3 are accounts of an LDAP directory that Jira only reads, but for memberships; user1 is of Jira's own. */
describe('rule 3.8: accounts in a directory that cannot be written', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({
      jira: { directories: 'ldap-second', ldapGroups: 'local' },
      rows: people(3),
      config: { match: { adopt: 'auto', domains: ['example.com'] }, safety: { firstRun: 'pass' } },
    });
    await system.sim.change({
      users: [1, 2, 3].map((n) => ({
        name: `user${n}`,
        emailAddress: `user${n}@example.com`,
        displayName: `User ${n}`,
        directory: n === 1 ? 'internal' : 'ldap',
      })),
    });
    await system.run();
  });
  afterAll(async () => system.stop());

  const stateOf = async (id: string): Promise<string | undefined> =>
    (await system.store.links.byExternalIds(system.connectorId, [id])).get(id)?.state;

  it('are known by the first refused write, and the run says how many they are', async () => {
    const renamed = changed(people(3), [1, 2], { displayName: 'Somebody Else', username: 'elsewhere' });
    system.write(changed(renamed, [1], { username: 'user1' }));
    const run = await system.run();
    expect(run).toMatchObject({ status: 'partial', counts: { failed: 1, updated: 1 } });
    expect(run.warnings).toContainEqual(expect.stringContaining('1 account lies in a directory'));
    expect(await stateOf('id-2')).toBe('externalDirectory');
    expect(await stateOf('id-1')).toBe('active');
    // Name and display name were to change: the second was not even tried.
    expect((await system.sim.stats()).answers['403']).toBeGreaterThan(0);
  });

  it('are left alone from then on', async () => {
    await system.sim.reset('stats');
    const run = await system.run();
    expect(run).toMatchObject({ status: 'succeeded', counts: { failed: 0, skipped: 1 } });
    expect(run.warnings).toContainEqual(expect.stringContaining('1 account lies in a directory'));
    expect((await system.sim.stats()).calls['PUT /user'] ?? 0).toBe(0);
  });

  it('are tried once more when the target is configured anew', async () => {
    const target = await system.store.targets.get('jira');
    const { config = {}, version = 0 } = target ?? {};
    await system.store.targets.replace('jira', version, config, system.clock.now().toISOString());
    expect(await system.run()).toMatchObject({ status: 'partial', counts: { failed: 1 } });
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { failed: 0, skipped: 1 } });
  });
});

/** user2 is an account of an LDAP directory whose memberships Jira may not write either. */
describe('rule 3.8: memberships that a directory refuses', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({
      jira: { directories: 'ldap-second', ldapGroups: 'read-only' },
      rows: people(2),
      config: { match: { adopt: 'auto', domains: ['example.com'] }, safety: { firstRun: 'pass' } },
    });
    await system.sim.change({
      users: [{ name: 'user2', emailAddress: 'user2@example.com', displayName: 'User 2', directory: 'ldap' }],
    });
  });
  afterAll(async () => system.stop());

  it('are tried once, then listed as skipped', async () => {
    expect(await system.run()).toMatchObject({ status: 'partial', counts: { created: 1, failed: 1 } });
    const link = (await system.store.links.byExternalIds(system.connectorId, ['id-2'])).get('id-2');
    expect(link).toMatchObject({ state: 'active', refusedMemberships: ['all', 'team-2'] });
    await system.sim.reset('stats');
    const run = await system.run();
    expect(run).toMatchObject({ status: 'succeeded', counts: { failed: 0, skipped: 1, unchanged: 1 } });
    expect((await system.sim.stats()).calls['POST /group/user'] ?? 0).toBe(0);
  });
});

/** The sync account administers Jira and is no system administrator; user1 is one. */
describe('rule 3.8: an account of higher rank', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({
      rows: people(2),
      config: { match: { adopt: 'auto', domains: ['example.com'] }, safety: { firstRun: 'pass' } },
    });
    await system.run();
    await system.sim.change({
      groups: ['jira-plain-administrators'],
      users: [{ name: 'sync', emailAddress: 'sync@example.com', displayName: 'Sync' }],
      memberships: {
        add: [
          { user: 'sync', group: 'jira-plain-administrators' },
          { user: 'user1', group: 'jira-administrators' },
        ],
      },
      tokens: [{ token: 'plain-administrator', user: 'sync' }],
    });
    const { config = {}, version = 0 } = (await system.store.targets.get('jira')) ?? {};
    const withToken = { ...config, auth: { type: 'pat', token: 'plain-administrator' } };
    await system.store.targets.replace('jira', version, withToken, system.clock.now().toISOString());
  });
  afterAll(async () => system.stop());

  it('is refused without being taken for one that only its directory can change, and tried again', async () => {
    system.write(changed(people(2), [1, 2], { displayName: 'Somebody Else' }));
    for (const counts of [
      { failed: 1, updated: 1 },
      { failed: 1, unchanged: 1 },
    ]) {
      const run = await system.run();
      expect(run).toMatchObject({ status: 'partial', counts });
      const { items } = await system.store.outcomes.list(run.id, { outcome: 'failed', limit: 10, cursor: null });
      expect(items[0]?.error).toContain('only a system administrator');
    }
    const link = (await system.store.links.byExternalIds(system.connectorId, ['id-1'])).get('id-1');
    expect(link?.state).toBe('active');
  });
});
