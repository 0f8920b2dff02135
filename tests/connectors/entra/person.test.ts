import type { SourceGroup } from '../../../domain/model';
import { never, simulations } from './support';

describe('single people and groups of a tenant', () => {
  const simulate = simulations();

  it('looks up by id, and calls absent only whom Graph itself does not know', async () => {
    const { provider, sim, simulator } = await simulate({ users: 30 });
    const [person] = simulator.directory.organization.people.values();
    const own = provider();
    const found = await own.lookUpUsers([person?.id ?? '', 'nobody'], never);
    expect(found.get(person?.id ?? '')).toMatchObject({ found: { externalId: person?.id, active: true } });
    expect(found.get('nobody')).toBe('absent');
    await sim.addFault({ kind: 'forbidden', match: { endpoint: 'GET /users/{id}' } });
    expect((await own.lookUpUsers(['nobody'], never)).get('nobody')).toBe('unknown');
  });

  it('takes no part of a batch that was not answered for an absence', async () => {
    const { provider, sim } = await simulate({ users: 30 });
    await sim.addFault({ kind: 'http503', match: { endpoint: 'GET /users/{id}' } });
    await expect(provider().lookUpUsers(['nobody'], never)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('finds a guest by id though guests take no part: he is there', async () => {
    const { provider, simulator } = await simulate({ users: 20 });
    const guest = [...simulator.directory.organization.people.values()].find(({ kind }) => kind === 'guest');
    const found = await provider().lookUpUsers([guest?.id ?? ''], never);
    expect(found.get(guest?.id ?? '')).toMatchObject({ found: { externalId: guest?.id } });
  });

  it('looks groups up by id', async () => {
    const { provider, simulator } = await simulate({ groups: 2 });
    const [group] = simulator.directory.organization.groups.values();
    const found = await provider().lookUpGroups([group?.id ?? '', 'none'], never);
    expect([...found.values()]).toEqual(['present', 'absent']);
  });

  it('finds by userPrincipalName or mail, letter case aside', async () => {
    const { provider, sim } = await simulate();
    await sim.change({ users: [{ login: "o'neill@corp.example", email: "O'Neill@Corp.example" }] });
    const own = provider();
    const upn = await own.findUsers('username', " O'NEILL@corp.example ", never);
    expect(upn.map(({ attributes }) => attributes['userPrincipalName'])).toEqual(["o'neill@corp.example"]);
    expect(await own.findUsers('email', "o'neill@corp.example", never)).toHaveLength(1);
    expect(await own.findUsers('email', 'nobody@corp.example', never)).toEqual([]);
    expect(await own.findUsers('email', '  ', never)).toEqual([]);
  });

  it('tells the groups of one person, with those above where nested groups are flattened', async () => {
    const { provider, sim, simulator } = await simulate();
    await sim.change({
      groups: [
        { name: 'outer', groups: ['inner'] },
        { name: 'team', kind: 'team' },
      ],
      users: [{ login: 'a@corp.example', groups: ['inner', 'team'] }],
    });
    const [person] = simulator.directory.organization.people.values();
    const names = (groups: readonly SourceGroup[] | 'unknown') =>
      groups === 'unknown' ? groups : groups.map(({ name }) => name).sort();
    expect(names(await provider().groupsOf(person?.id ?? '', never))).toEqual(['inner', 'outer']);
    expect(names(await provider({ nested: 'ignore' }).groupsOf(person?.id ?? '', never))).toEqual(['inner']);
    expect(await provider().groupsOf('nobody', never)).toBe('unknown');
  });
});

describe('the connection test of a tenant', () => {
  const simulate = simulations();

  it('goes through log-in, users, groups, memberships and a sample', async () => {
    const { provider } = await simulate({ users: 30, groups: 10 });
    const steps = await provider().test(never);
    expect(steps.map(({ name, ok }) => [name, ok])).toEqual([
      ['login', true],
      ['users', true],
      ['groups', true],
      ['memberships', true],
      ['hidden memberships', true],
      ['sample', true],
    ]);
    expect(steps[0]?.detail).toContain('permissions: GroupMember.Read.All, User.Read.All');
    expect(steps[1]?.detail).toBe('30 users, guests included');
    expect(steps.at(-1)?.detail).toContain('userPrincipalName');
    expect(steps.at(-1)?.detail).not.toContain('@');
  });

  it('stops at a log-in that is refused, and says where the secret is found', async () => {
    const { provider } = await simulate({ users: 1 });
    const steps = await provider({ clientSecret: 'x' }).test(never);
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({ ok: false, remedy: expect.stringContaining('Certificates & secrets') });
  });

  it('says permission by permission what is missing', async () => {
    const { provider, sim } = await simulate({ users: 3, groups: 3 });
    await sim.change({ permissions: [], expireTokens: true });
    const steps = await provider().test(never);
    expect(steps.filter(({ ok }) => !ok).map(({ name, remedy }) => [name, remedy])).toEqual([
      ['users', expect.stringContaining('Add User.Read.All')],
      ['groups', expect.stringContaining('Add GroupMember.Read.All')],
    ]);
  });

  it('warns of groups that hide their members', async () => {
    const { provider, sim } = await simulate({ users: 1 });
    await sim.change({ groups: [{ name: 'secret', hidden: true }] });
    const step = (await provider().test(never)).find(({ name }) => name === 'hidden memberships');
    expect(step).toMatchObject({ ok: false, remedy: expect.stringContaining('Member.Read.Hidden') });
  });

  it('warns of a secret whose last day is near', async () => {
    const { provider } = await simulate({ users: 1 });
    const soon = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
    const steps = await provider({ clientSecretExpires: soon }).test(never);
    expect(steps.at(-1)).toMatchObject({ name: 'expiry', ok: false, detail: expect.stringContaining(soon) });
  });
});
