import type { JiraSimulatorOptions } from '../../../simulators/jira/options';
import { basic, person, send, useJira, withJira } from './support';

describe('a read-only LDAP directory before the internal one', () => {
  const jira = useJira({ directories: 'ldap-first' });
  beforeEach(async () => {
    await jira().control.change({
      groups: [{ name: 'ldap-group', directory: 'ldap' }, 'local-group'],
      users: [{ name: 'lee', directory: 'ldap', password: 'lee', groups: ['ldap-group'] }],
    });
  });

  it('refuses every change of its users, and changes nothing', async () => {
    const before = await jira().control.users();
    const statuses = [
      await jira().put('/user?username=lee', { displayName: 'L' }),
      await jira().put('/user?username=lee', { active: false }),
      await jira().del('/user?username=lee'),
      await jira().put('/user/password?username=lee', { password: 'x' }),
      await jira().post('/user/application?username=lee&applicationKey=jira-software'),
      await jira().put('/myself', { displayName: 'L' }, { headers: basic('lee', 'lee') }),
    ].map((reply) => reply.status);
    expect(statuses).toEqual([403, 403, 403, 403, 403, 403]);
    expect((await jira().post('/user/anonymization', { userKey: keyOf(before, 'lee') })).status).toBe(400);
    expect(await jira().control.users()).toEqual(before);
  });

  it('refuses memberships of its users and of its groups', async () => {
    const add = (group: string, name: string) => jira().post(`/group/user?groupname=${group}`, { name });
    expect((await add('local-group', 'lee')).status).toBe(403);
    expect((await add('ldap-group', 'member')).status).toBe(403);
    expect((await add('local-group', 'member')).status).toBe(201);
    expect((await jira().del('/group/user?groupname=ldap-group&username=lee')).status).toBe(403);
    expect((await jira().del('/group?groupname=ldap-group')).status).toBe(403);
  });

  it('leaves new users and groups to the internal one, and properties to Jira', async () => {
    expect((await jira().post('/user', person('new'))).status).toBe(201);
    expect((await jira().put('/user?username=new', { displayName: 'N' })).status).toBe(200);
    expect((await jira().post('/group', { name: 'new-group' })).status).toBe(201);
    expect((await jira().put('/user/properties/p?username=lee', 1)).status).toBe(201);
    expect((await jira().post('/user', person('LEE'))).status).toBe(400);
    const directories = (await jira().control.users()).map(({ name, directoryId }) => [name, directoryId]);
    expect(directories).toEqual([
      ['admin', 1],
      ['lee', 10000],
      ['member', 1],
      ['new', 1],
    ]);
  });

  it('is read-only for applications too', async () => {
    const headers = { ...basic('rollcall', 'rollcall-secret'), Accept: 'application/json' };
    const url = `${jira().url}/rest/usermanagement/1/user?username=lee`;
    const reply = await send(url, 'PUT', { headers, body: { name: 'lee', active: false } });
    expect([reply.status, reply.body]).toEqual([
      403,
      { reason: 'UNSUPPORTED_OPERATION', message: 'This directory is read-only' },
    ]);
  });
});

describe('an LDAP directory with local groups', () => {
  it('allows memberships of its users in groups that Jira keeps, and nothing else', async () => {
    await withJira({ directories: 'ldap-second', ldapGroups: 'local' }, async (jira) => {
      await jira.control.change({
        groups: [{ name: 'ldap-group', directory: 'ldap' }],
        users: [{ name: 'lee', directory: 'ldap' }],
      });
      expect((await jira.post('/group/user?groupname=jira-software-users', { name: 'lee' })).status).toBe(201);
      expect((await jira.post('/group/user?groupname=ldap-group', { name: 'lee' })).status).toBe(403);
      expect((await jira.put('/user?username=lee', { active: false })).status).toBe(403);
    });
  });
});

describe('a user in two directories', () => {
  const layouts = [
    ['ldap-first', 10000, 1],
    ['ldap-second', 1, 10000],
  ] as const;

  it.each(layouts)('with %s is the one of directory %d', async (directories, first, second) => {
    await withJira({ directories }, async (jira) => {
      await jira.control.change({ users: [{ name: 'twin', inBothDirectories: true }] });
      const twins = (await jira.control.users()).filter(({ name }) => name === 'twin');
      expect(twins.map(({ directoryId }) => directoryId)).toEqual([first]);
      expect((await jira.get('/user/duplicated/list')).body).toMatchObject({
        twin: [
          { directoryId: first, userActive: true },
          { directoryId: second, userActive: true },
        ],
      });
      expect((await jira.get('/user/duplicated/count')).body).toEqual({ count: 1 });
    });
  });

  it('comes back as the other one when the first is deleted, under the same key and in no group', async () => {
    await withJira({ directories: 'ldap-second' }, async (jira) => {
      await jira.control.change({ users: [{ name: 'twin', inBothDirectories: true, groups: ['g'] }] });
      const key = keyOf(await jira.control.users(), 'twin');
      expect((await jira.del('/user?username=twin')).status).toBe(204);
      const shadow = (await jira.control.users()).find(({ name }) => name === 'twin');
      expect(shadow).toMatchObject({ key, directoryId: 10000, groups: [] });
      expect((await jira.del('/user?username=twin')).status).toBe(403);
    });
  });

  it('is two users once the first is renamed', async () => {
    await withJira({ directories: 'ldap-second' }, async (jira) => {
      await jira.control.change({ users: [{ name: 'twin', inBothDirectories: true }] });
      const key = keyOf(await jira.control.users(), 'twin');
      expect((await jira.put('/user?username=twin', { name: 'renamed' })).body).toMatchObject({ key });
      const users = new Map((await jira.control.users()).map((user) => [user.name, user.key]));
      expect(users.get('renamed')).toBe(key);
      expect(users.has('twin')).toBe(true);
      expect(users.get('twin')).not.toBe(key);
    });
  });

  it('is counted from memory for ten minutes unless a fresh count is asked for', async () => {
    let nowMs = Date.parse('2025-03-01T00:00:00Z');
    await withJira({ directories: 'ldap-first', now: () => nowMs }, async (jira) => {
      const count = async (query = '') => (await jira.get(`/user/duplicated/count${query}`)).body;
      expect(await count()).toEqual({ count: 0 });
      await jira.control.change({ users: [{ name: 'twin', inBothDirectories: true }] });
      expect(await count()).toEqual({ count: 0 });
      expect(await count('?flush=true')).toEqual({ count: 1 });
      await jira.control.change({ users: [{ name: 'second', inBothDirectories: true }] });
      nowMs += 10 * 60 * 1000;
      expect(await count()).toEqual({ count: 2 });
    });
  });
});

describe('generated users and groups', () => {
  it('are spread over both directories, some of them in both', async () => {
    await withJira({ directories: 'ldap-first', users: 20, groups: 8 }, async (jira) => {
      const ofLdap = (await jira.control.users()).filter(({ directoryId }) => directoryId === 10000);
      expect(ofLdap).toHaveLength(10);
      expect((await jira.get('/user/duplicated/count')).body).toEqual({ count: 2 });
    });
  });
});

describe('an installation with one directory', () => {
  it('has no other to change behind our back', async () => {
    await withJira({}, async (jira) => {
      await expect(jira.control.change({ users: [{ name: 'lee', directory: 'ldap' }] })).rejects.toThrow('no LDAP');
      await expect(jira.control.change({ users: [{ name: 'x', inBothDirectories: true }] })).rejects.toThrow(
        'only one'
      );
    });
  });
});

describe('seats', () => {
  it('are taken by active users in any group of an application, each once', async () => {
    await withJira(licensed({ seats: { 'jira-software': 5, 'jira-servicedesk': 1 } }), async (jira) => {
      await jira.control.change({
        groups: [{ name: 'jira-software-users', children: ['inside'] }],
        users: [
          { name: 'inner', groups: ['inside', 'jira-administrators'] },
          { name: 'off', active: false, groups: ['jira-software-users'] },
        ],
      });
      expect((await jira.get('/applicationrole')).body).toMatchObject([
        { key: 'jira-software', numberOfSeats: 5, userCount: 3, remainingSeats: 2, selectedByDefault: true },
        { key: 'jira-servicedesk', numberOfSeats: 1, userCount: 1, remainingSeats: 0, selectedByDefault: false },
      ]);
    });
  });

  it('are asked for by application too', async () => {
    await withJira({ seats: 3 }, async (jira) => {
      expect((await jira.get('/applicationrole/jira-software')).body).toMatchObject({ remainingSeats: 1 });
      expect((await jira.get('/applicationrole/jira-servicedesk')).status).toBe(404);
    });
  });

  it('are free again when a user is deactivated', async () => {
    await withJira({ seats: 2 }, async (jira) => {
      const path = '/user/application?username=fred&applicationKey=jira-software';
      await jira.control.change({ users: [{ name: 'fred' }] });
      expect((await jira.post(path)).status).toBe(400);
      await jira.put('/user?username=member', { active: false });
      expect((await jira.post(path)).status).toBe(200);
    });
  });

  it('of one application do not count for another, and keys may name several', async () => {
    await withJira(licensed({ seats: { 'jira-servicedesk': 1 } }), async (jira) => {
      const applicationKeys = ['jira-software', 'jira-servicedesk'];
      expect((await jira.post('/user', { ...person('fred'), applicationKeys })).status).toBe(201);
      const fred = (await jira.control.users()).find(({ name }) => name === 'fred');
      expect(fred?.groups).toEqual(['jira-software-users']);
    });
  });

  function licensed(options: JiraSimulatorOptions): JiraSimulatorOptions {
    return { ...options, applications: ['jira-software', 'jira-servicedesk'] };
  }
});

function keyOf(users: readonly { readonly name: string; readonly key: string }[], wanted: string): string {
  const user = users.find(({ name }) => name === wanted);
  if (user === undefined) throw new Error(`there is no user '${wanted}'`);
  return user.key;
}
