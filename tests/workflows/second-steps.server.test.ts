import { accountsOf } from '../support/accounts';
import { changed, people } from '../support/people';
import { sweep } from '../support/single';
import { startSystem, type System } from '../support/system';

const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;
const config = (id: string) => ({
  id,
  lifecycle: {
    disabled: { action: 'deactivate', then: { afterDays: 30, action: 'pseudonymize' } },
    missing: { action: 'delete', graceDays: 0, confirm: id },
    outOfScope: { action: 'anonymize', graceDays: 0, confirm: id },
  },
  // One connector for all causes: everybody leaves alone.
  safety: { limits: { disabled: { floor: 9 }, absent: { floor: 9, percent: 50 }, sourceShrink: { floor: 9 } } },
});

/** user1 is disabled, user2 missing, user3 out of scope. */
describe('rules 3.1 and 3.7: second steps and hard ends', () => {
  let system: System;
  const ID = 'corp';
  const PEOPLE = people(30);
  const LEFT = changed(PEOPLE, [1], { active: false }).filter((_, index) => index !== 1);
  const traces = async (externalId: string) => {
    const runs = await system.store.runs.list({ connectorId: system.connectorId, limit: 50, cursor: null });
    const found = await Promise.all(
      runs.items.map((run) => system.store.outcomes.list(run.id, { q: externalId, limit: 5, cursor: null }))
    );
    return found.flatMap(({ items }) => items).length;
  };
  const linkOf = async (id: string) => (await system.store.links.byExternalIds(ID, [id])).get(id);

  beforeAll(async () => {
    system = await startSystem({ connectorId: ID, rows: PEOPLE, config: { ...config(ID) } });
    await system.run();
    await system.reconfigure({
      ...config(ID),
      scope: { exclude: ['id-3'] },
      safety: { ...config(ID).safety, firstRun: 'pass' },
    });
    system.write(LEFT);
    const run = await system.run();
    // A changed scope is held as a whole until somebody has seen it (rules 4.4).
    if (run.status === 'held') await system.ended(await system.approve(run));
  });
  afterAll(async () => system.stop());

  it('first deactivate, and note when the next step is due', async () => {
    const accounts = await accountsOf(system.sim);
    expect(['user1', 'user2', 'user3'].map((name) => accounts[name]?.active)).toEqual([false, false, false]);
    expect(await system.run()).toMatchObject({ counts: { deleted: 0, pseudonymized: 0, failed: 0 } });
    for (const id of ['id-1', 'id-2', 'id-3']) expect((await linkOf(id))?.due).toBeDefined();
  });

  it('what cannot be undone happens after the cooling-off, by the sweep, though an answer is lost', async () => {
    await system.sim.addFault({ kind: 'drop-after', match: { endpoint: 'DELETE /user' }, until: 1 });
    system.clock.advance(7 * DAY_MS + HOUR_MS);
    expect(await sweep(system)).toMatchObject({ people: 2 });
    const names = Object.keys(await accountsOf(system.sim));
    expect(names).not.toContain('user2');
    expect(names).not.toContain('user3');
    const { deleted, anonymized } = await system.sim.stats();
    expect({ deleted, anonymized }).toEqual({ deleted: 1, anonymized: 1 });
    expect(await linkOf('id-2')).toMatchObject({ state: 'erased' });
    expect(await linkOf('id-3')).toMatchObject({ state: 'erased' });
  });

  it('a day later nothing is kept about who was erased', async () => {
    expect(await traces('id-2')).toBeGreaterThan(0);
    system.clock.advance(DAY_MS + HOUR_MS);
    await sweep(system);
    for (const id of ['id-2', 'id-3']) {
      expect(await linkOf(id)).toBeUndefined();
      expect(await traces(id)).toBe(0);
      for (const run of await system.runs()) {
        expect([...(await system.store.snapshots.seen(run.id, 'user', [id]))]).toEqual([]);
        const operations = (await system.operations(run)).filter(({ externalId }) => externalId === id);
        expect(
          operations.every(({ username, before, after }) => [username, before, after].every((one) => one === null))
        ).toBe(true);
      }
    }
    expect(await traces('id-4')).toBeGreaterThan(0);
  });

  it('pseudonymizes after its days, once, and gives the name back to who comes back', async () => {
    system.clock.advance(30 * DAY_MS);
    expect(await sweep(system)).toMatchObject({ people: 1 });
    const former = Object.keys(await accountsOf(system.sim)).filter((name) => name.startsWith('former-'));
    expect(former).toHaveLength(1);
    expect((await accountsOf(system.sim))['user1']).toBeUndefined();
    expect(await system.run()).toMatchObject({ counts: { pseudonymized: 0, failed: 0 } });
    system.write(PEOPLE.filter((_, index) => index !== 1));
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { reactivated: 1, failed: 0 } });
    expect((await accountsOf(system.sim))['user1']).toMatchObject({
      active: true,
      email: 'user1@example.com',
      displayName: 'User 1',
    });
  });
});
