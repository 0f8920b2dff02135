import { changed, numbers, people } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const DAY_MS = 86_400_000;
const PEOPLE = people(12);

describe('a planned day (rule 4.5)', () => {
  let system: System;
  beforeAll(async () => {
    const today = Date.now();
    const at = (ms: number): string => new Date(ms).toISOString();
    const exception = {
      kind: 'disabled',
      count: 6,
      from: at(today - DAY_MS),
      to: at(today + DAY_MS),
      reason: 'branch closes',
    };
    system = await startSystem({ rows: PEOPLE, config: { safety: { exceptions: [exception] } } });
    await system.run();
  });
  afterAll(async () => system.stop());

  it('lets through more than the usual limit, and the run names the reason', async () => {
    system.write(changed(PEOPLE, numbers(6), { active: false }));
    const run = await system.run();
    expect(run).toMatchObject({ status: 'succeeded', counts: { deactivated: 6 } });
    expect(run.gate).toMatchObject([
      { kind: 'disabled', count: 6, limit: 6, verdict: 'pass', exception: 'branch closes' },
    ]);
  });

  it('ends by itself: two days later the usual limit holds again', async () => {
    system.clock.advance(2 * DAY_MS);
    system.write(changed(PEOPLE, numbers(9), { active: false }));
    const run = await system.run();
    expect(run).toMatchObject({ status: 'held', counts: { held: 3, deactivated: 0 } });
    expect(run.gate).toMatchObject([{ kind: 'disabled', count: 3, limit: 1, verdict: 'held' }]);
    expect(run.gate[0]).not.toHaveProperty('exception');
  });
});
