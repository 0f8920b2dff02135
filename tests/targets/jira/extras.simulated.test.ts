import { groupsOf, input, simulations } from './simulated';
import { all, never, targetFor } from './support';

const start = simulations();

describe('against a simulated Jira', () => {
  it('keeps properties by key, through a rename', async () => {
    const { sim, target } = await start();
    const { key } = await target.createUser(input('fred'), never());
    expect(await target.properties?.keepExternalId(key, 'id-1', never())).toBe('written');
    await target.updateUser(key, { username: 'freddy' }, never());
    expect(await target.properties?.keepExternalId(key, 'id-1', never())).toBe('unchanged');
    expect(await target.properties?.read(key, 'other', never())).toBeNull();
    const fred = (await sim.users()).find((user) => user.name === 'freddy');
    expect(fred?.properties).toEqual({ 'rollcall.externalId': 'id-1' });
    await target.properties?.remove(key, 'rollcall.externalId', never());
    expect(await target.properties?.read(key, 'rollcall.externalId', never())).toBeNull();
  });

  it('names who leads projects and components', async () => {
    const { sim, target } = await start();
    const { key } = await target.createUser(input('fred'), never());
    await sim.change({
      projects: [{ key: 'ABC', lead: 'fred', components: [{ name: 'UI', lead: 'fred' }, { name: 'API' }] }],
    });
    expect(await target.departures?.projectLeads(never())).toContainEqual({
      project: 'ABC',
      leadKey: key,
      leadUsername: 'fred',
    });
    expect(await target.departures?.componentLeads('ABC', never())).toEqual([
      { component: 'UI', leadKey: key, leadUsername: 'fred' },
    ]);
  });

  it('hands a project to another lead, and to nobody who is not there', async () => {
    const { sim, target } = await start();
    for (const name of ['fred', 'ann']) await target.createUser(input(name), never());
    await sim.change({ projects: [{ key: 'ABC', lead: 'fred' }] });
    await target.departures?.replaceLead('ABC', 'ann', never());
    expect(await target.departures?.projectLeads(never())).toContainEqual(
      expect.objectContaining({ project: 'ABC', leadUsername: 'ann' })
    );
    await expect(target.departures?.replaceLead('ABC', 'nobody', never())).rejects.toMatchObject({ kind: 'invalid' });
    await expect(target.departures?.replaceLead('GONE', 'ann', never())).rejects.toMatchObject({ kind: 'notFound' });
  });

  it('counts seats as accounts enter and leave a licensed group', async () => {
    const { target } = await start({ seats: 10 });
    const seats = async () => (await target.licences!.read(never())).find((one) => one.application === 'jira-software');
    const before = await seats();
    expect(before?.groups).toContain('jira-software-users');
    await target.createUser(input('fred'), never());
    await target.addMember('jira-software-users', 'fred', never());
    const after = await seats();
    expect(after?.used).toBe((before?.used ?? 0) + 1);
    expect(after?.remaining).toBe((before?.remaining ?? 0) - 1);
    expect((await (await start()).target.licences!.read(never()))[0]).toMatchObject({ seats: null, remaining: null });
  });

  it('keeps organizations, and touches no customer it is not told', async () => {
    const { sim, target } = await start({ applications: ['jira-software', 'jira-servicedesk'] });
    for (const name of ['fred', 'ann', 'customer']) await target.createUser(input(name), never());
    await sim.change({ organizations: [{ name: 'ACME', members: ['customer'] }] });
    const organizations = target.organizations!;
    const [acme] = (await all((cursor) => organizations.list(cursor, never()))).filter(({ name }) => name === 'ACME');
    const members = async (id: string) =>
      (await all((cursor) => organizations.listUsers(id, cursor, never()))).map((user) => user.username).sort();
    await organizations.addUsers(acme!.id, ['fred', 'ann'], never());
    await organizations.addUsers(acme!.id, ['fred'], never());
    expect(await members(acme!.id)).toEqual(['ann', 'customer', 'fred']);
    await organizations.removeUsers(acme!.id, ['ann'], never());
    await organizations.removeUsers(acme!.id, ['ann'], never());
    expect(await members(acme!.id)).toEqual(['customer', 'fred']);
    const created = await organizations.create('New Ltd', never());
    expect(await members(created.id)).toEqual([]);
    const steps = await target.test(never());
    expect(steps.find((step) => step.name === 'organizations')).toMatchObject({ ok: true, remedy: null });
  });

  it('ends sessions, of nobody too', async () => {
    const { target } = await start();
    await target.createUser(input('fred'), never());
    await target.departures?.endSessions('fred', never());
    await target.departures?.endSessions('nobody', never());
    expect(await target.findByUsername('fred', never())).toMatchObject({ active: true });
  });

  it('finds by address, counts active members and reads groups with the account', async () => {
    const { sim, target } = await start({ users: 30 });
    const { key } = await target.createUser(input('fred', { email: 'Fred@Corp.com' }), never());
    await target.createUser(input('old', { email: 'fred@corp.com' }), never());
    await sim.change({ users: [{ name: 'old', active: false, groups: ['crew'] }], groups: ['crew'] });
    await target.addMember('crew', 'fred', never());
    const found = await target.findByEmail('fred@corp.com', never());
    expect(found.map((user) => user.username).sort()).toEqual(['fred', 'old']);
    expect(await target.countActiveMembers('crew', never())).toBe(1);
    expect(await target.countActiveMembers('no such group', never())).toBeNull();
    expect(await target.findWithGroups(key, never())).toMatchObject({
      account: { username: 'fred' },
      groups: ['crew'],
    });
    expect(await target.findWithGroups('NOBODY', never())).toBeNull();
    expect(await groupsOf(sim, 'fred')).toEqual(['crew']);
  });

  it('sets a picture once', async () => {
    const { sim, target } = await start();
    const account = await target.createUser(input('fred'), never());
    const image = { type: 'image/png', bytes: Buffer.from('iVBORw0KGgo=', 'base64') };
    expect(await target.avatars?.set(account, image, never())).toBe('set');
    const { calls } = await sim.stats();
    expect(await target.avatars?.set(account, image, never())).toBe('unchanged');
    const again = (await sim.stats()).calls;
    expect({ ...again, 'GET /user/properties/{propertyKey}': 0 }).toEqual({
      ...calls,
      'GET /user/properties/{propertyKey}': 0,
    });
  });

  it('anonymizes and deletes accounts only through the methods that were asked for', async () => {
    const { url, sim, target } = await start();
    const erasing = targetFor(url, {}, { erasure: true });
    const fred = await target.createUser(input('fred'), never());
    const ann = await target.createUser(input('ann'), never());
    const { key: owner } = await target.syncAccount(never());
    expect(await erasing.erasure?.deleteUser(ann, never())).toBe('deleted');
    expect(await erasing.erasure?.deleteUser(ann, never())).toBe('gone');
    const task = await erasing.erasure!.startAnonymization(fred, owner, never());
    while ((await erasing.erasure!.anonymization(task, never())) === 'running');
    expect(await erasing.erasure?.anonymization(task, never())).toBe('done');
    const left = (await sim.users()).map((user) => user.name);
    expect(left).not.toEqual(expect.arrayContaining(['fred']));
    expect(left).not.toEqual(expect.arrayContaining(['ann']));
    await erasing.close();
  });
});
