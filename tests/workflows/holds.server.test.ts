import { accountsOf, effectsOf } from '../support/accounts';
import { changed, people } from '../support/people';
import type { Row } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';
import type { RunRecord } from '../../store/records';

const DAY_MS = 86_400_000;
const COUNT = 12;
const PEOPLE = people(COUNT);
const LEAVERS = [1, 2, 3, 4];
/** Of fewer than 20 people no more than a quarter is deactivated, and no more than 5 are renamed in a day. */
const OVER_LIMITS: readonly Row[] = changed(PEOPLE, LEAVERS, { active: false }).map((row, index) =>
  index >= 6 ? { ...row, username: `${row.username}-new` } : row
);

describe('holds and approvals (rule 4.6)', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: PEOPLE });
    await system.run();
  });
  afterAll(async () => system.stop());

  const inactive = async (): Promise<string[]> => {
    const accounts = await accountsOf(system.sim);
    return Object.keys(accounts).filter((name) => accounts[name]?.active === false);
  };
  const renamed = async (): Promise<string[]> =>
    Object.keys(await accountsOf(system.sim)).filter((name) => name.endsWith('-new'));
  let hold: RunRecord;

  it('applies what passes, holds the kinds over their limit, ends and frees the slot', async () => {
    system.write([...OVER_LIMITS, ...people(COUNT + 1).slice(COUNT)]);
    hold = await system.run();
    expect(hold).toMatchObject({ status: 'held', holdReasons: [], counts: { created: 1, held: 10, deactivated: 0 } });
    expect(hold.plan).toMatchObject({ heldKinds: ['disabled', 'renames'], held: 10, wholePlan: false });
    expect(hold.gate.filter(({ verdict }) => verdict === 'held')).toMatchObject([
      { kind: 'disabled', count: 4, limit: 3, denominator: 12 },
      { kind: 'renames', count: 6, limit: 5, denominator: 12 },
    ]);
    expect([await inactive(), await renamed()]).toEqual([[], []]);
    expect(await system.view()).toMatchObject({ queuedRunIds: [] });
  });

  it('holds the same again as a repetition of the first hold, which can be approved through either', async () => {
    const repeated = await system.run();
    expect(repeated).toMatchObject({ status: 'held', holdOf: hold.id, heldHash: hold.heldHash });
    expect((await system.store.connectors.get(system.connectorId))?.openHold).toMatchObject({
      runId: hold.id,
      lastPlannedAt: repeated.startedAt,
    });
  });

  it('refuses an approval with another hash', async () => {
    const effects = await effectsOf(system.sim);
    const refused = await system.ended(await system.approve({ ...hold, heldHash: 'a'.repeat(64) }));
    expect(refused).toMatchObject({ status: 'failed', error: expect.stringContaining('plan-changed') });
    expect(await effectsOf(system.sim)).toEqual(effects);
    expect(await system.stored(hold.id)).toMatchObject({ status: 'held' });
  });

  it('applies exactly the stored operations of an approved kind, whatever the source says meanwhile', async () => {
    system.write(people(2));
    const effects = await effectsOf(system.sim);
    const applied = await system.ended(await system.approve(hold, { kinds: ['renames'] }));
    expect(applied).toMatchObject({ status: 'succeeded', mode: 'apply', planRunId: hold.id, counts: { renamed: 6 } });
    expect(await effectsOf(system.sim)).toEqual({ ...effects, renamed: (effects['renamed'] ?? 0) + 6 });
    expect(await renamed()).toHaveLength(6);
    expect(await system.stored(hold.id)).toMatchObject({ status: 'held' });
  });

  it('applies single operations by their number', async () => {
    system.write(OVER_LIMITS);
    const operations = (await system.operations(hold)).filter(({ kind }) => kind === 'deactivateUser');
    const [first, second] = operations.filter(({ externalId }) => externalId === 'id-2' || externalId === 'id-3');
    const seqs = [first?.seq ?? 0, second?.seq ?? 0];
    const applied = await system.ended(await system.approve(hold, { seqs }));
    expect(applied).toMatchObject({ status: 'succeeded', counts: { deactivated: 2 } });
    expect(await inactive()).toEqual(['user2', 'user3']);
    expect(await system.stored(hold.id)).toMatchObject({ status: 'held' });
  });

  it('applies the rest when all is approved, each operation once, and the hold ends approved', async () => {
    const applied = await system.ended(await system.approve(hold));
    expect(applied).toMatchObject({ status: 'succeeded', counts: { deactivated: 2, renamed: 0 } });
    expect(await inactive()).toEqual(['user1', 'user2', 'user3', 'user4']);
    expect(await system.stored(hold.id)).toMatchObject({ status: 'approved' });
    expect((await system.store.connectors.get(system.connectorId))?.openHold).toBeNull();
    const operations = await system.operations(hold);
    expect(operations.every(({ status }) => status === 'done')).toBe(true);
    const again = await system.ended(await system.approve(hold));
    expect(again).toMatchObject({ status: 'failed', error: expect.stringContaining('not-held') });
    system.write([...OVER_LIMITS, ...people(COUNT + 1).slice(COUNT)]);
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { unchanged: 13 } });
  });

  it('supersedes a hold by a newer plan, which the old hash no longer approves', async () => {
    const mails = (to: string): Row[] =>
      OVER_LIMITS.map((row, index) => (index >= 5 ? { ...row, username: `${row.username}${to}` } : row));
    system.write(mails('-a'));
    const older = await system.run();
    system.write(mails('-b'));
    const newer = await system.run();
    expect([older.status, newer.status]).toEqual(['held', 'held']);
    expect(await system.stored(older.id)).toMatchObject({ status: 'superseded', supersededBy: newer.id });
    const effects = await effectsOf(system.sim);
    const refused = await system.ended(await system.approve(older));
    expect(refused).toMatchObject({ status: 'failed', error: expect.stringContaining('plan-changed') });
    expect(await effectsOf(system.sim)).toEqual(effects);
    hold = newer;
  });

  it('leaves everything as it is when a hold is rejected, and asks again at the next planning', async () => {
    await system.reject(hold);
    const effects = await effectsOf(system.sim);
    const refused = await system.ended(await system.approve(hold));
    expect(refused).toMatchObject({ status: 'failed', error: expect.stringContaining('not-held') });
    expect(await effectsOf(system.sim)).toEqual(effects);
    const next = await system.run();
    expect(next).toMatchObject({ status: 'held', holdOf: null });
    hold = next;
  });

  it('lets a hold expire that nobody decides, and holds anew', async () => {
    system.clock.advance(4 * DAY_MS);
    const next = await system.run();
    expect(await system.stored(hold.id)).toMatchObject({ status: 'expired' });
    expect(next).toMatchObject({ status: 'held', holdOf: null, heldHash: hold.heldHash });
    system.clock.advance(2 * DAY_MS);
    const refused = await system.ended(await system.approve(next));
    expect(refused).toMatchObject({ status: 'failed', error: expect.stringContaining('plan-expired') });
  });
});
