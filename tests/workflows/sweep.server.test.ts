import { accountsOf } from '../support/accounts';
import { changed, people } from '../support/people';
import { syncPerson, sweep } from '../support/single';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const COUNT = 24;
const PEOPLE = people(COUNT);

describe('the sweep (durability 4.4)', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: PEOPLE });
    await system.run();
  });
  afterAll(async () => system.stop());

  const isActive = async (name: string): Promise<boolean | undefined> => (await accountsOf(system.sim))[name]?.active;

  it('finds nothing to do on an ordinary day', async () => {
    expect(await sweep(system)).toEqual({ people: 0, holds: 0, dayRuns: 0 });
  });

  it('deactivates who is missing when the grace is over, without any run', async () => {
    system.write(PEOPLE.slice(1));
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { deactivated: 0 } });
    expect(await sweep(system)).toMatchObject({ people: 0 });
    system.clock.advance(DAY_MS + HOUR_MS);
    expect(await sweep(system)).toMatchObject({ people: 1 });
    expect(await isActive('user1')).toBe(false);
    expect(await sweep(system)).toMatchObject({ people: 0 });
  });

  it('lets be who came back meanwhile', async () => {
    system.write(PEOPLE.slice(2));
    await system.run();
    system.write(PEOPLE.slice(1));
    system.clock.advance(DAY_MS + HOUR_MS);
    expect(await sweep(system)).toMatchObject({ people: 1 });
    expect(await isActive('user2')).toBe(true);
    expect(await sweep(system)).toMatchObject({ people: 0 });
  });

  it('leaves a paused connector alone, and looks again an hour later', async () => {
    system.write(PEOPLE.slice(2));
    await system.run();
    await system.pause();
    system.clock.advance(DAY_MS + HOUR_MS);
    expect(await sweep(system)).toMatchObject({ people: 0 });
    expect(await isActive('user2')).toBe(true);
    await system.resume();
    system.clock.advance(2 * HOUR_MS);
    expect(await sweep(system)).toMatchObject({ people: 1 });
    expect(await isActive('user2')).toBe(false);
  });

  it('closes the runs of past days with counts that its results prove', async () => {
    const open = (await system.runs()).filter(({ mode, status }) => mode === 'user' && status === 'running');
    await syncPerson(system, 'id-5');
    system.clock.advance(2 * DAY_MS);
    expect((await sweep(system)).dayRuns).toBeGreaterThanOrEqual(open.length);
    for (const { id } of open) {
      const closed = await system.stored(id);
      const outcomes = await system.outcomes(id);
      expect(closed).toMatchObject({ status: 'succeeded', phase: 'ended' });
      expect(closed.counts.deactivated).toBe(outcomes.filter(({ outcome }) => outcome === 'deactivated').length);
    }
    expect((await system.store.connectors.get(system.connectorId))?.dayRuns).toEqual([]);
  });

  it('lets a hold expire that nobody decided', async () => {
    const numbers = Array.from({ length: 11 }, (_, index) => index + 5);
    system.write(changed(PEOPLE, numbers, { active: false }).slice(2));
    const held = await system.run();
    expect(held).toMatchObject({ status: 'held' });
    system.clock.advance(73 * HOUR_MS);
    expect(await sweep(system)).toMatchObject({ holds: 1 });
    expect(await system.stored(held.id)).toMatchObject({ status: 'expired' });
  });

  it('forgets requests about people after a week', async () => {
    const { id } = await syncPerson(system, 'id-20', { requestId: 'request-to-forget' });
    expect(await system.store.requests.get(id)).not.toBeNull();
    system.clock.advance(8 * DAY_MS);
    await sweep(system);
    expect(await system.store.requests.get(id)).toBeNull();
  });
});
