import { createGoogleControl, type GoogleControl } from '../../../simulators/google/controlClient';
import { startGoogleSimulator, type RunningGoogleSimulator } from '../../../simulators/google/start';
import { PUBLIC_KEY } from '../../simulators/google/support';
import { startSystem, type System } from '../../support/system';
import { settingsFor } from './support';

describe('a sync from Google to Jira', () => {
  let google: RunningGoogleSimulator;
  let source: GoogleControl;
  let system: System;
  beforeAll(async () => {
    google = await startGoogleSimulator({ publicKey: PUBLIC_KEY, rateLimit: 1_000_000 });
    source = createGoogleControl(google.url);
    await source.change({
      users: [
        ...Array.from({ length: 30 }, (_, n) => ({ email: `user-${n}@example.com`, groups: ['inner@example.com'] })),
        { email: 'left@example.com', suspended: true },
      ],
      groups: [{ email: 'outer@example.com', groups: ['inner@example.com'], external: ['x@partner.example'] }],
    });
    system = await startSystem({ config: { source: { type: 'google', ...settingsFor(google.url) } } });
  });
  afterAll(async () => {
    await system.stop();
    await google.stop();
  });
  const membersOf = async (name: string) =>
    (await system.sim.users()).filter(({ groups }) => groups.includes(name)).length;

  it('creates everybody who is active, in their groups and the groups above, then finds nothing to do', async () => {
    const first = await system.run();
    expect({ status: first.status, error: first.error, counts: first.counts, source: first.source }).toMatchObject({
      status: 'succeeded',
      counts: { created: 30, groupsCreated: 2 },
      source: { users: 31, groups: 2, complete: true },
    });
    expect([await membersOf('inner'), await membersOf('outer')]).toEqual([30, 30]);
    await source.change({ expireTokens: true });
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { created: 0, membershipsAdded: 0 } });
  });

  it('deactivates who is suspended or deleted, and waits out too many requests', async () => {
    await source.change({ users: [{ email: 'user-1@example.com', suspended: true }, { email: 'new@example.com' }] });
    await source.addFault({ kind: 'user-rate', until: 2, match: { endpoint: 'GET /users' } });
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { created: 1, deactivated: 1 } });
  });

  it('changes nothing when the delegation is taken away, and says which', async () => {
    await source.change({ scopes: [], expireTokens: true });
    const refused = await system.run();
    expect(refused).toMatchObject({ status: 'failed', counts: { deactivated: 0, membershipsRemoved: 0 } });
    expect(refused.error).toContain('admin.directory.user.readonly');
  });
});
