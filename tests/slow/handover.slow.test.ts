import { handoverReport } from '../../api/handover';
import { effectsOf } from '../support/accounts';
import { ADOPTING, asAccounts, twoSources } from '../support/handover-people';
import { addConnector, planHandover } from '../support/second-connector';
import { startSystem } from '../support/system';

/** Rules 1.6: 2,000 people, 95 % of whom are in both sources. */
const COUNT = 2_000;
const { former, successor, expected } = twoSources(COUNT);
const MATCHED = COUNT - expected.left;

describe('the hand-over of 2,000 people', () => {
  it(
    'moves 1,900 links without one write to Jira, and leaves nobody to rename or deactivate',
    async () => {
      expect(MATCHED).toBe(1_900);
      const system = await startSystem({ rows: former, config: ADOPTING });
      await system.sim.change({ users: asAccounts(former) });
      await system.run();
      expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { unchanged: COUNT } });
      const next = await addConnector(system, 'successor', successor, ADOPTING);
      await system.pause();
      await system.sim.reset('stats');
      const plan = await planHandover(system, next, system.connectorId);
      const { counts } = await handoverReport(system.store, plan.id, { limit: 1 });
      expect(counts).toMatchObject({ unmatchedNew: expected.left, unmatchedOld: expected.left, renames: 0 });
      const applied = await system.ended(await next.approve(plan));
      expect(applied).toMatchObject({ status: 'succeeded', counts: { updated: MATCHED, failed: 0 } });
      expect(Object.values(await effectsOf(system.sim)).reduce((sum, count) => sum + count, 0)).toBe(0);
      const { calls } = await system.sim.stats();
      expect(Object.keys(calls).filter((endpoint) => !endpoint.startsWith('GET '))).toEqual([]);
      const preview = await next.run('preview');
      expect(preview).toMatchObject({ status: 'planned', counts: { deactivated: 0, renamed: 0 } });
      await next.stop();
      await system.stop();
    },
    10 * 60_000
  );
});
