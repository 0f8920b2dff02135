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
});
