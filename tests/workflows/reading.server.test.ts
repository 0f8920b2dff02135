import { changed, people } from '../support/people';
import { startSystem, type System } from '../support/system';

const CREW = 600;

/** Five people and a managed group in which hundreds of strangers are; user3 is one of the group already. */
async function startCrowded(version: string): Promise<System> {
  const system = await startSystem({
    jira: { version, users: CREW },
    config: {
      groups: { adopt: 'byName' },
      match: { adopt: 'auto', domains: ['example.com'] },
      safety: { firstRun: 'pass' },
    },
  });
  const strangers = (await system.sim.users()).map((user) => user.name).filter((name) => name !== 'admin');
  await system.sim.change({
    users: [{ name: 'user3', emailAddress: 'user3@example.com', displayName: 'User 3', active: true, groups: [] }],
    groups: ['all'],
  });
  const members = [...strangers, 'user3'];
  await system.sim.change({ memberships: { add: members.map((user) => ({ user, group: 'all' })) } });
  await system.sim.reset('stats');
  return system;
}

describe.each(['9.12', '10.0'])('few people and a huge group of Jira %s', (version) => {
  let system: System;
  beforeAll(async () => {
    system = await startCrowded(version);
  });
  afterAll(async () => system.stop());

  const callsOf = async (endpoint: string): Promise<number> => (await system.sim.stats()).calls[endpoint] ?? 0;
  const groupsOf = async (name: string): Promise<readonly string[]> =>
    [...((await system.sim.users()).find((user) => user.name === name)?.groups ?? [])].sort();

  it('asks each person for his groups, not the group for everybody', async () => {
    system.write(people(5));
    const run = await system.run();
    expect({ status: run.status, error: run.error, counts: run.counts }).toMatchObject({
      status: 'succeeded',
      counts: { created: 4 },
    });
    // One page of each group, one number of members, and the protected group once more.
    expect(await callsOf('GET /group/member')).toBeLessThan(CREW / 50);
    expect(await groupsOf('user3')).toEqual(['all', 'team-3']);
    expect(await groupsOf('user5')).toEqual(['all', 'team-0']);
  });

  it('knows who is in it: the next run changes nothing', async () => {
    await system.sim.reset('stats');
    const run = await system.run();
    expect(run).toMatchObject({ status: 'succeeded', counts: { unchanged: 5, membershipsAdded: 0 } });
    expect(await callsOf('POST /group/user')).toBe(0);
    expect(await callsOf('GET /group/member')).toBeLessThan(CREW / 50);
  });

  it('removes and deactivates as after any other reading', async () => {
    system.write(
      changed(changed(people(5), [1], { groups: ['team-1'] }), [2], { active: false, username: 'renamed2' })
    );
    const run = await system.run();
    expect({ status: run.status, error: run.error, gate: run.gate.filter((one) => one.verdict === 'held') }).toEqual({
      status: 'succeeded',
      error: null,
      gate: [],
    });
    expect(await groupsOf('user1')).toEqual(['team-1']);
    const second = (await system.sim.users()).find((user) => user.emailAddress === 'user2@example.com');
    expect(second?.active).toBe(false);
    expect((await system.sim.users()).filter((user) => user.groups.includes('all')).length).toBeGreaterThan(CREW);
  });
});
