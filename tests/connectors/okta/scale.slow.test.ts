import { fullRead, tell } from '../scale';
import { simulations } from './support';

const started = simulations();
const USERS = 10_000;
const GROUPS = 1_000;
const PAGE = 200;

describe('a full read of a large Okta org', () => {
  it(`of ${USERS} users, ${GROUPS} groups and some 50,000 memberships takes few requests more than it must`, async () => {
    const { provider, sim } = await started({ users: USERS, groups: GROUPS, perUser: 5 });
    const one = provider();
    await sim.reset('stats');
    const read = await fullRead(one);
    const { calls } = await sim.stats();
    const requests = Object.values(calls).reduce((sum, count) => sum + count, 0);
    const listed = USERS - USERS / 100;
    const least = Math.ceil(listed / PAGE) + Math.ceil(GROUPS / PAGE) + GROUPS;
    tell('okta', read, requests, least);
    expect(read).toMatchObject({ users: listed, groups: GROUPS, incomplete: [] });
    expect(read.memberships).toBeGreaterThan(49_000);
    // Beside a page for each of the three: a token, the count of Everyone, and the groups two times more.
    expect(requests).toBeLessThanOrEqual(least + 2 + 2 * Math.ceil(GROUPS / PAGE));
    expect(read.growth).toBeLessThan(10);
  });
});
