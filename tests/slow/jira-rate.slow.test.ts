import { doubledEffects } from '../support/accounts';
import { people } from '../support/people';
import { startSystem } from '../support/system';

const COUNT = 16;
const PER_SECOND = 5;
const CONCURRENCY = 4;
/** What starting, reading the store and planning take beside the calls. */
const AROUND_SECONDS = 10;

describe('two workers and a Jira that lets five requests a second through', () => {
  it('share its limit: hardly a refusal, hardly a pause, and never too many at once', async () => {
    const system = await startSystem({
      rows: people(COUNT),
      jira: { rateLimit: { limit: PER_SECOND, fillRate: PER_SECOND, intervalSeconds: 1 } },
    });
    await system.worker.start();
    const began = performance.now();
    const run = await system.run();
    const seconds = (performance.now() - began) / 1_000;
    const { calls, answers, maxConcurrency } = await system.sim.stats();
    const sent = Object.values(calls).reduce((sum, count) => sum + count, 0);
    expect(run).toMatchObject({ status: 'succeeded', counts: { created: COUNT } });
    expect(await doubledEffects(system.sim)).toEqual([]);
    // The bench measures the share on an idle machine; here a stalled process may send two where one was due.
    expect(answers['429'] ?? 0).toBeLessThanOrEqual(Math.ceil(sent / 20));
    expect(maxConcurrency).toBeLessThanOrEqual(CONCURRENCY);
    // The bucket is full at first; after that no more than the rate comes through.
    expect(seconds).toBeGreaterThan((sent - PER_SECOND) / PER_SECOND - 1);
    expect(seconds).toBeLessThan((2 * sent) / PER_SECOND + AROUND_SECONDS);
    await system.stop();
  });
});
