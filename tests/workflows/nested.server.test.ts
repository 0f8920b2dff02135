import { effectsOf } from '../support/accounts';
import { person, type Row } from '../support/people';
import { resultOf, syncPerson } from '../support/single';
import { startSystem, type System } from '../support/system';

const CROWD = { application: 'rollcall', password: 'rollcall-secret' };
const groupless = (n: number): Row => ({ ...person(n), groups: ['other'] });

/** In Jira `crew` lies within `all`; user1 and user2 are in `crew`, user3 is in `all` of his own accord. */
async function startNested(version: string): Promise<System> {
  const system = await startSystem({
    jira: { version },
    target: { crowd: CROWD },
    rows: [person(1), groupless(2), groupless(3), person(4)],
    config: {
      groups: { adopt: 'byName', rules: [{ match: 'all', mode: 'authoritative' }] },
      match: { adopt: 'auto', domains: ['example.com'] },
      safety: { firstRun: 'pass', limits: { groupLoss: { percent: 100, minMembers: 10 } } },
    },
  });
  const account = (n: number, group: string) => {
    const { username: name, email: emailAddress, displayName } = person(n);
    return { name, emailAddress, displayName, active: true, groups: [group] };
  };
  await system.sim.change({
    users: [account(1, 'crew'), account(2, 'crew'), account(3, 'all'), account(4, 'all')],
    groups: ['crew', { name: 'all', children: ['crew'] }],
  });
  await system.sim.reset('stats');
  return system;
}

describe.each(['9.12', '10.0'])('rule 2.8: groups within groups of Jira %s, with the user server', (version) => {
  let system: System;
  beforeAll(async () => {
    system = await startNested(version);
  });
  afterAll(async () => system.stop());

  const callsOf = async (endpoint: string): Promise<number> => (await system.sim.stats()).calls[endpoint] ?? 0;
  const ownGroupsOf = async (name: string): Promise<readonly string[]> =>
    [...((await system.sim.users()).find((user) => user.name === name)?.groups ?? [])].sort();

  it('a membership by way of another group is neither missing nor taken away; a direct one is held as foreign', async () => {
    const run = await system.run();
    expect(run).toMatchObject({ status: 'held', counts: { failed: 0, membershipsRemoved: 0 } });
    expect(run.warnings).toEqual([]);
    expect(await ownGroupsOf('user1')).toEqual(['crew', 'team-1']);
    expect(await ownGroupsOf('user2')).toEqual(['crew', 'other']);
    const plan = await system.operations(run);
    const removed = plan.filter(({ kind }) => kind === 'removeMembership');
    expect(removed.map(({ externalId, before }) => [externalId, before])).toEqual([['id-3', { group: 'all' }]]);
  });

  it('one request tells all memberships where all accounts are listed', async () => {
    expect(await callsOf('GET /rest/usermanagement/1/group/membership')).toBe(1);
    // The protected group alone, where its members are asked for.
    if (version === '9.12') expect(await callsOf('GET /group/member')).toBeLessThanOrEqual(2);
  });

  it('the sync of one person sees it the same way', async () => {
    const before = await effectsOf(system.sim);
    expect(resultOf(await syncPerson(system, 'id-1')).outcome).toBe('unchanged');
    expect(resultOf(await syncPerson(system, 'id-2')).outcome).toBe('unchanged');
    expect(await effectsOf(system.sim)).toEqual(before);
  });
});
