import { handoverReport } from '../../api/handover';
import { WHOLE_RANGE } from '../../domain/ids';
import type { RunRecord } from '../../store/records';
import { accountsOf, effectsOf } from '../support/accounts';
import { ADOPTING, asAccounts, twoSources } from '../support/handover-people';
import { addConnector, planHandover } from '../support/second-connector';
import type { SecondConnector } from '../support/second-connector';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const COUNT = 60;
const { former, successor, expected } = twoSources(COUNT);
const MATCHED = COUNT - expected.left;
const NEW = 'successor';

describe('hand-over', () => {
  let system: System;
  let next: SecondConnector;
  let plan: RunRecord;
  let before: Awaited<ReturnType<typeof accountsOf>>;
  beforeAll(async () => {
    system = await startSystem({ rows: former, config: ADOPTING });
    await system.sim.change({ users: asAccounts(former) });
    await system.run();
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { unchanged: COUNT } });
    // Somebody who left before: the new connector has to know that it was Rollcall who deactivated him.
    system.write(former.map((row) => (row.id === 'id-3' ? { ...row, active: false } : row)));
    await system.run();
    next = await addConnector(
      system,
      NEW,
      successor.map((row) => (row.id === 'id-3' ? { ...row, active: false } : row)),
      ADOPTING
    );
    before = await accountsOf(system.sim);
    await system.sim.reset('stats');
  });
  afterAll(async () => {
    await next.stop();
    await system.stop();
  });

  const linkOf = async (connectorId: string, id: string) =>
    (await system.store.links.byExternalIds(connectorId, [id])).get(id);
  const ledgerOf = (connectorId: string) => system.store.memberships.inSlices(connectorId, WHOLE_RANGE);

  it('plans moves of links and group links, and nothing else', async () => {
    plan = await planHandover(system, next, system.connectorId);
    expect(plan).toMatchObject({ status: 'planned', mode: 'handover', error: null, heldHash: null });
    const operations = await next.operations(plan);
    expect(new Set(operations.map(({ kind }) => kind))).toEqual(new Set(['moveLink']));
    expect(operations.filter(({ targetKey }) => targetKey !== null)).toHaveLength(MATCHED);
  });

  it('lists who is left on both sides, and what follows for the others', async () => {
    const report = await handoverReport(system.store, plan.id, { limit: 500 });
    const { key, email, username, left } = expected;
    expect(report.counts).toEqual({
      ...{ key, email, username, unmatchedNew: left, unmatchedOld: left },
      ...{ renames: 0, deactivations: 0, groups: 6, groupsLeft: 0 },
    });
    expect(
      report.items
        .filter(({ side }) => side === 'old')
        .map(({ externalId }) => externalId)
        .toSorted()
    ).toEqual(['id-20', 'id-40', 'id-60']);
    const strangers = await handoverReport(system.store, plan.id, { side: 'new', limit: 500 });
    expect(strangers.items.map(({ name }) => name).toSorted()).toEqual(['stranger20', 'stranger40', 'stranger60']);
  });

  it('is refused while the former connector still runs', async () => {
    const refused = await system.ended(await next.approve(plan));
    expect(refused).toMatchObject({
      status: 'failed',
      error: `pause connector ${system.connectorId} before its links move`,
    });
    expect(await linkOf(NEW, 'id-9')).toBeUndefined();
  });

  it('moves them when it is approved, without a single write to Jira', async () => {
    await system.pause();
    const applied = await system.ended(await next.approve(plan));
    expect(applied).toMatchObject({ status: 'succeeded', mode: 'apply', counts: { updated: MATCHED } });
    expect(await accountsOf(system.sim)).toEqual(before);
    expect(Object.values(await effectsOf(system.sim)).every((count) => count === 0)).toBe(true);
    const { calls } = await system.sim.stats();
    expect(Object.keys(calls).filter((endpoint) => !endpoint.startsWith('GET '))).toEqual([]);
  });

  it('takes along what was known: state, who deactivated, the ledger with who added each', async () => {
    expect(await linkOf(NEW, 'id-3')).toMatchObject({ state: 'inactive', lastDeactivatedBy: 'us' });
    expect(await linkOf(NEW, 'new-id-2')).toMatchObject({ state: 'active', lastApplied: { username: 'user2' } });
    expect((await ledgerOf(NEW)).get('new-id-2')).toEqual([
      { group: 'all', addedBy: 'adopted' },
      { group: 'team-2', addedBy: 'adopted' },
    ]);
    expect(await linkOf(system.connectorId, 'id-2')).toMatchObject({ state: 'released' });
    const left = await ledgerOf(system.connectorId);
    expect([...left.keys()].toSorted()).toEqual(['id-20', 'id-40', 'id-60']);
    const groups = await system.store.groupLinks.list(NEW);
    expect(groups.filter(({ state }) => state === 'active')).toHaveLength(6);
  });

  it('leaves nothing to rename or deactivate among the matched', async () => {
    const preview = await next.run('preview');
    expect(preview).toMatchObject({ status: 'planned', counts: { deactivated: 0, renamed: 0, reactivated: 0 } });
    const operations = await next.operations(preview);
    const kinds = new Set(operations.map(({ kind }) => kind));
    // New addresses of those whom the username told; the strangers are new.
    expect([...kinds].toSorted()).toEqual(['addMembership', 'createUser', 'updateUser']);
    expect(operations.filter(({ kind }) => kind === 'updateUser')).toHaveLength(expected.username);
    expect(operations.filter(({ kind }) => kind === 'createUser')).toHaveLength(expected.left);
  });

  it('is a first run for the new connector still: what it changes is held', async () => {
    expect((await system.store.connectors.get(NEW))?.firstRunOver).toBe(false);
  });

  it('can be handed back, also to the paused connector', async () => {
    const back = await planHandover(system, { ...system }, NEW);
    expect(back).toMatchObject({ status: 'planned', mode: 'handover', error: null });
    await next.pause();
    await system.sim.reset('stats');
    const applied = await system.ended(await system.approve(back));
    expect(applied).toMatchObject({ status: 'succeeded', counts: { updated: MATCHED } });
    expect(Object.values(await effectsOf(system.sim)).every((count) => count === 0)).toBe(true);
    expect(await linkOf(system.connectorId, 'id-3')).toMatchObject({ state: 'inactive', lastDeactivatedBy: 'us' });
    await system.resume();
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { unchanged: COUNT } });
    expect((await ledgerOf(system.connectorId)).size).toBe(COUNT);
    expect((await ledgerOf(NEW)).size).toBe(0);
  });
});
