import { general, useJira } from './support';

describe('groups of the simulated Jira', () => {
  const jira = useJira();

  it('are created once, in any case, with a bean of their own', async () => {
    const created = await jira().post('/group', { name: 'Power-Users' });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      name: 'Power-Users',
      self: `${jira().url}/rest/api/2/group?groupname=Power-Users`,
      users: { size: 0, items: [], 'max-results': 50, 'start-index': 0, 'end-index': 0 },
      expand: 'users',
    });
    const again = await jira().post('/group', { name: 'power-users' });
    expect([again.status, again.body]).toEqual([400, general('A group or user with this name already exists.')]);
    expect((await jira().post('/group', { name: ' ' })).status).toBe(400);
    expect((await jira().control.stats()).groupsCreated).toBe(1);
  });

  it('are deleted with their memberships; a missing one is 404', async () => {
    await jira().control.change({ users: [{ name: 'member', addGroups: ['g'] }] });
    expect((await jira().del('/group?groupname=G')).status).toBe(200);
    expect((await jira().del('/group?groupname=g')).status).toBe(404);
    expect(await jira().control.stats()).toMatchObject({ groupsDeleted: 1, membershipsRemoved: 1 });
  });

  it('answer which of user and group is missing', async () => {
    const noUser = await jira().post('/group/user?groupname=jira-software-users', { name: 'charlie' });
    expect([noUser.status, noUser.body]).toEqual([404, general("Cannot add user. 'charlie' does not exist")]);
    const noGroup = await jira().post('/group/user?groupname=g', { name: 'member' });
    expect([noGroup.status, noGroup.body]).toEqual([404, general("The group named 'g' does not exist")]);
    const noName = await jira().post('/group/user?groupname=jira-software-users', {});
    expect(noName.status).toBe(400);
    const nobody = await jira().del('/group/user?groupname=jira-software-users&username=u');
    expect([nobody.status, nobody.body]).toEqual([404, general("User 'u' does not exist")]);
  });

  it('keep the last administrator and the one that calls', async () => {
    await jira().control.change({ users: [{ name: 'boss', groups: ['jira-administrators'] }] });
    const path = '/group/user?groupname=jira-administrators&username=';
    expect((await jira().del(`${path}admin`)).status).toBe(400);
    expect((await jira().del(`${path}boss`)).status).toBe(200);
    expect((await jira().del('/group?groupname=jira-administrators')).status).toBe(400);
  });

  it('page their members with links to the next page', async () => {
    const users = ['e', 'B', 'd', 'a', 'c'].map((name) => ({ name, groups: ['my group'] }));
    await jira().control.change({ users });
    const names: string[] = [];
    let path: string | undefined = '/group/member?groupname=My%20Group&maxResults=2';
    while (path !== undefined) {
      const { body } = await jira().get(path);
      const page = body as { values: { name: string }[]; nextPage?: string; isLast: boolean; total: number };
      names.push(...page.values.map((user) => user.name));
      expect(page.total).toBe(5);
      expect(page.isLast).toBe(page.nextPage === undefined);
      path = page.nextPage?.split('/rest/api/2')[1];
    }
    expect(names).toEqual(['a', 'B', 'c', 'd', 'e']);
  });

  it('show active members in the deprecated bean, by an inclusive range', async () => {
    const users = ['a', 'b', 'c', 'd'].map((name) => ({ name, active: name !== 'b', groups: ['g'] }));
    await jira().control.change({ users });
    const reply = await jira().get('/group?groupname=g&expand=users[0:1]');
    expect(reply.body).toMatchObject({ users: { size: 3, items: [{ name: 'a' }, { name: 'c' }], 'end-index': 1 } });
  });

  it('are suggested by a part of the name, escaped, 20 unless more are asked for', async () => {
    await jira().control.change({ groups: Array.from({ length: 25 }, (_, index) => `jdog <${index}>`) });
    const few = await jira().get('/groups/picker?query=J');
    expect(few.body).toMatchObject({ header: 'Showing 20 of 27 matching groups', total: 27, groups: { length: 20 } });
    const all = await jira().get('/groups/picker?query=jdog&maxResults=10000&exclude=jdog%20%3C0%3E');
    expect(all.body).toMatchObject({ total: 24, groups: { length: 24 } });
    expect((all.body as { groups: unknown[] }).groups[0]).toMatchObject({ html: '<b>jdog</b> &#60;10&#62;' });
  });

  it('give and take the access to an application', async () => {
    await jira().control.change({ users: [{ name: 'fred' }] });
    const path = '/user/application?username=fred&applicationKey=';
    expect((await jira().post(`${path}jira-software`)).status).toBe(200);
    expect((await jira().get('/user?username=fred&expand=applicationRoles')).body).toMatchObject({
      applicationRoles: { size: 1, items: [{ key: 'jira-software', name: 'Jira Software' }] },
    });
    expect((await jira().del(`${path}jira-software`)).status).toBe(204);
    expect((await jira().post(`${path}jira-nothing`)).status).toBe(400);
    expect(await jira().control.stats()).toMatchObject({ membershipsAdded: 1, membershipsRemoved: 1 });
  });
});

describe('user properties', () => {
  const jira = useJira();
  const path = '/user/properties/idp.id?userKey=JIRAUSER10100';

  it('are created, replaced, listed and deleted', async () => {
    expect((await jira().put(path, { id: 'ext-1' })).status).toBe(201);
    expect((await jira().put(path, 'ext-2')).status).toBe(200);
    expect((await jira().get(path)).body).toEqual({ key: 'idp.id', value: 'ext-2' });
    expect((await jira().get('/user/properties?username=member')).body).toEqual({
      keys: [{ self: `${jira().url}/rest/api/2${path}`, key: 'idp.id' }],
    });
    expect((await jira().del(path)).status).toBe(204);
    expect((await jira().del(path)).status).toBe(404);
    expect((await jira().get(path)).status).toBe(404);
  });

  it('have limits', async () => {
    expect((await jira().put(path, 'x'.repeat(32_767))).status).toBe(400);
    expect((await jira().put(path, 'x'.repeat(32_766))).status).toBe(201);
    const long = `/user/properties/${'k'.repeat(256)}?userKey=JIRAUSER10100`;
    expect((await jira().put(long, 1)).status).toBe(400);
  });
});

describe('user search', () => {
  const jira = useJira();

  it('matches beginnings of username, address and words of the name; inactive users on request', async () => {
    await jira().control.change({
      users: [
        { name: 'fred', displayName: 'Frederik Ångström', emailAddress: 'f@example.org' },
        { name: 'old', displayName: 'Fred Old', active: false },
      ],
    });
    expect(await found('fred')).toEqual(['fred']);
    expect(await found('fred', '&includeInactive=true')).toEqual(['fred', 'old']);
    expect(await found('fred', '&includeInactive=true&includeActive=false')).toEqual(['old']);
    expect(await found('ångs')).toEqual(['fred']);
    expect(await found('f@ex')).toEqual(['fred']);
    expect(await found('.', '&includeInactive=true&includeActive=false')).toEqual(['old']);
    expect(await found('.', '&startAt=1&maxResults=2')).toEqual(['fred', 'member']);
    expect((await jira().get('/user/search')).status).toBe(400);
  });

  async function found(query: string, more = ''): Promise<readonly string[]> {
    const { body } = await jira().get(`/user/search?username=${encodeURIComponent(query)}${more}`);
    return (body as { name: string }[]).map((user) => user.name);
  }
});
