import { changed, people } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

describe('rule 1.7: renames that depend on each other', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
    system.write(people(12));
    await system.run();
  });
  afterAll(async () => system.stop());

  const keyOf = async (username: string): Promise<string | undefined> =>
    (await system.sim.users()).find((user) => user.name === username)?.key;

  it('follows a chain from its free end, each account with its key', async () => {
    const [first, second, third] = await Promise.all(['user1', 'user2', 'user3'].map(keyOf));
    const chain = changed(changed(changed(people(12), [1], { username: 'user2' }), [2], { username: 'user3' }), [3], {
      username: 'newcomer',
    });
    system.write(chain);
    const run = await system.run();
    expect({ status: run.status, counts: run.counts }).toMatchObject({ status: 'succeeded', counts: { renamed: 3 } });
    expect(await keyOf('user2')).toBe(first);
    expect(await keyOf('user3')).toBe(second);
    expect(await keyOf('newcomer')).toBe(third);
    expect(await keyOf('user1')).toBeUndefined();
  });

  it('holds a swap, and nothing changes', async () => {
    const before = await system.sim.users();
    const swapped = changed(changed(people(12), [5], { username: 'user6' }), [6], { username: 'user5' });
    system.write(
      changed(changed(changed(swapped, [1], { username: 'user2' }), [2], { username: 'user3' }), [3], {
        username: 'newcomer',
      })
    );
    const run = await system.run();
    expect(run.counts).toMatchObject({ renamed: 0, held: 2 });
    expect(await system.sim.users()).toEqual(before);
  });
});
