import { until } from '../support/commands';
import { people } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';
import type { RunRecord } from '../../store/records';

const EVERY_MS = 2_000;
const schedule = { cron: '*/2 * * * * *', timezone: 'Europe/Berlin', jitterSeconds: 0 };
const TICKS_MISSED = 3;

describe('connectorWorkflow: schedule', () => {
  let system: System;
  let beganMs: number;
  beforeAll(async () => {
    beganMs = Date.now();
    system = await startSystem({ rows: people(3), config: { schedule } });
  });
  afterAll(async () => system.stop());

  const scheduled = async (after: number): Promise<readonly RunRecord[] | false> => {
    const runs = (await system.runs()).filter(({ n, status }) => n > after && status !== 'running');
    return runs.length > 0 && runs;
  };

  it('starts a run at a tick, again and again, and says when the next one is due', async () => {
    const [first] = await until(() => scheduled(0));
    expect(first).toMatchObject({
      trigger: 'schedule',
      mode: 'sync',
      status: 'succeeded',
      missedTicks: 0,
      requestId: null,
    });
    expect(Date.parse(first?.startedAt ?? '') % EVERY_MS).toBeLessThan(EVERY_MS);
    const [second] = await until(() => scheduled(first?.n ?? 0));
    expect(second).toMatchObject({ n: 2, trigger: 'schedule', status: 'succeeded', counts: { unchanged: 3 } });
    const { nextFireMs } = await until(async () => {
      const view = await system.view();
      return view.runningRunId === null && view;
    });
    expect((nextFireMs ?? 1) % EVERY_MS).toBe(0);
  });

  it('turns the ticks that no worker was there for into one run, and counts them', async () => {
    await system.worker.stop();
    const stoppedMs = Date.now();
    await until(() => Promise.resolve(Date.now() > stoppedMs + (TICKS_MISSED + 1) * EVERY_MS));
    await system.worker.start();
    const isLate = (run: RunRecord): boolean =>
      run.missedTicks >= TICKS_MISSED && Date.parse(run.startedAt) > stoppedMs;
    const run = await until(async () => (await system.runs()).find(isLate));
    expect(run).toMatchObject({ trigger: 'schedule', mode: 'sync' });
    // No tick is counted twice: runs and missed ticks together are no more than there were since the beginning.
    const soFar = (await system.runs()).filter(({ n }) => n <= run.n);
    const counted = soFar.reduce((sum, { missedTicks }) => sum + 1 + missedTicks, 0);
    expect(counted).toBeLessThanOrEqual(Math.ceil((Date.parse(run.startedAt) - beganMs) / EVERY_MS) + 1);
    expect(await system.ended(run.id)).toMatchObject({ status: 'succeeded' });
    const numbers = (await system.runs()).map(({ n }) => n);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it('fires no more while it is paused or its schedule is off', async () => {
    await system.pause();
    // A reading of the connector that began before the pause may say the old state once more.
    await until(async () => (await system.view()).paused);
    await until(async () => (await system.view()).nextFireMs === null);
    await system.reconfigure({ schedule: { ...schedule, enabled: false } });
    await system.resume();
    await until(async () => {
      const view = await system.view();
      return !view.paused && view.runningRunId === null && view.nextFireMs === null;
    });
    const before = (await system.runs()).length;
    const run = await system.run();
    expect([run.trigger, run.n]).toEqual(['manual', before + 1]);
  });
});
