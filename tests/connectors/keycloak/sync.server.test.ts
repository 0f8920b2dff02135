import { createKeycloakControl, type KeycloakControl } from '../../../simulators/keycloak/controlClient';
import { startKeycloakSimulator, type RunningKeycloakSimulator } from '../../../simulators/keycloak/start';
import { startSystem, type System } from '../../support/system';

const USERS = 40;

describe('a sync from Keycloak to Jira', () => {
  let keycloak: RunningKeycloakSimulator;
  let source: KeycloakControl;
  let system: System;
  beforeAll(async () => {
    keycloak = await startKeycloakSimulator({ users: USERS, groups: 8, perUser: 2 });
    source = createKeycloakControl(keycloak.controlUrl);
    const settings = { realm: 'corp', clientId: 'rollcall', clientSecret: 'sim-secret' };
    system = await startSystem({ config: { source: { type: 'keycloak', baseUrl: keycloak.url, ...settings } } });
  });
  afterAll(async () => {
    await system.stop();
    await keycloak.stop();
  });

  it('creates everybody with groups named by their paths, then finds nothing to do', async () => {
    const first = await system.run();
    expect({ status: first.status, error: first.error, counts: first.counts, source: first.source }).toMatchObject({
      status: 'succeeded',
      counts: { created: USERS, groupsCreated: 8 },
      source: { users: USERS, groups: 8, complete: true },
    });
    expect((await system.sim.groups()).map(({ name }) => name)).toContain('group-0001/group-0003');
    await source.change({ expireTokens: true });
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { created: 0, membershipsAdded: 0 } });
  });

  it('carries a change of one person, and deactivates who is disabled', async () => {
    const [someone] = (await system.sim.users()).filter(({ groups }) =>
      groups.some((name) => name.startsWith('group-'))
    );
    await source.change({
      users: [
        { username: someone!.name, enabled: false },
        { username: 'new.comer', email: 'n@example.com' },
      ],
    });
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { created: 1, deactivated: 1 } });
  });

  it('changes nothing when the role is taken away, and says which role', async () => {
    await source.change({ roles: ['query-users', 'query-groups'] });
    const refused = await system.run();
    expect(refused).toMatchObject({ status: 'failed', counts: { deactivated: 0, membershipsRemoved: 0 } });
    expect(refused.error).toContain('view-users');
  });
});
