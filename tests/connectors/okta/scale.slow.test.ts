import type { ChangePage, IncrementalReading } from '../../../connectors/provider';
import { fullRead, tell } from '../scale';
import { API_TOKEN, never, simulations } from './support';

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

const MINUTE_MS = 60_000;
const CHANGED = 0.01;

/** Records and requests of a reading of changes. */
async function readChanges(changes: IncrementalReading, since: string) {
  const told = { users: 0, groups: 0, memberships: 0 };
  for (let cursor: string | null = null, parts = 0; parts === 0 || cursor !== null; parts++) {
    const page: ChangePage = await changes.listChanges({ since, cursor, nestedGroups: new Set() }, never);
    told.users += page.users.length;
    told.groups += page.rereadGroups.length;
    told.memberships += page.memberships.length;
    cursor = page.cursor;
  }
  return told;
}

describe('a reading of what changed in a large Okta org', () => {
  it('costs as what changed: one person and one group in a hundred', async () => {
    let now = Date.now();
    const { provider, sim, url } = await started({ users: USERS, groups: GROUPS, perUser: 5, now: () => now });
    now += 60 * MINUTE_MS;
    const one = provider(API_TOKEN);
    const { changes } = one;
    if (changes === undefined) throw new Error('there is no reading of changes');
    const since = await changes.mark(never);
    now += 10 * MINUTE_MS;
    const state = (await (await fetch(`${url}/_sim/state`)).json()) as Whole;
    const groups = state.groups.filter(({ type, members }) => type !== 'BUILT_IN' && members > 0 && members < PAGE);
    const names = groups.slice(0, GROUPS * CHANGED).map(({ name }) => name);
    const active = state.users.filter(({ status }) => status === 'ACTIVE').slice(0, USERS * CHANGED);
    await sim.change({
      users: active.map((user, n) => ({
        login: user.profile.login,
        profile: { title: 'Principal' },
        ...(n < names.length && { groups: [...user.groups.filter((name) => name !== 'Everyone'), names[n]!] }),
      })),
    });
    await sim.reset('stats');
    const began = performance.now();
    const told = await readChanges(changes, since);
    const seconds = (performance.now() - began) / 1_000;
    const { calls } = await sim.stats();
    const requests = Object.values(calls).reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `okta changes: ${told.users} users, ${told.groups} groups, ${told.memberships} memberships in ${seconds.toFixed(1)} s, ${requests} requests\n`
    );
    expect(told.users).toBe(USERS * CHANGED);
    expect(requests).toBeLessThan(5 + 2 * told.groups);
  });
});

interface Whole {
  readonly users: readonly {
    readonly status: string;
    readonly profile: { readonly login: string };
    readonly groups: readonly string[];
  }[];
  readonly groups: readonly { readonly type: string; readonly name: string; readonly members: number }[];
}
