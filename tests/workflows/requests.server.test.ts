import { accountsOf, effectsOf } from '../support/accounts';
import { until } from '../support/commands';
import { changed, people, person } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const PEOPLE = people(8);
/** The answer to the first account created is held back, so that the run stays open. */
const HANG = { kind: 'hang-after', match: { endpoint: 'PUT /user' }, until: 1 } as const;
const PATIENCE_MS = 20_000;

describe('connectorWorkflow: requests', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: PEOPLE });
    await system.run();
  });
  afterAll(async () => system.stop());

  it('turns requests during a run into exactly one further run and answers with its id', async () => {
    system.write(changed(PEOPLE, [1], { displayName: 'Somebody Else' }));
    await system.sim.addFault(HANG);
    const running = await system.request();
    await system.sim.waitUntilHeld(1, PATIENCE_MS);
    const [second, third] = await Promise.all([system.request(), system.request()]);
    const repeated = await system.request('sync', 'asked-twice');
    expect(new Set([second, third, repeated]).size).toBe(1);
    expect(await system.view()).toMatchObject({ runningRunId: running, queuedRunIds: [second] });
    await system.sim.release();
    const [first, further] = [await system.ended(running), await system.ended(second)];
    expect([first.status, further.status, further.n]).toEqual(['succeeded', 'succeeded', first.n + 1]);
    expect(await system.request('sync', 'asked-twice')).toBe(second);
    expect((await system.runs()).map((run) => run.id).at(-1)).toBe(second);
    await until(async () => (await system.view()).runningRunId === null);
    expect(await system.view()).toMatchObject({ queuedRunIds: [] });
  });

  it('answers two simultaneous requests of one id with one run', async () => {
    const ids = await Promise.all([system.request('sync', 'twin'), system.request('sync', 'twin')]);
    expect(new Set(ids).size).toBe(1);
    await system.ended(ids[0]);
  });

  it('shows what it would do in a preview, writes nothing, and applies exactly that when it is approved', async () => {
    const before = await accountsOf(system.sim);
    const effects = await effectsOf(system.sim);
    system.write([...changed(PEOPLE, [1, 2], { displayName: 'Two People' }), ...people(9).slice(8)]);
    const preview = await system.run('preview');
    expect(preview).toMatchObject({
      status: 'planned',
      planHash: expect.any(String),
      counts: { created: 1, updated: 2 },
    });
    expect([await accountsOf(system.sim), await effectsOf(system.sim)]).toEqual([before, effects]);
    // What the file says meanwhile is not part of the plan that was shown.
    system.write(changed(PEOPLE, [5], { displayName: 'Later' }));
    const applied = await system.ended(await system.approve(preview));
    expect(applied).toMatchObject({ mode: 'apply', status: 'succeeded', planRunId: preview.id });
    const after = await accountsOf(system.sim);
    expect(Object.keys(after).filter((name) => after[name]?.displayName === 'Two People')).toEqual(['user1', 'user2']);
    expect(after['user5']).toEqual(before['user5']);
    expect(Object.keys(after)).toHaveLength(9);
    expect(await system.stored(preview.id)).toMatchObject({ status: 'approved' });
  });

  it('refuses a second approval of the same preview', async () => {
    const preview = (await system.runs()).find((run) => run.mode === 'preview');
    const effects = await effectsOf(system.sim);
    const again = await system.ended(await system.approve(preview ?? fail('there is a preview')));
    expect(again).toMatchObject({ status: 'failed', error: expect.stringContaining('not-held') });
    expect(await effectsOf(system.sim)).toEqual(effects);
  });

  it('takes a preview in parts: it ends approved when nothing of it is left', async () => {
    system.write([...people(9), person(20), person(21)]);
    const preview = await system.run('preview');
    const part = await system.ended(await system.approve(preview, { kinds: ['creates'] }));
    expect(part).toMatchObject({ status: 'succeeded', counts: { created: 2, updated: 0 } });
    expect(await system.stored(preview.id)).toMatchObject({ status: 'planned' });
    const rest = await system.ended(await system.approve(preview));
    expect(rest).toMatchObject({ status: 'succeeded', counts: { created: 0, updated: 2 } });
    expect(await system.stored(preview.id)).toMatchObject({ status: 'approved' });
  });

  it('refuses requests while it is paused and goes on when it is resumed', async () => {
    await system.pause();
    await expect(system.request()).rejects.toMatchObject({ cause: { type: 'ConnectorPaused' } });
    expect(await system.view()).toMatchObject({ paused: true });
    await system.resume();
    expect((await system.run()).status).toBe('succeeded');
  });

  it('never writes in mode observe, and refuses to approve what it shows', async () => {
    system.write(people(9));
    await system.run();
    await system.reconfigure({ mode: 'observe' });
    const effects = await effectsOf(system.sim);
    system.write([...people(8), ...people(12).slice(9)]);
    const run = await system.run();
    expect(run).toMatchObject({ mode: 'sync', status: 'planned', counts: { created: 3 } });
    const refused = await system.ended(await system.approve(run));
    expect(refused).toMatchObject({ status: 'failed', error: expect.stringContaining('observe-only') });
    expect(await effectsOf(system.sim)).toEqual(effects);
  });
});

function fail(message: string): never {
  throw new Error(message);
}
