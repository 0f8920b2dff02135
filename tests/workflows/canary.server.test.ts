import { accountsOf, doubledEffects, effectsOf } from '../support/accounts';
import { changed, numbers, people } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const COUNT = 12;
const PEOPLE = people(COUNT);
const renamed = (to: string) => changed(PEOPLE, numbers(COUNT), { displayName: to });

describe('the canary', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: PEOPLE, config: { safety: { canary: { users: 3 } } } });
  });
  afterAll(async () => system.stop());

  const namedSo = async (name: string): Promise<number> =>
    Object.values(await accountsOf(system.sim)).filter(({ displayName }) => displayName === name).length;

  it('goes on with everybody when the first few come out as planned; each write happens once', async () => {
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { created: COUNT } });
    expect(await effectsOf(system.sim)).toMatchObject({ created: COUNT, membershipsAdded: 2 * COUNT });
    expect(await doubledEffects(system.sim)).toEqual([]);
  });

  it('stops when one of the first few fails: nobody else is touched, and the run says why', async () => {
    system.write(renamed('Stopped'));
    await system.sim.addFault({ kind: 'refuse', match: { endpoint: 'PUT /user' }, until: 3, message: 'no' });
    const run = await system.run();
    expect(run).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('the first 3 people did not come out as planned (updateUser failed)'),
      counts: { failed: 3, updated: 0 },
    });
    expect(await namedSo('Stopped')).toBe(0);
    const operations = await system.operations(run);
    expect(operations.filter(({ status }) => status === 'cancelled')).toHaveLength(COUNT - 3);
  });

  it('lets the next run begin anew', async () => {
    await system.sim.removeFaults();
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { updated: COUNT } });
    expect(await namedSo('Stopped')).toBe(COUNT);
  });

  it('comes before the rest of an approved plan too', async () => {
    system.write(renamed('Approved'));
    const preview = await system.run('preview');
    await system.sim.addFault({ kind: 'refuse', match: { endpoint: 'PUT /user' }, until: 1, message: 'no' });
    const stopped = await system.ended(await system.approve(preview));
    expect(stopped).toMatchObject({ status: 'failed', error: expect.stringContaining('nobody else was touched') });
    expect(await namedSo('Approved')).toBe(2);
    await system.sim.removeFaults();
    const again = await system.ended(await system.approve(preview));
    expect(again).toMatchObject({ status: 'succeeded', counts: { updated: COUNT - 3 } });
  });
});
