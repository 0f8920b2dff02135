import { observeReport } from '../../api/observe';
import type { ObserveReport } from '../../api/observe';
import { effectsOf } from '../support/accounts';
import { syncByOther } from '../support/other-product';
import type { Injected } from '../support/other-product';
import { changed, people } from '../support/people';
import type { Row } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const COUNT = 20;
const PEOPLE = people(COUNT);
const DISABLED = changed(PEOPLE, [1, 2], { active: false });
const RENAMED = changed(DISABLED, [5, 6], { displayName: 'Another Name' });
const REGROUPED = changed(RENAMED, [7, 8, 9], { groups: ['all', 'team-0'] });
/** What happens at the source on one day: four leave, two of whom are gone, two change, three change teams, two join. */
const NEXT_DAY: readonly Row[] = [
  ...REGROUPED.filter(({ id }) => id !== 'id-3' && id !== 'id-4'),
  ...people(COUNT + 2).slice(COUNT),
];
const INJECTED: readonly Injected[] = [
  { kind: 'missedLeaver', username: 'user1' },
  { kind: 'missedLeaver', username: 'user3' },
  { kind: 'missedUpdate', username: 'user5' },
  { kind: 'keptMember', username: 'user7', group: 'team-2' },
  { kind: 'missedMember', username: 'user8', group: 'team-0' },
  { kind: 'wrongDeactivation', username: 'user12' },
  { kind: 'ownAddress', username: 'user13', email: 'own13@example.com' },
  { kind: 'lostMember', username: 'user14', group: 'all' },
  { kind: 'missedJoiner', username: 'user21' },
];
/** The same as the report has to show them. */
const EXPECTED = [
  'id-1 active jira=true rollcall=false newAtSource wronglyAlive',
  'id-12 active jira=false rollcall=true changedInJira wronglyDead',
  'id-13 email jira=own13@example.com rollcall=user13@example.com changedInJira',
  'id-14 group:all jira=false rollcall=true changedInJira',
  'id-21 account jira=null rollcall=user21 newAtSource',
  'id-3 active jira=true rollcall=false newAtSource wronglyAlive',
  'id-5 displayName jira=User 5 rollcall=Another Name newAtSource',
  'id-7 group:team-2 jira=true rollcall=false newAtSource',
  'id-8 group:team-0 jira=false rollcall=true newAtSource',
];

const lines = ({ items }: Pick<ObserveReport, 'items'>): string[] =>
  items
    .map(({ externalId, what, group, jira, rollcall, cause, verdict }) =>
      [
        externalId,
        group === null ? what : `${what}:${group}`,
        `jira=${String(jira)}`,
        `rollcall=${String(rollcall)}`,
        cause,
        ...(verdict === null ? [] : [verdict]),
      ].join(' ')
    )
    .toSorted();

describe('observing beside another product', () => {
  let system: System;
  const report = (query: Partial<Parameters<typeof observeReport>[2]> = {}) =>
    observeReport(system.store, system.connectorId, { limit: 500, ...query });
  beforeAll(async () => {
    system = await startSystem({
      rows: PEOPLE,
      config: { mode: 'observe', lifecycle: { missing: { graceDays: 0 } } },
    });
    await syncByOther(system.sim, [], PEOPLE, []);
    await system.run();
  });
  afterAll(async () => system.stop());

  it('finds nothing to tell where the other product has done everything', async () => {
    const first = await report();
    expect(first).toMatchObject({ since: null, items: [], counts: { people: COUNT, changes: 0, differences: 0 } });
  });

  it('lists exactly the differences that were injected, with accounts wrongly alive or dead', async () => {
    const [before] = await system.runs();
    system.write(NEXT_DAY);
    await syncByOther(system.sim, PEOPLE, NEXT_DAY, INJECTED);
    const run = await system.run();
    expect(run).toMatchObject({ status: 'planned', error: null });
    const found = await report();
    expect(found.since?.runId).toBe(before?.id);
    expect(lines(found)).toEqual(EXPECTED);
    expect(found.counts).toMatchObject({ differences: EXPECTED.length, wronglyAlive: 2, wronglyDead: 1 });
    // Right were: user2 and user4 deactivated, user6 updated, user7 into and user8 out of a team, user9 both.
    expect(found.counts).toMatchObject({ changes: 10, agreed: 7 });
  });

  it('filters, and shows an earlier run', async () => {
    expect(lines(await report({ verdict: 'wronglyDead' }))).toEqual([EXPECTED[1]]);
    expect((await report({ cause: 'changedInJira' })).items).toHaveLength(3);
    expect((await report({ q: 'USER13' })).items).toHaveLength(1);
    const [first] = await system.runs();
    expect((await report({ run: first?.id })).items).toEqual([]);
  });

  it('says the next day what stands since', async () => {
    await system.run();
    const found = await report();
    expect(lines(found)).toEqual(EXPECTED.map((line) => line.replace(/newAtSource|changedInJira/, 'notDone')));
    expect(found.counts).toMatchObject({ changes: 0, notDone: EXPECTED.length });
  });

  it('forgets what was mended', async () => {
    await syncByOther(system.sim, NEXT_DAY, NEXT_DAY, []);
    await system.sim.change({ users: [{ name: 'user3', active: false }] });
    await system.run();
    expect(await report()).toMatchObject({ items: [], counts: { agreed: EXPECTED.length, changes: EXPECTED.length } });
  });

  it('has never written anything', async () => {
    expect(Object.values(await effectsOf(system.sim)).reduce((sum, count) => sum + count, 0)).toBe(0);
  });
});
