import { applyWorkflowId, connectorWorkflowId } from '../../domain/ids';
import { accountsOf, doubledEffects } from '../support/accounts';
import { until } from '../support/commands';
import { historiesOf } from '../support/histories';
import { changed, people } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const PATIENCE_MS = 20_000;
/** Two batches of memberships in one lane. */
const COUNT = 110;
const schedule = { cron: '0 0 1 1 *', timezone: 'UTC', jitterSeconds: 0 };

describe('continue-as-new', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: people(COUNT), config: { schedule }, tuning: { continueAsNewAfter: 1 } });
  });
  afterAll(async () => system.stop());

  it('applies a plan over many histories, each operation once', async () => {
    const run = await system.run();
    expect(run).toMatchObject({ status: 'succeeded', counts: { created: COUNT, membershipsAdded: 2 * COUNT } });
    const histories = await historiesOf(system.client, applyWorkflowId(run.id));
    // One a batch: groups, accounts, two of memberships.
    expect(histories.length).toBeGreaterThanOrEqual(4);
    expect(Object.keys(await accountsOf(system.sim))).toHaveLength(COUNT);
    expect(await doubledEffects(system.sim)).toEqual([]);
    expect(run.progress).toEqual({ done: COUNT * 3 + 6, total: COUNT * 3 + 6 });
  });

  it('keeps the numbering, the queue, the answers and the schedule of a connector', async () => {
    const before = (await historiesOf(system.client, connectorWorkflowId(system.connectorId))).length;
    system.write(changed(people(COUNT), [1], { displayName: 'Held open' }));
    await system.sim.addFault({ kind: 'hang-after', match: { endpoint: 'PUT /user' }, until: 1 });
    const running = await system.request('sync', 'first');
    await system.sim.waitUntilHeld(1, PATIENCE_MS);
    const sync = await system.request('sync', 'second');
    const preview = await system.request('preview', 'third');
    await system.sim.release();
    const runs = [await system.ended(running), await system.ended(sync), await system.ended(preview)];
    expect(runs.map(({ n, mode, status }) => ({ n, mode, status }))).toEqual([
      { n: 2, mode: 'sync', status: 'succeeded' },
      { n: 3, mode: 'sync', status: 'succeeded' },
      { n: 4, mode: 'preview', status: 'planned' },
    ]);
    expect(await system.request('sync', 'second')).toBe(sync);
    const view = await until(async () => {
      const seen = await system.view();
      return seen.runningRunId === null && seen;
    });
    expect(new Date(view.nextFireMs ?? 0).toISOString()).toMatch(/-01-01T00:00:00/);
    const after = await historiesOf(system.client, connectorWorkflowId(system.connectorId));
    expect(after.length).toBeGreaterThanOrEqual(before + 3);
  });
});
