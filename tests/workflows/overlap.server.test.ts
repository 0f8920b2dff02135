import { accountsOf } from '../support/accounts';
import { changed, people } from '../support/people';
import { resultOf, syncPerson } from '../support/single';
import { startSystem, type System } from '../support/system';

const PEOPLE = people(12);
const PATIENCE_MS = 20_000;

describe('the sync of one person while a run is under way', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: PEOPLE });
    await system.run();
  });
  afterAll(async () => system.stop());

  /** A run that has read its source and waits for its target, until `meanwhile` is over. */
  async function runAround(meanwhile: () => Promise<void>): Promise<void> {
    await system.sim.addFault({ kind: 'hang-before', match: { endpoint: 'GET /user/search' }, until: 1 });
    const runId = await system.request();
    await system.sim.waitUntilHeld(1, PATIENCE_MS);
    await meanwhile();
    await system.sim.removeFaults();
    await system.sim.release();
    await system.ended(runId);
  }

  it('is not undone by what the run has read before', async () => {
    await runAround(async () => {
      system.write(changed(PEOPLE, [1], { displayName: 'Newer Name', groups: ['all', 'team-2'] }));
      expect(resultOf(await syncPerson(system, 'id-1')).outcome).toBe('updated');
    });
    expect((await accountsOf(system.sim))['user1']).toMatchObject({
      displayName: 'Newer Name',
      groups: ['all', 'team-2'],
    });
  });

  it('is not taken for the doing of somebody else', async () => {
    const rows = changed(PEOPLE, [1], { displayName: 'Newer Name', groups: ['all', 'team-2'] });
    system.write(changed(rows, [2], { active: false }));
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { deactivated: 1 } });
    await runAround(async () => {
      system.write(rows);
      expect(resultOf(await syncPerson(system, 'id-2')).outcome).toBe('reactivated');
    });
    expect((await accountsOf(system.sim))['user2']).toMatchObject({ active: true, groups: ['all', 'team-2'] });
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { unchanged: PEOPLE.length } });
  });
});
