import type { SourceUser } from '../../../domain/model';
import type { IdentityProvider } from '../../../connectors/provider';
import { USER_STATUSES } from '../../../simulators/okta/org';
import { all, API_TOKEN, never, reading, simulations } from './support';

const started = simulations();
const users = (provider: IdentityProvider) => all((cursor) => provider.listUsers(cursor, never));
const groups = (provider: IdentityProvider) => all((cursor) => provider.listGroups(cursor, never));
const loginOf = ({ attributes }: SourceUser): string => attributes['login'] as string;
const namesOf = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();

describe('users of an org', () => {
  it('come all, page by page, without those that are deprovisioned', async () => {
    const { provider } = await started({ users: 1_203 });
    const found = await users(provider());
    expect(found).toHaveLength(1_203 - 12);
    expect(new Set(found.map(({ externalId }) => externalId)).size).toBe(found.length);
  });

  it('include deprovisioned ones where the settings say so', async () => {
    const { provider } = await started({ users: 300 });
    const found = await users(provider({ deprovisioned: true }));
    expect(found).toHaveLength(300);
    const gone = found.filter(({ attributes }) => attributes['status'] === 'DEPROVISIONED');
    expect(gone.map(({ active }) => active)).toEqual([false, false, false]);
  });

  it('are active by their status: lock-outs and expired passwords are no leavers, who is pending as the settings say', async () => {
    const { provider, sim } = await started();
    await sim.change({ users: USER_STATUSES.map((status) => ({ login: status, status })) });
    const active = async (pending: string) =>
      (await users(provider({ pending, deprovisioned: true })))
        .filter((user) => user.active)
        .map(loginOf)
        .sort();
    const certain = ['ACTIVE', 'LOCKED_OUT', 'PASSWORD_EXPIRED', 'RECOVERY'];
    expect(await active('inactive')).toEqual(certain);
    expect(await active('active')).toEqual([...certain, 'ACTIVATING', 'PROVISIONED', 'STAGED'].sort());
  });

  it('have their profile beside the built-in attributes, whose names count more', async () => {
    const { provider, sim } = await started();
    const profile = { firstName: ' Anna', lastName: "O'Brien", teams: ['a', 'b'], status: 'on leave', costCenter: 7 };
    await sim.change({ users: [{ login: 'anna@corp.example', profile }, { login: 'bo@corp.example' }] });
    const [anna, bo] = await users(provider());
    expect(anna?.attributes).toMatchObject({
      ...{ login: 'anna@corp.example', firstName: ' Anna', fullName: "Anna O'Brien", teams: ['a', 'b'] },
      ...{ costCenter: 7, status: 'ACTIVE', id: anna?.externalId },
    });
    expect(Object.keys(bo?.attributes ?? {}).sort()).toEqual(
      ['activated', 'created', 'email', 'id', 'lastUpdated', 'login', 'status', 'statusChanged', 'typeId'].sort()
    );
  });

  it('keep their id through a rename, and have a new one when they were made again', async () => {
    const { provider, sim } = await started();
    await sim.change({ users: [{ login: 'anna@corp.example' }, { login: 'bo@corp.example' }] });
    const before = new Map((await users(provider())).map((user) => [loginOf(user), user.externalId]));
    await sim.change({
      users: [
        { login: 'anna@corp.example', profile: { login: 'Bell@Corp.example' } },
        { login: 'bo@corp.example', delete: true },
      ],
    });
    await sim.change({ users: [{ login: 'bo@corp.example' }] });
    const after = new Map((await users(provider())).map((user) => [loginOf(user), user.externalId]));
    expect(after.get('Bell@Corp.example')).toBe(before.get('anna@corp.example'));
    expect(after.get('bo@corp.example')).not.toBe(before.get('bo@corp.example'));
  });

  it('are read to the end although somebody is deleted or made between two pages', async () => {
    const { provider, sim } = await started({ users: 450 });
    const before = await users(provider());
    const gone = before.slice(0, 30).map(loginOf);
    const one = provider();
    const found = await all(
      (cursor) => one.listUsers(cursor, never),
      async (page) => {
        if (page > 1) return;
        const deleted = gone.map((login) => ({ login, delete: true as const }));
        await sim.change({ users: [...deleted, { login: 'new@corp.example' }] });
      }
    );
    const logins = new Set(found.map(loginOf));
    expect(before.map(loginOf).filter((login) => !gone.includes(login) && !logins.has(login))).toEqual([]);
    expect(logins).toContain('new@corp.example');
  });

  it('go on from a cursor in another process, and the cursor names nobody', async () => {
    const { provider } = await started({ users: 450 });
    const first = await provider().listUsers(null, never);
    const rest = await all(async (cursor) => provider().listUsers(cursor ?? first.cursor, never));
    const ids = [...first.items.map(({ record }) => record), ...rest].map(({ externalId }) => externalId);
    expect(new Set(ids).size).toBe(445);
    expect(first.cursor).not.toContain('@');
  });
});

describe('groups of an org', () => {
  it('rule 2.7: are those of Okta and of its apps, without those of the app for Jira itself', async () => {
    const { provider, sim } = await started();
    await sim.change({
      groups: [
        { name: 'staff', description: 'All staff' },
        { name: 'ad-finance', app: 'active_directory' },
        { name: 'jira-admins', app: 'jira_onprem' },
        { name: 'hr-list', app: 'workday' },
      ],
    });
    const read = await groups(provider());
    expect(namesOf(read)).toEqual(['ad-finance', 'hr-list', 'staff']);
    expect(read.find(({ name }) => name === 'ad-finance')?.attributes).toMatchObject({
      ...{ type: 'APP_GROUP', appName: 'active_directory' },
    });
    expect(namesOf(await groups(provider({ groupTypes: ['OKTA_GROUP'] })))).toEqual(['staff']);
    expect(namesOf(await groups(provider({ excludeApps: ['workday'] })))).toEqual(['ad-finance', 'staff']);
    const { appId } = read.find(({ name }) => name === 'hr-list')!.attributes as { appId: string };
    expect(namesOf(await groups(provider({ excludeApps: [appId] })))).toEqual(['ad-finance', 'staff']);
    expect(namesOf(await groups(provider({ groupTypes: ['BUILT_IN'] })))).toEqual(['Everyone']);
  });
});

describe('memberships of an org', () => {
  it('are those of every group that takes part, large ones page by page, from any cursor', async () => {
    const { provider, sim } = await started({ users: 700, groups: 30, perUser: 2 });
    const everybody = await users(provider());
    await sim.change({
      groups: [{ name: 'left-out', app: 'jira_onprem' }],
      users: everybody.map((user) => ({ login: loginOf(user), groups: ['all', 'left-out'] })),
    });
    const byOne = provider();
    const one = await reading(() => byOne);
    const many = await reading(() => provider());
    expect(one.memberships).toHaveLength(everybody.length);
    expect(many).toEqual(one);
    expect(one.incomplete).toEqual([]);
  });

  it('cost nothing for a group without members, and what is left out is not asked for', async () => {
    const { provider, sim } = await started();
    await sim.change({
      groups: [{ name: 'empty' }, { name: 'jira', app: 'jira_onprem' }],
      users: [{ login: 'a@corp.example', groups: ['jira', 'one'] }],
    });
    await sim.reset('stats');
    await reading(() => provider());
    expect((await sim.stats()).calls).toMatchObject({ 'GET /api/v1/groups/{id}/users': 1 });
  });

  it('skip a group that is deleted meanwhile, and call the read incomplete', async () => {
    const { provider, sim } = await started({ users: 20, groups: 20 });
    const one = provider();
    const last = (await groups(one)).at(-1)!.name;
    const { items, cursor } = await one.listMemberships(null, never);
    await sim.change({ groups: [{ name: last, delete: true }] });
    const reasons: string[] = [];
    for (let next = cursor; next !== null;) {
      const page = await one.listMemberships(next, never);
      reasons.push(...(page.incomplete ?? []));
      next = page.cursor;
    }
    expect(items.length).toBeGreaterThan(0);
    expect(reasons).toEqual([expect.stringContaining('20 groups at first, 19 at the end')]);
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

describe('an API token', () => {
  it('reads what the service app reads', async () => {
    const { provider } = await started({ users: 30, groups: 6 });
    expect(await reading(() => provider(API_TOKEN))).toEqual(await reading(() => provider()));
  });
});
