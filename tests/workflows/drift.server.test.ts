import { driftOrigin } from '../../domain/drift';
import type { RunRecord } from '../../store/records';
import { accountsOf, effectsOf } from '../support/accounts';
import { changed, people } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const PEOPLE = people(12);

describe('drift', () => {
  let system: System;
  let comparison: RunRecord;
  beforeAll(async () => {
    system = await startSystem({ rows: PEOPLE });
    await system.run();
    await system.sim.change({
      users: [
        { name: 'user1', displayName: 'By Hand' },
        { name: 'user2', displayName: 'By Hand' },
        { name: 'user4', active: false },
      ],
      memberships: { add: [{ user: 'user5', group: 'team-1' }], remove: [{ user: 'user6', group: 'team-1' }] },
    });
    system.write(changed(PEOPLE, [2, 3], { displayName: 'Changed At Source' }));
  });
  afterAll(async () => system.stop());

  const found = async () =>
    (await system.operations(comparison)).map(({ seq, externalId, kind, reasons, status }) => ({
      seq,
      status,
      what: `${externalId ?? ''} ${kind} ${driftOrigin(reasons)}`,
    }));
  const seqOf = async (what: string): Promise<number> => (await found()).find((one) => one.what === what)?.seq ?? -1;
  const revert = async (what: string): Promise<RunRecord> =>
    system.ended(await system.approve(comparison, { seqs: [await seqOf(what)] }));

  it('compares without any write, and tells of each difference where it comes from', async () => {
    const [accounts, effects] = [await accountsOf(system.sim), await effectsOf(system.sim)];
    comparison = await system.run('drift');
    expect(comparison).toMatchObject({ status: 'planned', mode: 'drift' });
    expect((await found()).map(({ what }) => what).sort()).toEqual([
      'id-1 updateUser jira',
      'id-2 updateUser both',
      'id-3 updateUser source',
      'id-4 reactivateUser jira',
      'id-5 removeMembership jira',
      'id-6 addMembership jira',
    ]);
    expect([await accountsOf(system.sim), await effectsOf(system.sim)]).toEqual([accounts, effects]);
  });

  it('is never approved as a whole', async () => {
    const refused = await system.ended(await system.approve(comparison));
    expect(refused).toMatchObject({ status: 'failed', error: expect.stringContaining('not-held') });
  });

  it('reverts one difference by its number and leaves the others', async () => {
    expect(await revert('id-1 updateUser jira')).toMatchObject({ status: 'succeeded', counts: { updated: 1 } });
    expect(await revert('id-5 removeMembership jira')).toMatchObject({ counts: { membershipsRemoved: 1 } });
    const accounts = await accountsOf(system.sim);
    expect(accounts).toMatchObject({
      user1: { displayName: 'User 1' },
      user2: { displayName: 'By Hand' },
      user4: { active: false },
    });
    expect(accounts['user5']?.groups).toEqual(['all', 'team-0']);
    expect(await system.stored(comparison.id)).toMatchObject({ status: 'planned' });
    expect(
      (await found())
        .filter(({ status }) => status === 'done')
        .map(({ what }) => what)
        .sort()
    ).toEqual(['id-1 updateUser jira', 'id-5 removeMembership jira']);
  });

  it('finds again what is left, and not what was reverted', async () => {
    comparison = await system.run('drift');
    expect((await found()).map(({ what }) => what).sort()).toEqual([
      'id-2 updateUser both',
      'id-3 updateUser source',
      'id-4 reactivateUser jira',
      'id-6 addMembership jira',
    ]);
  });

  it('lists no membership that is known as added by hand', async () => {
    await system.sim.change({ memberships: { add: [{ user: 'user7', group: 'team-1' }] } });
    comparison = await system.run('drift');
    expect(await seqOf('id-7 removeMembership jira')).toBeGreaterThan(0);
    await system.store.memberships.put([
      { connectorId: system.connectorId, externalId: 'id-7', group: 'team-1', addedBy: 'foreign' },
    ]);
    comparison = await system.run('drift');
    expect(await seqOf('id-7 removeMembership jira')).toBe(-1);
    expect(await system.run()).toMatchObject({ counts: { membershipsRemoved: 0 } });
    expect((await accountsOf(system.sim))['user7']?.groups).toContain('team-1');
  });
});
