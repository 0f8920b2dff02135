import { accountsOf } from '../support/accounts';
import { changed, people } from '../support/people';
import { startSystem, type System } from '../support/system';

const OPTIONS = {
  rows: people(30),
  config: { users: { applicationKeys: ['jira-software'] } },
} as const;
const gone = (...numbers: number[]) => changed(people(30), numbers, { active: false });

describe('rule 3.5: project leads who leave', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem(OPTIONS);
    await system.run();
    await system.sim.change({
      projects: [
        { key: 'ABC', lead: 'user1' },
        { key: 'DEF', lead: 'user1' },
      ],
    });
  });
  afterAll(async () => system.stop());

  const result = async (runId: string, id: string) =>
    (await system.store.outcomes.list(runId, { limit: 100, cursor: null })).items.find((one) => one.externalId === id);

  it('lose sessions, licence and managed groups at once and are held; others are deactivated', async () => {
    system.write(gone(1, 2));
    const run = await system.run();
    expect(run).toMatchObject({ status: 'partial', counts: { held: 1, deactivated: 1, failed: 0 } });
    expect(await result(run.id, 'id-1')).toMatchObject({
      outcome: 'held',
      operations: [
        { kind: 'endSessions', status: 'done' },
        { kind: 'removeMembership', status: 'done' },
        { kind: 'removeMembership', status: 'done' },
        { kind: 'removeMembership', status: 'done' },
      ],
      reasons: expect.arrayContaining([{ code: 'leads', rule: '3.5', params: { projects: 'ABC, DEF' } }]),
    });
    const accounts = await accountsOf(system.sim);
    expect(accounts['user1']).toMatchObject({ active: true, groups: [] });
    expect(accounts['user2']).toMatchObject({ active: false });
  });

  it('are held in every run, and nothing is written twice', async () => {
    await system.sim.reset('stats');
    expect(await system.run()).toMatchObject({ status: 'partial', counts: { held: 1, deactivated: 0 } });
    const { updated, deactivated, membershipsRemoved, sessionsEnded, noops } = await system.sim.stats();
    expect({ updated, deactivated, membershipsRemoved, sessionsEnded, noops }).toEqual({
      updated: 0,
      deactivated: 0,
      membershipsRemoved: 0,
      sessionsEnded: 0,
      noops: 0,
    });
  });

  it('are deactivated when somebody else leads', async () => {
    await system.sim.change({
      projects: [
        { key: 'ABC', lead: 'user3' },
        { key: 'DEF', lead: 'user3' },
      ],
    });
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { held: 0, deactivated: 1 } });
    expect((await accountsOf(system.sim))['user1']).toMatchObject({ active: false });
  });

  it('replaceWith: the named account takes over in the same run, also where an answer is lost', async () => {
    await system.reconfigure({ ...OPTIONS.config, lifecycle: { leads: { action: 'replaceWith', user: 'user4' } } });
    await system.sim.addFault({ kind: 'drop-after', match: { endpoint: 'PUT /project/{projectIdOrKey}' }, until: 1 });
    await system.sim.reset('stats');
    system.write(gone(1, 2, 3));
    const run = await system.run();
    expect(run).toMatchObject({ status: 'succeeded', counts: { deactivated: 1, failed: 0, held: 0 } });
    expect((await result(run.id, 'id-3'))?.operations.map(({ kind, after }) => ({ kind, after }))).toEqual([
      { kind: 'replaceLead', after: { project: 'ABC', lead: 'user4' } },
      { kind: 'replaceLead', after: { project: 'DEF', lead: 'user4' } },
      { kind: 'deactivateUser', after: { active: false } },
    ]);
    expect((await system.sim.stats()).leadsReplaced).toBe(2);
  });
});
