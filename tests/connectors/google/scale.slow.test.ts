import { fullRead, tell } from '../scale';
import { simulations } from './support';

const started = simulations();
const USERS = 10_000;
const GROUPS = 1_000;
const USERS_PAGE = 500;
const PAGE = 200;

interface State {
  readonly users: readonly unknown[];
  readonly groups: readonly { readonly members: number }[];
}

describe('a full read of a large Google domain', () => {
  it(`of ${USERS} people, ${GROUPS} groups and some 50,000 memberships takes few requests more than it must`, async () => {
    const { provider, sim, url } = await started({ users: USERS, groups: GROUPS, perUser: 5 });
    const { users, groups } = (await (await fetch(`${url}/_sim/state`)).json()) as State;
    const one = provider();
    const read = await fullRead(one);
    const { calls } = await sim.stats();
    const requests = Object.values(calls).reduce((sum, count) => sum + count, 0);
    const pages = Math.ceil(users.length / USERS_PAGE) + Math.ceil(GROUPS / PAGE);
    const least = groups.reduce((sum, { members }) => sum + Math.ceil(members / PAGE), pages);
    tell('google', read, requests, least);
    expect(read).toMatchObject({ users: users.length, groups: GROUPS, incomplete: [] });
    expect(read.memberships).toBeGreaterThan(45_000);
    // Beside each page once: a token, the ids of users once more, and the groups two times more.
    expect(requests).toBeLessThanOrEqual(
      least + 1 + Math.ceil(users.length / USERS_PAGE) + 2 * Math.ceil(GROUPS / PAGE)
    );
    expect(read.growth).toBeLessThan(10);
  });
});
