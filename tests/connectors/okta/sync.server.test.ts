import { DEFAULT_CLIENT_ID } from '../../../simulators/okta/options';
import { createOktaControl, type OktaControl } from '../../../simulators/okta/controlClient';
import { startOktaSimulator, type RunningOktaSimulator } from '../../../simulators/okta/start';
import { KEY_ID, PRIVATE_KEY, REGISTERED_KEYS } from '../../simulators/okta/support';
import { startSystem, type System } from '../../support/system';

const USERS = 40;
const SUSPENDED = 1;
const GROUPS = 8;
const HALF_AN_HOUR_MS = 30 * 60_000;

describe('a sync from Okta to Jira', () => {
  let okta: RunningOktaSimulator;
  let source: OktaControl;
  let system: System;
  beforeAll(async () => {
    let behind = HALF_AN_HOUR_MS;
    const now = (): number => Date.now() - behind;
    okta = await startOktaSimulator({ users: USERS, groups: GROUPS, perUser: 2, keys: REGISTERED_KEYS, now });
    // What the org has been for a while is not what changed just before a read.
    behind = 0;
    source = createOktaControl(okta.url);
    const app = { clientId: DEFAULT_CLIENT_ID, keyId: KEY_ID, privateKey: PRIVATE_KEY };
    system = await startSystem({ config: { source: { type: 'okta', baseUrl: okta.url, ...app } } });
  });
  afterAll(async () => {
    await system.stop();
    await okta.stop();
  });

  it('creates everybody who is active, then finds nothing to do, also with a token that ended', async () => {
    const first = await system.run();
    expect({ status: first.status, error: first.error, counts: first.counts, source: first.source }).toMatchObject({
      status: 'succeeded',
      counts: { created: USERS - SUSPENDED, groupsCreated: GROUPS },
      source: { users: USERS, groups: GROUPS, complete: true },
    });
    await source.change({ expireTokens: true });
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { created: 0, membershipsAdded: 0 } });
  });

  it('deactivates who is deprovisioned, although the list leaves them out, and nobody who is locked out', async () => {
    const [leaver, locked] = (await system.sim.users()).filter(({ groups }) => groups.includes('jira-0000'));
    await source.change({
      users: [
        { login: leaver!.name, status: 'DEPROVISIONED' },
        { login: locked!.name, status: 'LOCKED_OUT' },
        { login: 'new.comer@example.com' },
      ],
    });
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { created: 1, deactivated: 1 } });
    const after = new Map((await system.sim.users()).map(({ name, active }) => [name, active]));
    expect([after.get(leaver!.name), after.get(locked!.name)]).toEqual([false, true]);
  });

  it('reads only what changed between full reads, and finds who is deprovisioned in both ways', async () => {
    const [one, other] = (await system.sim.users()).filter(
      ({ groups, active }) => active && groups.includes('jira-0004')
    );
    await source.change({ users: [{ login: one!.name, status: 'DEPROVISIONED' }] });
    await source.reset('stats');
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { deactivated: 1 } });
    const changed = (await source.stats()).calls['GET /api/v1/groups/{id}/users'] ?? 0;
    expect(changed).toBeLessThan(GROUPS);
    // Another version of the configuration is read as a whole, and Okta's list has no deprovisioned users.
    await system.reconfigure({ name: 'Corporate Okta' });
    await source.change({ users: [{ login: other!.name, status: 'DEPROVISIONED' }] });
    await source.reset('stats');
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { deactivated: 1 } });
    const { calls } = await source.stats();
    expect(calls['GET /api/v1/groups/{id}/users'] ?? 0).toBeGreaterThan(changed);
    // One page of the list, and the list of those who are absent from it.
    expect(calls['GET /api/v1/users']).toBeGreaterThan(1);
  });

  it('only adds when members stay lost, and says which', async () => {
    const [someone] = (await system.sim.users()).filter(({ groups, active }) => active && groups.includes('jira-0004'));
    await source.change({ users: [{ login: someone!.name, groups: [] }, { login: 'one.more@example.com' }] });
    await source.addFault({ kind: 'empty-page', until: 1, match: { endpoint: 'GET /api/v1/groups' } });
    await source.addFault({ kind: 'lost-page', match: { path: '/api/v1/groups/*/users*' } });
    const read = await system.run();
    expect(read).toMatchObject({ status: 'partial', counts: { created: 1, membershipsRemoved: 0 } });
    expect(read.source?.incompleteReason).toContain('Okta counts');
    await source.reset('faults');
    expect((await system.run()).counts.membershipsRemoved).toBeGreaterThan(0);
  });

  it('takes nobody for gone when the role is limited to a part of the org', async () => {
    await source.change({ role: 'USER_ADMIN', targets: ['jira-0004'] });
    const limited = await system.run();
    expect(limited.counts).toMatchObject({ deactivated: 0, membershipsRemoved: 0 });
  });
});
