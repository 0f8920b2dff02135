import type { IdentityProvider } from '../../../connectors/provider';
import type { SourceNesting } from '../../../domain/model';
import { all, never, reading, simulations } from './support';

const started = simulations();
const users = (provider: IdentityProvider) => all((cursor) => provider.listUsers(cursor, never));
const groups = (provider: IdentityProvider) => all((cursor) => provider.listGroups(cursor, never));

async function nestings(provider: IdentityProvider): Promise<readonly SourceNesting[]> {
  const found: SourceNesting[] = [];
  for (let cursor: string | null = null, pages = 0; pages === 0 || cursor !== null; pages++) {
    const page = await provider.listMemberships(cursor, never);
    found.push(...(page.nestings ?? []));
    cursor = page.cursor;
  }
  return found;
}

describe('users of a domain', () => {
  it('come all, page by page, and are proved by a second list of their ids', async () => {
    const { provider, sim } = await started({ users: 1_203 });
    const one = provider();
    const found = await reading(() => one);
    expect(found.users.size).toBeGreaterThan(1_100);
    expect(found.incomplete).toEqual([]);
    expect((await sim.stats()).calls['GET /users']).toBe(2 * 3);
  });

  it('are active unless suspended or archived', async () => {
    const { provider, sim } = await started();
    await sim.change({
      users: [
        { email: 'a@example.com' },
        { email: 'b@example.com', suspended: true },
        { email: 'c@example.com', archived: true },
      ],
    });
    expect((await users(provider())).map(({ active }) => active)).toEqual([true, false, false]);
  });

  it('have what the API tells as attributes, and what people look for under plain names', async () => {
    const { provider, sim } = await started();
    await sim.change({
      users: [
        {
          ...{ email: 'anna@example.com', givenName: 'Anna', familyName: 'Bell', orgUnitPath: '/Staff/IT' },
          aliases: ['a@example.com'],
          more: {
            organizations: [{ department: 'old' }, { department: 'IT', title: 'Lead', costCenter: '7', primary: true }],
            externalIds: [
              { type: 'custom', value: 'x' },
              { type: 'organization', value: '000123' },
            ],
            relations: [{ type: 'manager', value: 'boss@example.com' }],
          },
          customSchemas: { hr: { grade: 5 } },
        },
        { email: 'bo@example.com' },
      ],
    });
    const [anna, bo] = await users(provider());
    expect(anna?.attributes).toMatchObject({
      ...{
        givenName: 'Anna',
        familyName: 'Bell',
        fullName: 'Anna Bell',
        department: 'IT',
        title: 'Lead',
        costCenter: '7',
      },
      ...{ employeeNumber: '000123', managerEmail: 'boss@example.com', orgUnitPath: '/Staff/IT', orgUnit: 'IT' },
      ...{ customSchemas: { hr: { grade: 5 } }, aliases: ['a@example.com'] },
    });
    expect(anna?.attributes).not.toHaveProperty('etag');
    expect(bo?.attributes).not.toHaveProperty('department');
  });

  it('have their photo where the settings ask for photos, in a request for each who has one', async () => {
    const { provider, sim } = await started();
    const photo = Buffer.from([255, 254, 251, 239]).toString('base64');
    await sim.change({ users: [{ email: 'a@example.com', photo }, { email: 'b@example.com' }] });
    const [plain] = await users(provider());
    expect(plain?.attributes).not.toHaveProperty('photo');
    const [withPhoto, without] = await users(provider({ photos: true }));
    expect(withPhoto?.attributes['photo']).toBe(photo);
    expect(without?.attributes).not.toHaveProperty('photo');
    expect((await sim.stats()).calls['GET /users/{key}/photos/thumbnail']).toBe(1);
  });

  it('of one domain alone are asked for by that domain', async () => {
    const { provider } = await started({ users: 5 });
    expect((await users(provider({ domain: 'example.com' }))).length).toBe(5);
    await expect(users(provider({ domain: 'other.example' }))).rejects.toMatchObject({ kind: 'configuration' });
  });

  it('go on from a cursor in another process, and the cursor names nobody', async () => {
    const { provider } = await started({ users: 1_100 });
    const first = await provider().listUsers(null, never);
    const rest = await all(async (cursor) => provider().listUsers(cursor ?? first.cursor, never));
    const ids = [...first.items.map(({ record }) => record), ...rest].map(({ externalId }) => externalId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(first.cursor).not.toContain('@');
  });

  it('who come while they are read make the read incomplete, so that nobody is lost unseen', async () => {
    const { provider, sim } = await started({ users: 20 });
    const one = provider();
    const first = await one.listUsers(null, never);
    await sim.change({ users: [{ email: 'new@example.com' }] });
    const proof = await one.listUsers(first.cursor, never);
    expect(proof).toMatchObject({ items: [], cursor: null });
    expect(proof.incomplete).toEqual([expect.stringContaining('at first')]);
  });

  it('are none in an empty domain, where Google sends no list at all', async () => {
    const { provider } = await started();
    const one = provider();
    expect(await reading(() => one)).toEqual({ users: new Map(), groups: new Map(), memberships: [], incomplete: [] });
  });
});

describe('groups of a domain', () => {
  it('rule 2.7: are named by the local part of their address', async () => {
    const { provider, sim } = await started();
    await sim.change({ groups: [{ email: 'jira-users@example.com', name: 'Jira: everybody', description: 'd' }] });
    const [group] = await groups(provider());
    expect(group).toMatchObject({
      name: 'jira-users',
      attributes: { email: 'jira-users@example.com', displayName: 'Jira: everybody', description: 'd' },
    });
  });
});

describe('memberships of a domain', () => {
  it('are the direct ones of every group, from any cursor; who is from outside is counted and is nobody', async () => {
    const { provider, sim } = await started({ users: 500, groups: 20, perUser: 2 });
    const everybody = await users(provider());
    await sim.change({
      users: everybody.map(({ attributes }) => ({
        email: attributes['primaryEmail'] as string,
        groups: ['all@example.com', 'some@example.com'],
      })),
      groups: [{ email: 'all@example.com', external: ['x@partner.example', 'y@partner.example'], everybody: true }],
    });
    const byOne = provider();
    const one = await reading(() => byOne);
    expect(one.memberships).toHaveLength(2 * everybody.length);
    expect(one.incomplete).toEqual([]);
    expect(await reading(() => provider())).toEqual(one);
  });

  it('rule 2.8: tell which group lies in which, unless nested groups are ignored', async () => {
    const { provider, sim } = await started();
    await sim.change({
      users: [{ email: 'anna@example.com', groups: ['inner@example.com'] }],
      groups: [{ email: 'outer@example.com', groups: ['inner@example.com'] }],
    });
    const ids = new Map((await groups(provider())).map(({ name, externalId }) => [name, externalId]));
    expect(await nestings(provider())).toEqual([{ groupId: ids.get('outer'), childId: ids.get('inner') }]);
    expect(await nestings(provider({ nested: 'ignore' }))).toEqual([]);
    expect(provider().capabilities.nested).toBe(true);
    expect(provider({ nested: 'ignore' }).capabilities.nested).toBe(false);
  });

  it('cost nothing for a group without members', async () => {
    const { provider, sim } = await started();
    await sim.change({
      groups: [{ email: 'empty@example.com' }],
      users: [{ email: 'a@example.com', groups: ['b@example.com'] }],
    });
    const one = provider();
    await reading(() => one);
    expect((await sim.stats()).calls['GET /groups/{key}/members']).toBe(1);
  });
});

describe('cursors that are not known', () => {
  it.each(['', 'x', '{}', '{"next":1}'])('%j is refused, not read from the start', async (cursor) => {
    const { provider } = await started();
    const one = provider();
    for (const read of [
      one.listUsers(cursor, never),
      one.listGroups(cursor, never),
      one.listMemberships(cursor, never),
    ]) {
      await expect(read).rejects.toMatchObject({ kind: 'cursorExpired' });
    }
  });
});
