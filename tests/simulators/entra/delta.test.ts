import { createEntraControl, type EntraControl } from '../../../simulators/entra/controlClient';
import type { EntraSimulatorOptions } from '../../../simulators/entra/options';
import { idsOf, startGraph, type Graph, type GraphBody } from './support';

const USERS = '/users/delta?$select=id,userPrincipalName';
const GROUPS = '/groups/delta?$select=id,displayName,members';
const WEEK_MS = 7 * 86_400_000;

describe('delta queries of the simulated Microsoft Graph', () => {
  let graph: Graph;
  let control: EntraControl;
  let now = 1_800_000_000_000;
  const start = async (options: EntraSimulatorOptions): Promise<void> => {
    graph = await startGraph({ tokenLifetimeSeconds: 1e7, now: () => now, ...options });
    control = createEntraControl(graph.controlUrl);
  };
  afterEach(() => graph.stop());

  const linkOf = (pages: readonly GraphBody[]): string => String(pages.at(-1)?.['@odata.deltaLink']);
  const membersOf = (pages: readonly GraphBody[], id: unknown) =>
    pages.flatMap(({ value }) =>
      value
        .filter((row) => row['id'] === id)
        .flatMap((row) => (row['members@delta'] as { id: string }[] | undefined) ?? [])
    );

  it('tell all at first, then only what changed', async () => {
    await start({ users: 10 });
    const first = await graph.pages(USERS);
    expect(new Set(idsOf(first)).size).toBe(10);
    expect(idsOf(await graph.pages(linkOf(first)))).toEqual([]);
    const { people } = graph.simulator.directory.organization;
    const [person] = people.values();
    await control.change({ users: [{ login: person?.login ?? '', rename: 'new@corp.example' }] });
    const second = await graph.pages(linkOf(first));
    expect(second.flatMap(({ value }) => value)).toEqual([{ id: person?.id, userPrincipalName: 'new@corp.example' }]);
  });

  it('give a link from now on without any data', async () => {
    await start({ users: 10 });
    const latest = await graph.pages(`${USERS}&$deltatoken=latest`);
    expect(idsOf(latest)).toEqual([]);
    await control.change({ users: [{ login: 'joiner@corp.example' }] });
    expect(idsOf(await graph.pages(linkOf(latest)))).toHaveLength(1);
  });

  it('split a big group over pages with other groups between, and tell an object again', async () => {
    await start({ users: 60, groups: 5, memberships: 100, deltaPage: 6 });
    const pages = await graph.pages(GROUPS);
    const big = [...graph.simulator.directory.organization.groups.values()].sort(
      (a, b) => b.people.size - a.people.size
    )[0];
    const holding = pages.filter(({ value }) => value.some(({ id }) => id === big?.id));
    expect(holding.length).toBeGreaterThan(2);
    expect(holding.every(({ value }) => value.some(({ id }) => id !== big?.id))).toBe(true);
    const told = new Set(membersOf(pages, big?.id).map(({ id }) => id));
    expect([...(big?.people ?? [])].every((id) => told.has(id))).toBe(true);
    expect(idsOf(pages).at(-1)).toBe(idsOf(pages)[0]);
  });

  it('say who was deleted already in the first round, and keep him in his groups until the bin is emptied', async () => {
    await start({ users: 5, groups: 1, memberships: 5 });
    const [person] = graph.simulator.directory.organization.people.values();
    const before = linkOf(await graph.pages(GROUPS));
    await control.change({ users: [{ login: person?.login ?? '', delete: true }] });
    const [first] = await graph.pages(USERS);
    expect(first?.value[0]).toEqual({ id: person?.id, '@removed': { reason: 'changed' } });
    const groups = await graph.pages(GROUPS);
    const [group] = idsOf(groups);
    expect(membersOf(groups, group).map(({ id }) => id)).toContain(person?.id);
    expect(idsOf(await graph.pages(before))).toEqual([]);
    await control.change({ purge: true });
    expect(membersOf(await graph.pages(before), group)).toEqual([
      expect.objectContaining({ id: person?.id, '@removed': { reason: 'deleted' } }),
    ]);
  });

  it('end after a week, and know no link of others', async () => {
    await start({ users: 2 });
    const link = linkOf(await graph.pages(USERS));
    now += WEEK_MS;
    expect((await graph.get(link)).status).toBe(200);
    now += 1;
    const over = await graph.get(link);
    expect(over).toMatchObject({ status: 410, body: { error: { code: 'resyncRequired' } } });
    expect(over.headers.get('location')).toMatch(/\/users\/delta\?\$deltatoken=$/);
    expect(await graph.get('/users/delta?$deltatoken=nonsense')).toMatchObject({
      status: 400,
      body: { error: { code: 'syncStateNotFound' } },
    });
  });

  it('take none of the options of lists', async () => {
    await start({ users: 2 });
    for (const option of ['$top=5', '$orderby=id', '$expand=members']) {
      expect((await graph.get(`/groups/delta?${option}`)).status).toBe(400);
    }
  });

  it('tell deleted groups: for good, but for those of an office suite', async () => {
    await start({});
    await control.change({ groups: [{ name: 'security' }, { name: 'team', kind: 'team' }] });
    const link = linkOf(await graph.pages(GROUPS));
    await control.change({
      groups: [
        { name: 'security', delete: true },
        { name: 'team', delete: true },
      ],
    });
    const rows = (await graph.pages(link)).flatMap(({ value }) => value.map((row) => row['@removed']));
    expect(rows.slice(0, 2)).toEqual([{ reason: 'deleted' }, { reason: 'changed' }]);
  });
});
