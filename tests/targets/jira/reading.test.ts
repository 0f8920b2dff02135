import { simulations } from './simulated';
import { all, never, refusal, targetFor } from './support';

const start = simulations();

describe('reading from Jira 9.12', () => {
  it('says what it can do and who calls', async () => {
    const { target } = await start({ contextPath: '/jira' });
    expect(await target.capabilities(never())).toMatchObject({
      listUsers: 'full',
      canDeactivate: true,
      canRename: true,
    });
    expect(await target.syncAccount(never())).toMatchObject({ key: 'JIRAUSER10000', username: 'admin', active: true });
  });

  it('lists every account once, the inactive ones too', async () => {
    const { sim, target } = await start({ users: 2_300 });
    await sim.change({ users: [{ name: 'sleeper', active: false }] });
    const users = await all((cursor) => target.listUsers(cursor, never()));
    const there = await sim.users();
    expect(users.map((user) => user.key).sort()).toEqual(there.map((user) => user.key).sort());
    expect(users.find((user) => user.username === 'sleeper')).toMatchObject({ active: false });
  });

  it('lists every member of a group, the inactive ones too', async () => {
    const { sim, target } = await start({ users: 130 });
    await sim.change({ users: [{ name: 'sleeper', active: false, groups: ['jira-software-users'] }] });
    const members = await all((cursor) => target.listMembers('jira-software-users', cursor, never()));
    expect(members).toHaveLength(133);
    expect(members.some((user) => user.username === 'sleeper')).toBe(true);
  });

  it.each(['en', 'de', 'fr'] as const)('tells what is not there in any language (%s)', async (locale) => {
    const { target } = await start({ locale });
    expect(await target.findByKey('JIRAUSER99999', never())).toBeNull();
    expect(await target.findByUsername('nobody', never())).toBeNull();
    expect(await target.groupsOf('JIRAUSER99999', never())).toBeNull();
    expect(await target.listMembers('no-group', null, never())).toBeNull();
    expect(await target.groupExists('no-group', never())).toBe(false);
  });

  it('rule 1.5: finds names in any case', async () => {
    const { target } = await start();
    expect(await target.findByUsername('MEMBER', never())).toMatchObject({ username: 'member' });
    expect(await target.groupExists('JIRA-Software-Users', never())).toBe(true);
  });

  it('knows all groups of an account', async () => {
    const { target } = await start();
    const { key } = await target.syncAccount(never());
    expect([...((await target.groupsOf(key, never())) ?? [])].sort()).toEqual([
      'jira-administrators',
      'jira-software-users',
    ]);
  });

  it('fails when the context path is missing instead of finding nobody', async () => {
    const { url } = await start({ contextPath: '/jira' });
    const lost = targetFor(new URL(url).origin);
    for (const read of [lost.findByKey('K', never()), lost.groupExists('g', never()), lost.listUsers(null, never())]) {
      expect((await refusal(read)).kind).toBe('configuration');
    }
    await lost.close();
  });

  it.each([
    ['an unknown token', { type: 'pat', token: 'unknown' }],
    ['an expired token', { type: 'pat', token: 'sim-token-expired' }],
    ['a wrong password', { type: 'basic', username: 'admin', password: 'wrong' }],
  ] as const)('fails with %s instead of finding nobody', async (_name, auth) => {
    const { url } = await start();
    const stranger = targetFor(url, { auth });
    for (const read of [stranger.findByUsername('member', never()), stranger.syncAccount(never())]) {
      expect((await refusal(read)).kind).toBe('authentication');
    }
    await stranger.close();
  });

  it('works with Basic', async () => {
    const { url } = await start();
    const basic = targetFor(url, { auth: { type: 'basic', username: 'admin', password: 'admin' } });
    expect(await basic.syncAccount(never())).toMatchObject({ username: 'admin' });
    await basic.close();
  });

  it('never has more requests open than allowed', async () => {
    const { sim, target } = await start();
    await sim.addFault({ kind: 'slow', delayMs: 20 });
    await Promise.all(Array.from({ length: 24 }, () => target.findByUsername('member', never())));
    expect((await sim.stats()).maxConcurrency).toBeLessThanOrEqual(4);
  });
});
