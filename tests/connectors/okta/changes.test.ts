import type { ChangePage, IdentityProvider } from '../../../connectors/provider';
import { API_TOKEN, never, reading, simulations } from './support';

const started = simulations();
const MINUTE = 60_000;

/** All parts of what changed, as one. */
async function changesOf(provider: IdentityProvider, since: string) {
  const pages: ChangePage[] = [];
  for (let cursor: string | null = null, parts = 0; parts === 0 || cursor !== null; parts++) {
    const page: ChangePage = await provider.changes!.listChanges({ since, cursor, nestedGroups: new Set() }, never);
    pages.push(page);
    cursor = page.cursor;
  }
  return {
    users: pages.flatMap(({ users }) => users),
    goneUsers: pages.flatMap(({ goneUsers }) => goneUsers),
    groups: pages.flatMap(({ groups }) => groups),
    memberships: pages.flatMap(({ memberships }) => memberships),
    rereadGroups: pages.flatMap(({ rereadGroups }) => rereadGroups),
    incomplete: pages.flatMap(({ incomplete }) => incomplete),
    mark: pages.at(-1)?.mark ?? null,
  };
}

/** An org whose clock is moved by hand; a signed log-in would have a time of its own. */
async function org(options: { readonly users: number; readonly groups: number }) {
  const clock = { now: Date.parse('2026-11-24T08:00:00.000Z') };
  const okta = await started({ ...options, now: () => clock.now });
  const pass = (ms: number): void => {
    clock.now += ms;
  };
  pass(60 * MINUTE);
  return { ...okta, pass };
}

describe('what changed in an org', () => {
  it('is nothing when nothing did, in three requests beside the clock', async () => {
    const { provider, sim } = await org({ users: 450, groups: 30 });
    const one = provider(API_TOKEN);
    const since = await one.changes!.mark(never);
    await one.listGroups(null, never);
    await sim.reset('stats');
    expect(await changesOf(one, since)).toMatchObject({ users: [], groups: [], memberships: [], incomplete: [] });
    const { calls } = await sim.stats();
    expect(calls).toEqual({
      ...{ 'GET /.well-known/okta-organization': 1, 'GET /api/v1/users': 1 },
      // The groups that changed, these once more for their members, and the proof of that walk.
      'GET /api/v1/groups': 3,
    });
  });

  it('is who changed, also who was deprovisioned, and all members of the groups that did', async () => {
    const { provider, sim, pass } = await org({ users: 60, groups: 12 });
    const one = provider(API_TOKEN);
    const before = await reading(() => one);
    const since = await one.changes!.mark(never);
    pass(10 * MINUTE);
    const [leaver, joiner, , renamed] = [...before.users.values()].map(
      ({ attributes }) => attributes['login'] as string
    );
    await sim.change({
      users: [
        { login: leaver!, status: 'DEPROVISIONED' },
        { login: renamed!, profile: { login: 'renamed@corp.example' } },
        { login: joiner!, groups: ['brand-new'] },
      ],
    });
    const changed = await changesOf(one, since);
    expect(changed.users.map(({ attributes, active }) => [attributes['login'], active])).toEqual([
      ['renamed@corp.example', true],
    ]);
    expect(changed.goneUsers).toEqual([...before.users.keys()].slice(0, 1));
    const listed = await changesOf(provider({ ...API_TOKEN, deprovisioned: true }), since);
    expect(listed.users.map(({ attributes, active }) => [attributes['login'], active])[0]).toEqual([leaver, false]);
    expect(listed.goneUsers).toEqual([]);
    const after = await reading(() => one);
    for (const { externalId } of changed.groups) expect(after.groups.get(externalId)).toBeDefined();
    const kept = before.memberships.filter((pair) => !changed.rereadGroups.includes(pair.split(' ')[0]!));
    const merged = [...kept, ...changed.memberships.map(({ groupId, userId }) => `${groupId} ${userId}`)].sort();
    expect(merged).toEqual(after.memberships);
    expect(changed.incomplete).toEqual([]);
  });

  it('overlaps with the time before the mark, and the next mark is from the beginning of the reading', async () => {
    const { provider, sim, pass } = await org({ users: 5, groups: 0 });
    const one = provider(API_TOKEN);
    await sim.change({ users: [{ login: 'just-before@corp.example' }] });
    pass(2 * MINUTE);
    const since = await one.changes!.mark(never);
    const changed = await changesOf(one, since);
    expect(changed.users.map(({ attributes }) => attributes['login'])).toEqual(['just-before@corp.example']);
    expect(Date.parse(changed.mark!)).toBe(Date.parse(since));
    pass(30 * MINUTE);
    expect((await changesOf(one, changed.mark!)).users).toHaveLength(1);
    expect((await changesOf(one, await one.changes!.mark(never))).users).toEqual([]);
  });

  it('leaves out groups that take no part', async () => {
    const { provider, sim, pass } = await org({ users: 5, groups: 0 });
    const one = provider(API_TOKEN);
    const since = await one.changes!.mark(never);
    pass(10 * MINUTE);
    await sim.change({ groups: [{ name: 'jira', app: 'jira_onprem' }], users: [{ login: 'a@b', groups: ['jira'] }] });
    expect(await changesOf(one, since)).toMatchObject({ groups: [], rereadGroups: [], memberships: [] });
  });

  it('is called incomplete where members stay lost', async () => {
    const { provider, sim, pass } = await org({ users: 450, groups: 0 });
    const one = provider(API_TOKEN);
    const since = await one.changes!.mark(never);
    const { users } = await reading(() => one);
    pass(10 * MINUTE);
    const logins = [...users.values()].map(({ attributes }) => attributes['login'] as string);
    await sim.change({ users: logins.map((login) => ({ login, groups: ['large'] })) });
    await sim.addFault({ kind: 'lost-rest', match: { endpoint: 'GET /api/v1/groups/{id}/users' } });
    expect((await changesOf(one, since)).incomplete).toEqual([expect.stringContaining('200 were read')]);
  });

  it('does not go on from a place that is not known', async () => {
    const { provider } = await org({ users: 1, groups: 0 });
    const input = { since: '2026-11-24T08:00:00.000Z', cursor: '{}', nestedGroups: new Set<string>() };
    for (const odd of [input, { ...input, since: 'yesterday', cursor: null }]) {
      await expect(provider(API_TOKEN).changes!.listChanges(odd, never)).rejects.toMatchObject({
        kind: 'cursorExpired',
      });
    }
  });
});
