import type { ChangePage, IdentityProvider } from '../../../connectors/provider';
import { never, scopeOf, simulations } from './support';

/** Every part of what changed, each by a provider of its own, as after a crash. */
async function changesOf(
  provider: () => IdentityProvider,
  since: string,
  nestedGroups: readonly string[] = []
): Promise<readonly ChangePage[]> {
  const pages: ChangePage[] = [];
  for (let cursor: string | null = null; ;) {
    const input = { since, cursor, nestedGroups: new Set(nestedGroups) };
    const page: ChangePage = await provider().changes!.listChanges(input, never);
    pages.push(page);
    if (page.cursor === null) return pages;
    cursor = page.cursor;
  }
}
const of = (pages: readonly ChangePage[], key: keyof ChangePage): readonly unknown[] =>
  pages.flatMap((page) => page[key] as readonly unknown[]);

describe('reading what changed in a tenant', () => {
  const simulate = simulations();

  it('tells joiners, changes and leavers, each once, over pages and repetitions', async () => {
    const { provider, sim, simulator } = await simulate({ users: 50, deltaPage: 3 });
    const people = [...simulator.directory.organization.people.values()].filter(({ kind }) => kind === 'employee');
    const mark = await provider().changes!.mark(never);
    const [gone] = people;
    const changed = people.slice(1, 9);
    await sim.change({
      users: [
        ...changed.map(({ login }) => ({ login, department: 'New' })),
        { login: 'joiner@corp.example' },
        { login: gone?.login ?? '', delete: true },
      ],
    });
    const pages = await changesOf(provider, mark);
    expect(pages.length).toBeGreaterThan(4);
    const told = new Map(pages.flatMap(({ users }) => users).map((user) => [user.externalId, user]));
    expect(told.size).toBe(9);
    expect([...told.values()].filter(({ attributes }) => attributes['department'] === 'New')).toHaveLength(8);
    expect(new Set(of(pages, 'goneUsers'))).toEqual(new Set([gone?.id]));
  });

  it('goes on where the last reading ended: nothing is told twice, nothing is lost', async () => {
    const { provider, sim } = await simulate({ users: 5 });
    const first = await provider().changes!.mark(never);
    await sim.change({ users: [{ login: 'one@corp.example' }] });
    const pages = await changesOf(provider, first);
    await sim.change({ users: [{ login: 'two@corp.example' }] });
    const next = await changesOf(provider, pages.at(-1)?.mark ?? '');
    const names = (read: readonly ChangePage[]) =>
      read.flatMap(({ users }) => users).map(({ attributes }) => attributes['userPrincipalName']);
    expect([names(pages), names(next)]).toEqual([['one@corp.example'], ['two@corp.example']]);
  });

  it('tells a guest who takes no part as gone, in case he was none before', async () => {
    const { provider, sim, simulator } = await simulate();
    const mark = await provider().changes!.mark(never);
    await sim.change({ users: [{ login: 'a@partner.example', kind: 'guest' }] });
    const [guest] = simulator.directory.organization.people.keys();
    const pages = await changesOf(provider, mark);
    expect([of(pages, 'users'), of(pages, 'goneUsers')]).toEqual([[], [guest]]);
  });

  it('reads all members of a changed group, and of groups of another kind that lie in it now', async () => {
    const { provider, sim, simulator } = await simulate();
    await sim.change({
      groups: [{ name: 'outer' }, { name: 'team', kind: 'team' }],
      users: [
        { login: 'a@corp.example', groups: ['outer'] },
        { login: 'b@corp.example', groups: ['team'] },
      ],
    });
    const mark = await provider().changes!.mark(never);
    await sim.change({ groups: [{ name: 'outer', groups: ['team'] }] });
    const [outer, team] = simulator.directory.organization.groups.keys();
    const pages = await changesOf(provider, mark);
    expect(of(pages, 'memberships')).toHaveLength(2);
    expect(of(pages, 'nestings')).toEqual([{ groupId: outer, childId: team }]);
    expect(new Set(of(pages, 'rereadGroups'))).toEqual(new Set([outer, team]));
    expect(pages.flatMap(({ groups }) => groups).map(({ name }) => name)).toEqual(['outer']);
  });

  it('reads a group of another kind again where it is known to lie in one that is synced', async () => {
    const { provider, sim, simulator } = await simulate();
    await sim.change({
      groups: [
        { name: 'outer', groups: ['team'] },
        { name: 'team', kind: 'team' },
      ],
    });
    const [outer, team] = simulator.directory.organization.groups.keys();
    const mark = await provider().changes!.mark(never);
    await sim.change({ users: [{ login: 'a@corp.example', groups: ['team'] }] });
    expect(of(await changesOf(provider, mark), 'memberships')).toEqual([]);
    const pages = await changesOf(provider, mark, [team ?? '']);
    expect(of(pages, 'memberships')).toEqual([expect.objectContaining({ groupId: team })]);
    expect(outer).toBeDefined();
  });

  it('within a scope tells new members in full, and of the others only who is known already', async () => {
    const { provider, sim } = await simulate({ users: 10 });
    await sim.change({ groups: [{ name: 'jira-a' }, { name: 'other' }] });
    const own = () => provider({}, { scope: scopeOf('jira-*') });
    const mark = await own().changes!.mark(never);
    await sim.change({
      users: [
        { login: 'in@corp.example', groups: ['jira-a'] },
        { login: 'out@corp.example', groups: ['other'] },
      ],
    });
    const pages = await changesOf(own, mark);
    const certain = pages.filter(({ onlyKnownUsers }) => !onlyKnownUsers).flatMap(({ users }) => users);
    expect(certain.map(({ attributes }) => attributes['userPrincipalName'])).toEqual(['in@corp.example']);
    expect(of(pages, 'memberships')).toHaveLength(1);
  });

  it('says that only a full read helps when the links have ended, or were never any', async () => {
    const { provider, sim } = await simulate();
    const mark = await provider().changes!.mark(never);
    await sim.change({ expireDelta: true });
    await expect(changesOf(provider, mark)).rejects.toMatchObject({ kind: 'cursorExpired' });
    await expect(changesOf(provider, '{}')).rejects.toMatchObject({ kind: 'cursorExpired' });
    await expect(changesOf(provider, 'x')).rejects.toMatchObject({ kind: 'cursorExpired' });
  });

  it.each(['endless-page', 'empty-page'] as const)('%s in a round is cut with a clear error', async (kind) => {
    const { provider, sim } = await simulate({ users: 30, deltaPage: 3 });
    const mark = await provider().changes!.mark(never);
    await sim.change({ churn: 1 });
    await sim.addFault({ kind });
    await expect(changesOf(provider, mark)).rejects.toMatchObject({ kind: 'data' });
  });

  it('is not offered with managers: a round does not tell that their properties changed', async () => {
    const { provider } = await simulate();
    expect(provider({ managers: true }).changes).toBeUndefined();
  });
});
