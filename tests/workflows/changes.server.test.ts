import { pushRunId } from '../../domain/ids';
import { accountsOf, doubledEffects, effectsOf } from '../support/accounts';
import type { AccountView } from '../support/accounts';
import { until } from '../support/commands';
import { pushTo } from '../support/pushing';
import type { Pushing } from '../support/pushing';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const SOURCE = { type: 'scim', settleSeconds: 1, settleMaxSeconds: 5 };
const OTHERS = 24;
const FIVE_MINUTES_MS = 300_000;
const NOW_GONE = { lifecycle: { missing: { action: 'deactivate', graceDays: 0 } } };

describe('what an identity provider pushes', () => {
  let system: System;
  let push: Pushing;
  let ann: string;
  let bob: string;
  let team: string;
  beforeAll(async () => {
    system = await startSystem({ config: { source: SOURCE, ...NOW_GONE } });
    push = pushTo(system);
    push.silence();
    [ann, bob] = [await push.user('ann'), await push.user('bob')];
    // So that a few leavers are within the limits (rules 4.2).
    for (let n = 1; n <= OTHERS; n++) await push.user(`other${n}`);
    team = await push.group('team', [ann, bob, 'nobody-yet']);
    await system.run();
    push.close();
    push = pushTo(system);
  });
  afterAll(async () => {
    push.close();
    await system.stop();
  });

  const account = async (name: string): Promise<AccountView | undefined> => (await accountsOf(system.sim))[name];
  const untilAccount = (name: string, isWanted: (account: AccountView) => boolean): Promise<AccountView> =>
    until(async () => {
      const found = await account(name);
      return found !== undefined && isWanted(found) && found;
    });
  const carried = (): Promise<true> => until(async () => (await push.waiting()) === 0);

  it('is read by a run like any other source', async () => {
    expect(await accountsOf(system.sim)).toMatchObject({
      ann: { active: true, email: 'ann@example.com', displayName: 'Person ann', groups: ['team'] },
      bob: { active: true, groups: ['team'] },
    });
    const before = await effectsOf(system.sim);
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { unchanged: OTHERS + 2 } });
    expect(await effectsOf(system.sim)).toEqual(before);
  });

  it('reaches the target by itself: new people, changes, memberships', async () => {
    const eve = await push.user('eve');
    await untilAccount('eve', ({ active }) => active);
    await push.patch(`/Users/${eve}`, { op: 'replace', path: 'displayName', value: 'Eve Moneypenny' });
    await push.patch(`/Groups/${team}`, { op: 'add', path: 'members', value: [{ value: eve }] });
    await untilAccount('eve', ({ displayName, groups }) => displayName === 'Eve Moneypenny' && groups.includes('team'));
    await carried();
    expect(await doubledEffects(system.sim)).toEqual([]);
  });

  it('has its results in the run of the day', async () => {
    const fay = await push.user('fay');
    await untilAccount('fay', ({ active }) => active);
    await carried();
    const runId = pushRunId(system.connectorId, system.clock.now().toISOString().slice(0, 10));
    const { items } = await system.store.outcomes.list(runId, { limit: 100, cursor: null });
    expect(items).toContainEqual(expect.objectContaining({ externalId: fay, outcome: 'created', username: 'fay' }));
    expect(await system.store.runs.get(runId)).toMatchObject({ mode: 'push', trigger: 'scim', status: 'running' });
  });

  it('makes new groups by a run that it asks for, with those who came meanwhile', async () => {
    const guild = await push.group('guild', [ann]);
    await push.patch(`/Groups/${guild}`, { op: 'add', path: 'members', value: [{ value: bob }] });
    await untilAccount('ann', ({ groups }) => groups.includes('guild'));
    await untilAccount('bob', ({ groups }) => groups.includes('guild'));
    await carried();
  });

  it('takes away after it has settled: a membership, the right to work, the person', async () => {
    await push.patch(`/Groups/${team}`, { op: 'remove', path: `members[value eq "${bob}"]` });
    await untilAccount('bob', ({ groups }) => !groups.includes('team'));
    await push.disable(bob);
    await untilAccount('bob', ({ active }) => !active);
    await push.remove(`/Users/${ann}`);
    await untilAccount('ann', ({ active }) => !active);
    await carried();
  });

  it('that was taken back before it settled never happened', async () => {
    const gil = await push.user('gil');
    await untilAccount('gil', ({ active }) => active);
    await carried();
    await push.disable(gil);
    await push.patch(`/Users/${gil}`, { op: 'replace', path: 'active', value: 'True' });
    await carried();
    const { deactivated } = await effectsOf(system.sim);
    expect(await account('gil')).toMatchObject({ active: true });
    expect(deactivated).toBe(2);
  });

  it('is found by the sweep where nobody told of it', async () => {
    push.silence();
    await push.user('hal');
    const handle = await system.client.workflow.start('sweepWorkflow', {
      workflowId: 'sweep',
      taskQueue: 'flow',
      args: [{ everyMs: 4_000 }],
    });
    await untilAccount('hal', ({ active }) => active);
    await handle.terminate();
    push.close();
    push = pushTo(system);
  });

  it('waits while the target is away, and is carried when it is back', async () => {
    await system.sim.addFault({ kind: 'maintenance' });
    await push.user('ida');
    await until(async () => (await system.sim.faults()).some(({ hits }) => hits > 2));
    expect(await push.waiting()).toBe(1);
    await system.sim.removeFaults();
    await untilAccount('ida', ({ active }) => active);
    await carried();
  });

  it('is carried by another run when the one that was asked for has failed', async () => {
    await system.sim.addFault({ kind: 'unauthorized' });
    await push.group('choir', []);
    await until(async () => (await system.runs()).some(({ mode, status }) => mode === 'sync' && status === 'failed'));
    await system.sim.removeFaults();
    await carried();
    expect((await system.sim.groups()).map(({ name }) => name)).not.toContain('choir');
    system.clock.advance(FIVE_MINUTES_MS);
    const handle = await system.client.workflow.start('sweepWorkflow', {
      workflowId: 'sweep',
      taskQueue: 'flow',
      args: [{ everyMs: 4_000 }],
    });
    await until(async () => (await system.sim.groups()).some(({ name }) => name === 'choir'));
    await handle.terminate();
  });

  it('that cannot be carried is set aside, and the others go on', async () => {
    await system.sim.addFault({ kind: 'refuse', match: { user: 'jon' } });
    const jon = await push.user('jon');
    await push.user('kim');
    await untilAccount('kim', ({ active }) => active);
    const parked = await until(async () => {
      const found = await system.store.scim.pending.parked(system.connectorId, 10);
      return found.length > 0 && found;
    });
    expect(parked).toMatchObject([{ id: jon, kind: 'user', error: expect.stringMatching(/\w/) }]);
    await system.sim.removeFaults();
    await push.patch(`/Users/${jon}`, { op: 'replace', path: 'title', value: 'again' });
    await untilAccount('jon', ({ active }) => active);
    expect(await system.store.scim.pending.parked(system.connectorId, 10)).toEqual([]);
  });
});

describe('a burst that takes away more than the limits allow', () => {
  it('is held as one plan, and nothing of it happens before somebody approves', async () => {
    const system = await startSystem({ config: { source: SOURCE } });
    const push = pushTo(system);
    push.silence();
    const ids: string[] = [];
    for (let n = 1; n <= 24; n++) ids.push(await push.user(`user${n}`));
    await system.run();
    push.close();
    const loud = pushTo(system);
    for (const id of ids.slice(0, 14)) await loud.disable(id);
    const held = await until(async () => {
      const { items } = await system.store.runs.list({ connectorId: system.connectorId, limit: 5, cursor: null });
      return items.find(({ status }) => status === 'held');
    });
    await until(async () => (await loud.waiting()) === 0);
    expect(held).toMatchObject({ trigger: 'scim', mode: 'sync' });
    expect((await effectsOf(system.sim)).deactivated).toBe(0);
    await system.ended(await system.approve(held));
    expect((await effectsOf(system.sim)).deactivated).toBe(14);
    loud.close();
    await system.stop();
  });
});
