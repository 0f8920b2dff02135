import { accountsOf, effectsOf } from '../support/accounts';
import { changed, people, person } from '../support/people';
import { resultOf, syncPerson } from '../support/single';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const COUNT = 12;
const PEOPLE = people(COUNT);
const CONFIG = {
  mapping: {
    // Named once, then kept: an account that exists keeps its name.
    username: { expression: "existing == null ? Replace(user.username, 'user', 'staff') : existing.username" },
    email: { source: 'email', transforms: [{ type: 'uppercase' }], case: 'exact' },
    displayName: { expression: "Join(' ', user.displayName, '(' + link.state + ')')" },
  },
  scope: { requiredGroups: [{ expression: "group.name == 'everybody'" }], where: "!user.email.endsWith('@gone.com')" },
  groups: {
    transforms: [
      { type: 'table', table: { all: 'everybody' } },
      { type: 'regexReplace', pattern: '^team-', replacement: 'jira-' },
    ],
    include: ['everybody', 'jira-1', 'jira-2'],
    alwaysAdd: [{ group: 'licence', when: "'jira-1' in groups" }],
  },
};

describe('a configuration with expressions and conditions', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: PEOPLE, config: CONFIG });
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { created: COUNT } });
  });
  afterAll(async () => system.stop());

  it('names accounts, groups and licences as configured', async () => {
    const accounts = await accountsOf(system.sim);
    expect(accounts['staff1']).toEqual({
      active: true,
      email: 'USER1@EXAMPLE.COM',
      displayName: 'User 1',
      groups: ['everybody', 'jira-1', 'licence'],
    });
    expect(accounts['staff3']?.groups).toEqual(['everybody']);
  });

  it('looks at what exists and at the link in the next run, and then finds nothing left to do', async () => {
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { updated: COUNT } });
    expect((await accountsOf(system.sim))['staff1']).toMatchObject({ displayName: 'User 1 (active)' });
    const before = await effectsOf(system.sim);
    expect(await system.run()).toMatchObject({ counts: { unchanged: COUNT } });
    expect(await effectsOf(system.sim)).toEqual(before);
  });

  it('keeps a name that changed at the source, takes a licence back, and lets whoever `where` leaves out go', async () => {
    const rows = changed(PEOPLE, [1], { username: 'other', groups: ['all', 'team-2'] });
    system.write(changed(rows, [2], { email: 'user2@gone.com' }));
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { deactivated: 1, renamed: 0 } });
    const accounts = await accountsOf(system.sim);
    expect(accounts['staff1']?.groups).toEqual(['everybody', 'jira-2']);
    expect(accounts['staff2']?.active).toBe(false);
  });

  it('one person`s sync decides as a run does', async () => {
    system.write([...PEOPLE, person(COUNT + 1), { ...person(COUNT + 4), email: 'a@gone.com' }]);
    expect(resultOf(await syncPerson(system, 'id-1')).outcome).toBe('updated');
    expect(resultOf(await syncPerson(system, 'id-2')).outcome).toBe('reactivated');
    expect(resultOf(await syncPerson(system, `id-${COUNT + 1}`)).outcome).toBe('created');
    expect(resultOf(await syncPerson(system, `id-${COUNT + 4}`))).toMatchObject({
      outcome: 'skipped',
      reasons: [{ code: 'conditionNotMet' }],
    });
    const accounts = await accountsOf(system.sim);
    expect(accounts['staff1']?.groups).toEqual(['everybody', 'jira-1', 'licence']);
    expect(accounts[`staff${COUNT + 1}`]?.groups).toEqual(['everybody']);
  });

  it('a condition that fails holds the person and nobody else', async () => {
    await system.reconfigure({ ...CONFIG, scope: { where: "user.username == 'user3' ? user.username > 1 : true" } });
    const run = await system.run();
    expect(run).toMatchObject({ counts: { deactivated: 0 } });
    const outcomes = await system.outcomes(run.id);
    const failed = outcomes.filter(({ reasons }) => reasons.some(({ code }) => code === 'conditionFailed'));
    expect(failed).toMatchObject([{ externalId: 'id-3', outcome: 'held', operations: [] }]);
  });
});

describe('two people who want one username or one address', () => {
  let system: System;
  beforeAll(async () => {
    const twins = [
      { ...person(1), username: 'twin' },
      { ...person(2), username: 'TWIN' },
      { ...person(3), email: 'shared@example.com' },
      { ...person(4), email: 'Shared@example.com' },
    ];
    system = await startSystem({ rows: [...twins, person(5)] });
  });
  afterAll(async () => system.stop());

  it('are both held by a run, each with both ids; the others are created', async () => {
    const run = await system.run();
    const outcomes = await system.outcomes(run.id);
    expect(outcomes.map(({ externalId, outcome, reasons: [reason] }) => [externalId, outcome, reason?.code])).toEqual(
      expect.arrayContaining([
        ['id-1', 'held', 'usernameContest'],
        ['id-2', 'held', 'usernameContest'],
        ['id-3', 'held', 'emailContest'],
        ['id-4', 'held', 'emailContest'],
      ])
    );
    expect(outcomes.find(({ externalId }) => externalId === 'id-1')?.reasons).toEqual([
      { code: 'usernameContest', rule: '1.5', params: { first: 'id-1', second: 'id-2' } },
    ]);
    expect(Object.keys(await accountsOf(system.sim))).toEqual(['user5']);
  });

  it('are held at a log-in too, although only one of them is read', async () => {
    expect(resultOf(await syncPerson(system, 'id-1'))).toMatchObject({
      outcome: 'held',
      reasons: [{ code: 'usernameContest', params: { first: 'id-1', second: 'id-2' } }],
    });
    expect(resultOf(await syncPerson(system, 'id-3')).outcome).toBe('held');
    expect(Object.keys(await accountsOf(system.sim))).toEqual(['user5']);
  });
});
