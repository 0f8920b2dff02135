import { fullRead, tell } from '../scale';
import { simulations } from './support';

const started = simulations();
const USERS = 10_000;
const GROUPS = 1_000;
const PAGE = 200;

/** Pages of members of all groups that take part, none for an empty group. */
async function memberPages(url: string): Promise<number> {
  const state = (await (await fetch(`${url}/_sim/state`)).json()) as State;
  const groups = state.groups.filter(({ type }) => type !== 'BUILT_IN');
  return groups.reduce((pages, { members }) => pages + Math.ceil(members / PAGE), 0);
}

interface State {
  readonly groups: readonly { readonly type: string; readonly members: number }[];
}

describe('a full read of a large Okta org', () => {
  it(`of ${USERS} users, ${GROUPS} groups and some 50,000 memberships takes few requests more than it must`, async () => {
    const { provider, sim, url } = await started({ users: USERS, groups: GROUPS, perUser: 5 });
    const one = provider();
    await sim.reset('stats');
    const read = await fullRead(one);
    const { calls } = await sim.stats();
    const requests = Object.values(calls).reduce((sum, count) => sum + count, 0);
    const listed = USERS - USERS / 100;
    const least = Math.ceil(listed / PAGE) + Math.ceil(GROUPS / PAGE) + (await memberPages(url));
    tell('okta', read, requests, least);
    expect(read).toMatchObject({ users: listed, groups: GROUPS, incomplete: [] });
    expect(read.memberships).toBeGreaterThan(49_000);
    // Beside a page for each of the three: a token, the count of Everyone, and the groups two times more.
    expect(requests).toBeLessThanOrEqual(least + 2 + 2 * Math.ceil(GROUPS / PAGE));
    expect(read.growth).toBeLessThan(10);
  });
});
