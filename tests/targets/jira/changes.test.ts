import { input, simulations } from './simulated';
import { never, refusal, targetFor } from './support';

const start = simulations();

describe('changing an account', () => {
  it('writes only what is given, and answers what Jira then holds', async () => {
    const { sim, target } = await start();
    const { key } = await target.createUser(input('fred'), never());
    expect(await target.updateUser(key, { displayName: 'Frédéric' }, never())).toMatchObject({
      email: 'fred@example.com',
      displayName: 'Frédéric',
    });
    expect(await target.updateUser(key, { email: 'f2@example.com' }, never())).toMatchObject({
      email: 'f2@example.com',
    });
    expect(await target.updateUser(key, { active: false }, never())).toMatchObject({ active: false });
    expect(await target.updateUser(key, { active: true }, never())).toMatchObject({ active: true });
    const { updated, renamed, deactivated, reactivated } = await sim.stats();
    expect({ updated, renamed, deactivated, reactivated }).toEqual({
      updated: 2,
      renamed: 0,
      deactivated: 1,
      reactivated: 1,
    });
  });

  it('renames by key, which stays', async () => {
    const { target } = await start();
    const { key } = await target.createUser(input('fred'), never());
    expect(await target.updateUser(key, { username: 'frederic' }, never())).toMatchObject({
      key,
      username: 'frederic',
    });
    expect(await target.updateUser(key, { username: 'Frederic' }, never())).toMatchObject({
      key,
      username: 'Frederic',
    });
    expect(await target.findByUsername('fred', never())).toBeNull();
  });

  it.each(['en', 'de'] as const)('rule 1.7: does not take a name that another account has (%s)', async (locale) => {
    const { target } = await start({ locale });
    const { key } = await target.createUser(input('fred'), never());
    expect((await refusal(target.updateUser(key, { username: 'Member' }, never()))).kind).toBe('exists');
    expect((await refusal(target.updateUser(key, { username: 'a>b' }, never()))).kind).toBe('invalid');
  });

  it('sends nothing when nothing changes', async () => {
    const { sim, target } = await start();
    const { key } = await target.createUser(input('fred'), never());
    expect(await target.updateUser(key, {}, never())).toMatchObject({ key, username: 'fred' });
    expect((await sim.stats()).calls['PUT /user']).toBeUndefined();
  });

  it('says when the account is gone', async () => {
    const { target } = await start({ locale: 'fr' });
    expect((await refusal(target.updateUser('JIRAUSER99999', { active: false }, never()))).kind).toBe('notFound');
    expect((await refusal(target.updateUser('JIRAUSER99999', {}, never()))).kind).toBe('notFound');
  });

  it.each([400, 403, 409] as const)(
    'rule 3.5: a project lead stays active, with a refusal that names nobody (status %d)',
    async (leadRefusalStatus) => {
      const { sim, target } = await start({ behaviour: { leadRefusalStatus } });
      const { key } = await target.createUser(input('leader'), never());
      await sim.change({ projects: [{ key: 'ABC', lead: 'leader' }] });
      const error = await refusal(target.updateUser(key, { active: false }, never()));
      expect(error).toMatchObject({ kind: 'invalid', status: leadRefusalStatus });
      expect(error.message).not.toContain('leader');
    }
  );

  it.each([
    [400, 'en'],
    [403, 'de'],
    [400, 'fr'],
  ] as const)(
    'rule 3.8: an account of which nothing can be written is read-only, whatever Jira says (status %d, %s)',
    async (readOnlyStatus, locale) => {
      const { sim, target } = await start({ locale, directories: 'ldap-second', behaviour: { readOnlyStatus } });
      await sim.change({ users: [{ name: 'fred', displayName: 'Fred', directory: 'ldap' }] });
      const { key } = (await target.findByUsername('fred', never()))!;
      for (const change of [{ active: false }, { displayName: 'F' }, { username: 'freddy' }, { email: 'f@x.org' }]) {
        const error = await refusal(target.updateUser(key, change, never()));
        expect(error).toMatchObject({ kind: 'readOnly', status: readOnlyStatus });
      }
      expect(await target.findByKey(key, never())).toMatchObject({
        username: 'fred',
        displayName: 'Fred',
        active: true,
      });
    }
  );

  it('rule 3.8: a refusal to somebody who is no system administrator may be one of rank; to one who is, never', async () => {
    const { sim, url, target } = await start({ directories: 'ldap-second' });
    await sim.change({
      groups: ['jira-plain-administrators'],
      users: [{ name: 'fred', directory: 'ldap' }, { name: 'plain' }, { name: 'boss' }],
      memberships: {
        add: [
          { user: 'plain', group: 'jira-plain-administrators' },
          { user: 'boss', group: 'jira-administrators' },
        ],
      },
      tokens: [{ token: 'plain', user: 'plain' }],
    });
    const plain = targetFor(url, { auth: { type: 'pat', token: 'plain' } });
    const keyOf = async (name: string): Promise<string> => (await target.findByUsername(name, never()))?.key ?? '';
    const change = { displayName: 'F' };
    expect(await refusal(target.updateUser(await keyOf('fred'), change, never()))).toMatchObject({
      kind: 'readOnly',
      byRank: false,
    });
    for (const name of ['fred', 'boss']) {
      const error = await refusal(plain.updateUser(await keyOf(name), change, never()));
      expect(error).toMatchObject({ kind: 'readOnly', byRank: true });
    }
    await plain.close();
  });

  it('rule 3.8: a wrong value in a directory that can be written is the value', async () => {
    const { target } = await start();
    const { key } = await target.createUser(input('fred'), never());
    expect((await refusal(target.updateUser(key, { email: 'nowhere' }, never()))).kind).toBe('invalid');
    expect(await target.findByKey(key, never())).toMatchObject({ displayName: 'Display fred', active: true });
  });

  it('rule 3.8: a refusal to an administrator where nothing can be created means the directory', async () => {
    const { sim, target } = await start({ locale: 'de' });
    await sim.addFault({ kind: 'read-only-directory' });
    expect((await refusal(target.createUser(input('new'), never()))).kind).toBe('readOnly');
    expect((await refusal(target.createGroup('new', never()))).kind).toBe('readOnly');
  });

  it('a refusal to somebody else means that he may not', async () => {
    const { url } = await start();
    const member = targetFor(url, { auth: { type: 'basic', username: 'member', password: 'member' } });
    expect((await refusal(member.updateUser('JIRAUSER10000', { active: false }, never()))).kind).toBe('permission');
    expect((await refusal(member.listMembers('jira-administrators', null, never()))).kind).toBe('permission');
    await member.close();
  });

  it.each(['http500-after', 'drop-after'] as const)(
    'a lost answer is ambiguous, and the change is done (%s)',
    async (kind) => {
      const { sim, target } = await start();
      const { key } = await target.createUser(input('fred'), never());
      await sim.addFault({ kind, match: { endpoint: 'PUT /user' } });
      expect((await refusal(target.updateUser(key, { active: false }, never()))).kind).toBe('ambiguous');
      expect(await target.findByKey(key, never())).toMatchObject({ active: false });
    }
  );

  it.each(['http500-before', 'drop-before', 'html-502'] as const)(
    'a failure before the effect is ambiguous too (%s)',
    async (kind) => {
      const { sim, target } = await start();
      await sim.addFault({ kind });
      expect((await refusal(target.updateUser('JIRAUSER10100', { active: false }, never()))).kind).toBe('ambiguous');
    }
  );

  it('a failed login as an empty 200 is no success', async () => {
    const { sim, target } = await start();
    await sim.addFault({ kind: 'empty-200' });
    expect((await refusal(target.removeMember('jira-software-users', 'member', never()))).kind).toBe('authentication');
    expect((await refusal(target.updateUser('JIRAUSER10100', { active: false }, never()))).kind).toBe('authentication');
  });

  it('a throttled request says how long to wait', async () => {
    const { target } = await start({ rateLimit: { limit: 1, fillRate: 1, intervalSeconds: 60 } });
    await target.findByUsername('member', never());
    const error = await refusal(target.findByUsername('member', never()));
    expect(error).toMatchObject({ kind: 'rateLimited', status: 429, retryAfterMs: 60_000 });
  });

  it('a blocked account is told so', async () => {
    const { target } = await start({ rateLimit: { limit: 0, fillRate: 0, intervalSeconds: 1 } });
    const error = await refusal(target.findByUsername('member', never()));
    expect(error.kind).toBe('configuration');
    expect(error.message).toMatch(/blocked by administrator/);
  });
});
