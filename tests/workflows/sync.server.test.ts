import { people } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

describe('syncRunWorkflow', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(async () => system.stop());

  it('creates everybody, then finds nothing to do', async () => {
    system.write(people(30));
    const first = await system.run();
    expect({ status: first.status, error: first.error, counts: first.counts }).toMatchObject({
      status: 'succeeded',
      counts: { created: 30, groupsCreated: 6, membershipsAdded: 60 },
    });
    const second = await system.run();
    expect(second).toMatchObject({ status: 'succeeded', counts: { unchanged: 30, created: 0, membershipsAdded: 0 } });
  });
});
