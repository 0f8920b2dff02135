import { createEntraControl, type EntraControl } from '../../../simulators/entra/controlClient';
import { startEntraSimulator, type RunningEntraSimulator } from '../../../simulators/entra/start';
import { startSystem, type System } from '../../support/system';

jest.setTimeout(30_000);

const USERS = 60;
const LOGIN = 'POST /token';

describe('a sync from Entra ID to Jira', () => {
  let entra: RunningEntraSimulator;
  let source: EntraControl;
  let system: System;
  let now = Date.now();
  beforeAll(async () => {
    entra = await startEntraSimulator({ users: USERS, groups: 24, memberships: 300, now: () => now });
    source = createEntraControl(entra.controlUrl);
    await source.change({
      groups: [{ name: 'jira-outer', groups: ['inner'] }, { name: 'inner' }],
      users: ['deep', 'stays'].map((name) => ({ login: `${name}@corp.example`, groups: ['inner'] })),
    });
    const settings = { tenantId: 'corp', clientId: 'rollcall', clientSecret: 'sim-secret' };
    system = await startSystem({
      config: {
        source: { type: 'entra', graphUrl: entra.url, loginUrl: entra.url, ...settings },
        groups: { include: ['jira-*'] },
        lifecycle: { missing: { graceDays: 0 } },
        safety: { limits: { creates: { floor: 1_000, percent: 20, ceiling: 1_000 } } },
      },
    });
  });
  afterAll(async () => {
    await system.stop();
    await entra.stop();
  });

  /** Calls of one run, without log-ins. */
  const callsOf = async (run: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> => {
    await source.reset('stats');
    await run();
    const { [LOGIN]: _logins, ...calls } = (await source.stats()).calls;
    return calls;
  };
  const groupsOf = async (login: string): Promise<readonly string[]> =>
    (await system.sim.users()).find(({ name }) => name === login)?.groups.filter((name) => name.startsWith('jira-')) ??
    [];
  /** What a full read would make of Jira now, which must be nothing. */
  const nothingLeft = async (): Promise<void> => {
    await system.reconfigure({
      schedule: { fullRead: 'daily' },
      groups: { include: ['jira-*'] },
      name: `n ${Date.now()}`,
    });
    const calls = await callsOf(async () => {
      expect(await system.run()).toMatchObject({
        status: 'succeeded',
        counts: { created: 0, updated: 0, deactivated: 0, reactivated: 0, membershipsAdded: 0, membershipsRemoved: 0 },
      });
    });
    expect(calls['GET /users']).toBe(1);
  };

  it('creates everybody but guests, and who is in a group within a group is in both', async () => {
    const run = await system.run();
    expect({ status: run.status, error: run.error, source: run.source }).toMatchObject({
      status: 'succeeded',
      error: null,
      source: { users: USERS - 1, complete: true },
    });
    expect(await groupsOf('deep')).toEqual(['jira-outer']);
  });

  it('asks twice, once for users and once for groups, where nothing changed', async () => {
    const before = await system.run();
    const calls = await callsOf(async () => {
      const run = await system.run();
      expect(run).toMatchObject({ status: 'succeeded', counts: { created: 0, membershipsAdded: 0 } });
      expect(run.source).toEqual(before.source);
    });
    expect(calls).toEqual({ 'GET /users/delta': 1, 'GET /groups/delta': 1 });
  });

  it('carries what changed: joiner, leaver, rename, group, group within a group', async () => {
    const people = [...entra.simulator.directory.organization.people.values()];
    const some = people.filter(({ kind, active }) => kind === 'employee' && active).slice(5, 8);
    const [gone, disabled, renamed] = some;
    await source.change({
      groups: [{ name: 'jira-new', groups: ['deeper'] }, { name: 'deeper' }],
      users: [
        { login: 'joiner@corp.example', groups: ['deeper'] },
        { login: gone?.login ?? '', delete: true },
        { login: disabled?.login ?? '', active: false },
        { login: renamed?.login ?? '', rename: 'new.name@corp.example' },
        { login: 'deep@corp.example', groups: [] },
      ],
    });
    await source.change({ purge: true });
    const calls = await callsOf(async () => {
      expect(await system.run()).toMatchObject({
        status: 'succeeded',
        counts: { created: 1, renamed: 1, deactivated: 2, groupsCreated: 1 },
      });
    });
    expect(calls).not.toHaveProperty('GET /users');
    expect(calls).not.toHaveProperty('GET /groups');
    expect(await groupsOf('joiner')).toEqual(['jira-new']);
    expect(await groupsOf('deep')).toEqual([]);
    await nothingLeft();
  });

  it('reads everything again when the links have ended', async () => {
    await system.run();
    await source.change({ expireDelta: true, users: [{ login: 'later@corp.example', groups: ['inner'] }] });
    const calls = await callsOf(async () => {
      expect(await system.run()).toMatchObject({
        status: 'succeeded',
        counts: { created: 1 },
      });
    });
    expect(calls).toMatchObject({ 'GET /users': 1 });
    expect(await groupsOf('later')).toEqual(['jira-outer']);
    const next = await callsOf(() => system.run());
    expect(next).toMatchObject({ 'GET /users/delta': 1, 'GET /groups/delta': 1 });
    expect(next).not.toHaveProperty('GET /users');
  });

  it('heals by a full read once it is due', async () => {
    system.clock.advance(8 * 86_400_000);
    now += 1;
    // The place in a listing may end too: it begins anew.
    await source.addFault({ kind: 'expire-page', until: 2, match: { endpoint: 'GET /users' } });
    const calls = await callsOf(async () => {
      expect((await system.run()).source).toMatchObject({ complete: true });
    });
    expect(calls).toMatchObject({ 'GET /users': 3, 'GET /users/delta': 1 });
  });

  it('takes nothing away when members are in doubt, and begins again where the last complete read ended', async () => {
    await source.change({
      users: [{ login: 'later@corp.example', groups: [] }],
      permissions: ['User.Read.All', 'Group.Read.All'],
    });
    await source.change({ groups: [{ name: 'inner', hidden: true }], expireTokens: true });
    const doubtful = await system.run();
    expect(doubtful).toMatchObject({ status: 'partial', counts: { membershipsRemoved: 0 } });
    expect(doubtful.source).toMatchObject({
      complete: false,
      incompleteReason: expect.stringContaining('it needs Member.Read.Hidden'),
    });
    expect(await groupsOf('later')).toEqual(['jira-outer']);
    await source.change({ groups: [{ name: 'inner', hidden: false }] });
    expect((await system.run()).source).toMatchObject({ complete: true });
  });

  it('changes nothing without the permissions, and says which is missing', async () => {
    await source.change({ permissions: [], expireTokens: true });
    const refused = await system.run();
    expect(refused).toMatchObject({ status: 'failed', counts: { deactivated: 0, membershipsRemoved: 0 } });
    expect(refused.error).toContain('User.Read.All');
  });
});
