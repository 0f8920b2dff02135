import type { RunRecord } from '../../store/records';
import { accountsOf, effectsOf } from '../support/accounts';
import type { AccountView } from '../support/accounts';
import { changed, people } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const COUNT = 12;
const PEOPLE = people(COUNT);
/** One person leaves, two change, one gets another team, one is new. */
const CHANGED = [
  ...changed(changed(changed(PEOPLE, [1], { active: false }), [2, 3], { displayName: 'Changed' }), [4], {
    username: 'user4-new',
    groups: ['all', 'team-0'],
  }),
  ...people(COUNT + 1).slice(COUNT),
];

describe('rollback', () => {
  let system: System;
  let before: Readonly<Record<string, AccountView>>;
  let run: RunRecord;
  let plan: RunRecord;
  beforeAll(async () => {
    system = await startSystem({ rows: PEOPLE });
    await system.run();
    before = await accountsOf(system.sim);
    system.write(CHANGED);
    run = await system.run();
    expect(run).toMatchObject({ status: 'succeeded', counts: { created: 1, deactivated: 1, renamed: 1, updated: 2 } });
  });
  afterAll(async () => system.stop());

  it('plans the way back while the connector is paused, changes nothing, and says what cannot come back', async () => {
    await system.pause();
    const [accounts, effects] = [await accountsOf(system.sim), await effectsOf(system.sim)];
    const latest = (await system.store.connectors.get(system.connectorId))?.planned?.runId;
    await system.sim.change({ users: [{ name: 'user3', displayName: 'By Hand' }] });
    plan = await system.rollBack(run);
    expect(plan).toMatchObject({
      status: 'planned',
      mode: 'rollback',
      ofRunId: run.id,
      warnings: [
        '1 account that was created is deactivated, not deleted',
        expect.stringContaining('pause the connector'),
      ],
      counts: { deactivated: 1, reactivated: 1, renamed: 1, updated: 1, skipped: 1 },
    });
    expect(await accountsOf(system.sim)).toEqual({
      ...accounts,
      user3: { ...accounts['user3'], displayName: 'By Hand' },
    });
    expect(await effectsOf(system.sim)).toEqual(effects);
    // What single syncs and what-ifs build on is still the planning of the run.
    expect((await system.store.connectors.get(system.connectorId))?.planned?.runId).toBe(latest);
  });

  it('lists what is left alone because it was changed since', async () => {
    const skipped = await system.outcomes(plan.id, 'skipped');
    expect(skipped).toMatchObject([
      {
        externalId: 'id-3',
        reasons: [{ code: 'changedSince', params: { kind: 'updateUser', attribute: 'displayName' } }],
      },
    ]);
  });

  it('applies exactly this plan when it is approved: everything else is as before the run', async () => {
    const applied = await system.ended(await system.approve(plan));
    expect(applied).toMatchObject({ status: 'succeeded', mode: 'apply', planRunId: plan.id });
    expect(await system.stored(plan.id)).toMatchObject({ status: 'approved' });
    const after = await accountsOf(system.sim);
    const created = after['user13'];
    expect(created).toMatchObject({ active: false, groups: [] });
    const { user13: _created, ...others } = after;
    expect(others).toEqual({ ...before, user3: { ...before['user3'], displayName: 'By Hand' } });
  });

  it('can be taken back itself', async () => {
    const [applied] = (await system.runs()).filter(({ planRunId }) => planRunId === plan.id);
    if (applied === undefined) throw new Error('the plan was not applied');
    const forth = await system.rollBack(applied);
    expect(forth).toMatchObject({ status: 'planned', counts: { reactivated: 1, deactivated: 1, renamed: 1 } });
    await system.ended(await system.approve(forth));
    const after = await accountsOf(system.sim);
    expect(after).toMatchObject({ 'user4-new': { active: true }, user1: { active: false }, user13: { active: true } });
    expect(after['user4-new']?.groups).toEqual(['all', 'team-0']);
  });

  it('lets the next run go on as if nothing had been taken back', async () => {
    await system.resume();
    const next = await system.run();
    // Display names changed by hand are the source's again; nothing else is to be done.
    expect(next).toMatchObject({ status: 'succeeded', counts: { updated: 1, unchanged: COUNT } });
  });

  it('fails with one clear message for a run that did nothing', async () => {
    const idle = await system.run();
    const refused = await system.rollBack(idle);
    expect(refused).toMatchObject({
      status: 'failed',
      error: `run ${idle.id} has done nothing that could be taken back`,
    });
  });
});
