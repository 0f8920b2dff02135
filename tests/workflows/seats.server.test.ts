import { accountsOf } from '../support/accounts';
import { changed, people } from '../support/people';
import { startSystem, type System } from '../support/system';

const LICENCE = 'jira-software-users';
/** Two are of the seed: the administrator's and the member's. */
const SEATS = 7;

/** Both ways in which a Jira without a free seat may answer: it refuses, or it lets more people in than are licensed. */
describe.each(['refused', 'allowed'] as const)('rule 5.2: joining a full licence group is %s', (joinOverSeats) => {
  let system: System;
  const licensed = async (): Promise<string[]> =>
    Object.entries(await accountsOf(system.sim))
      .filter(([, { active, groups }]) => active && groups.includes(LICENCE))
      .map(([name]) => name)
      .sort();

  beforeAll(async () => {
    system = await startSystem({
      jira: { seats: SEATS, behaviour: { joinOverSeats } },
      rows: people(8),
      config: { groups: { alwaysAdd: [{ group: LICENCE }], adopt: 'byName' }, safety: { firstRun: 'pass' } },
    });
  });
  afterAll(async () => system.stop());

  it('only the additions without a seat wait; accounts, teams and everybody else go on', async () => {
    const run = await system.run();
    expect(run).toMatchObject({ status: 'held', plan: { held: 3 }, counts: { held: 3, created: 5, failed: 0 } });
    expect(run.warnings).toContain('jira-software has too few seats: 3 people wait for one');
    const accounts = await accountsOf(system.sim);
    expect(Object.keys(accounts)).toHaveLength(8);
    expect(Object.values(accounts).every(({ groups }) => groups.includes('all'))).toBe(true);
    expect(await licensed()).toHaveLength(SEATS - 2);
    const { items } = await system.store.outcomes.list(run.id, { outcome: 'held', limit: 10, cursor: null });
    expect(items[0]?.reasons).toContainEqual({ code: 'noSeat', rule: '5.2', params: { application: 'jira-software' } });
  });

  it('the next run finds the same hold and takes no seat from anybody', async () => {
    const before = await licensed();
    expect(await system.run()).toMatchObject({ status: 'held', counts: { held: 3, failed: 0 } });
    expect(await licensed()).toEqual(before);
  });

  it('who leaves makes room in the same run', async () => {
    const [first = '', second = ''] = await licensed();
    const numbers = [first, second].map((name) => Number(name.slice('user'.length)));
    system.write(changed(people(8), numbers, { active: false }));
    const run = await system.run();
    expect(run).toMatchObject({ status: 'held', counts: { deactivated: 2, held: 1, failed: 0 } });
    expect(await licensed()).toHaveLength(SEATS - 2);
    expect(await licensed()).not.toEqual(expect.arrayContaining([first]));
  });

  it('nothing waits where seats are not looked at', async () => {
    await system.reconfigure({
      groups: { alwaysAdd: [{ group: LICENCE }], adopt: 'byName' },
      safety: { firstRun: 'pass', seats: 'ignore' },
    });
    const run = await system.run();
    const expected = joinOverSeats === 'refused' ? { failed: 1, updated: 0 } : { failed: 0, updated: 1 };
    expect(run).toMatchObject({ counts: { held: 0, ...expected } });
  });
});

describe('rule 5.2: accounts that are created with the application', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({
      jira: { seats: 5, behaviour: { createOverSeats: 'refused' } },
      rows: people(5),
      config: { users: { applicationKeys: ['jira-software'] } },
    });
  });
  afterAll(async () => system.stop());

  it('wait as a whole where there is no seat, and their memberships with them', async () => {
    expect(await system.run()).toMatchObject({ status: 'held', counts: { created: 3, held: 2, failed: 0 } });
    expect(Object.keys(await accountsOf(system.sim))).toHaveLength(3);
  });

  it('come when somebody leaves whose licence group no run reads', async () => {
    const [first = ''] = Object.keys(await accountsOf(system.sim));
    system.write(changed(people(5), [Number(first.slice('user'.length))], { active: false }));
    expect(await system.run()).toMatchObject({ counts: { created: 1, deactivated: 1, held: 1, failed: 0 } });
  });
});
