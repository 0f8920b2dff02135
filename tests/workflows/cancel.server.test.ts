import { accountsOf, doubledEffects } from '../support/accounts';
import { until } from '../support/commands';
import { people } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const COUNT = 24;
const PATIENCE_MS = 20_000;

describe('connectorWorkflow: cancelling', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: people(COUNT) });
  });
  afterAll(async () => system.stop());

  it('leaves a truthful partial result when a run is cancelled while it applies, and the next run completes it', async () => {
    await system.sim.addFault({ kind: 'hang-after', match: { endpoint: 'POST /user' } });
    const runId = await system.request();
    await system.sim.waitUntilHeld(2, PATIENCE_MS);
    await system.cancel(runId);
    const run = await system.ended(runId);
    await system.sim.removeFaults();
    await system.sim.release();

    const existing = Object.keys(await accountsOf(system.sim));
    expect(existing.length).toBeGreaterThan(0);
    expect(existing.length).toBeLessThan(COUNT);
    expect(run).toMatchObject({ status: 'cancelled', error: null, counts: { created: existing.length, failed: 0 } });
    const operations = await system.operations(run);
    expect(new Set(operations.map((operation) => operation.status))).toEqual(new Set(['done', 'cancelled']));
    const created = operations.filter(({ kind, status }) => kind === 'createUser' && status === 'done');
    expect(created.map(({ username }) => username).toSorted()).toEqual(existing.toSorted());
    const outcomes = await system.outcomes(runId);
    expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(existing.length);
    expect(outcomes.filter(({ outcome }) => outcome === 'skipped')).toHaveLength(COUNT - existing.length);

    const next = await system.run();
    expect(next).toMatchObject({ status: 'succeeded', counts: { created: COUNT - existing.length } });
    const accounts = Object.values(await accountsOf(system.sim));
    expect(accounts).toHaveLength(COUNT);
    expect(accounts.every(({ groups }) => groups.includes('all'))).toBe(true);
    expect(await doubledEffects(system.sim)).toEqual([]);
  });

  it('drops a run that is cancelled while it waits', async () => {
    await system.sim.addFault({ kind: 'slow', delayMs: 1_000, match: { method: 'GET' }, until: 1 });
    const running = await system.request();
    await until(async () => (await system.view()).runningRunId === running);
    const waiting = await system.request();
    await system.cancel(waiting);
    expect(await system.stored(waiting)).toMatchObject({ status: 'cancelled', planHash: null });
    expect(await system.ended(running)).toMatchObject({ status: 'succeeded' });
    expect(await system.view()).toMatchObject({ queuedRunIds: [] });
  });

  it('refuses to cancel a run that neither runs nor waits', async () => {
    await expect(system.cancel('nothing-1')).rejects.toMatchObject({ cause: { type: 'RunNotRunning' } });
  });
});
