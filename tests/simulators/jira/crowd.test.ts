import { parseRestriction } from '../../../simulators/jira/routes/crowd/search';
import { basic, bearer, send, useJira, withJira, type CallOptions, type Reply, type TestJira } from './support';

const APPLICATION = { ...basic('rollcall', 'rollcall-secret'), Accept: 'application/json' };

describe('/rest/usermanagement of the simulated Jira', () => {
  const jira = useJira();
  const crowd = (method: string, path: string, options: CallOptions = {}) => ask(jira(), method, path, options);

  describe('log-in', () => {
    it('is that of an application, never of a user or a token', async () => {
      expect((await crowd('GET', '/user?username=admin')).status).toBe(200);
      for (const headers of [basic('admin', 'admin'), basic('rollcall', 'x'), bearer('sim-token'), {}]) {
        expect((await crowd('GET', '/user?username=admin', { headers })).status).toBe(401);
      }
      expect((await jira().get('/myself', { headers: APPLICATION })).status).toBe(401);
    });

    it.each([
      ['10.0.0.0/8', 403],
      ['127.0.0.0/8', 200],
      ['127.0.0.1', 200],
    ])('from an address outside of %s is answered with %d', async (range, status) => {
      const crowdApplication = { name: 'rollcall', password: 'rollcall-secret', allowed: [range] };
      await withJira({ crowdApplication }, async (other) => {
        const reply = await ask(other, 'GET', '/user?username=admin');
        expect(reply.status).toBe(status);
        if (status === 403) expect(reply.text).toContain('Forbidden (403)');
      });
    });
  });

  it('speaks XML with those who do not ask for JSON', async () => {
    const headers = { Authorization: APPLICATION.Authorization, Accept: '*/*' };
    const user = await crowd('GET', '/user?username=admin', { headers });
    expect(user.headers.get('content-type')).toContain('application/xml');
    expect(user.text).toContain('<user expand="attributes" name="admin">');
    expect(user.text).toContain('<email>admin@example.com</email>');
    const missing = await crowd('GET', '/user?username=x', { headers });
    expect(missing.text).toContain('<error><reason>USER_NOT_FOUND</reason>');
    const groups = await crowd('GET', '/user/group/direct?username=member', { headers });
    expect(groups.text).toContain('<groups expand="group"><group name="jira-software-users"></group></groups>');
  });

  describe('users', () => {
    const fred = {
      name: 'Fred',
      'first-name': 'Fred F.',
      'last-name': 'User',
      email: 'fred@example.com',
      active: true,
      password: { value: 'secret' },
    };

    it('are created in no group, with a key that is not the one of Jira', async () => {
      const created = await crowd('POST', '/user', { body: fred });
      expect(created.status).toBe(201);
      expect(created.body).toMatchObject({
        name: 'Fred',
        'display-name': 'Fred F. User',
        'first-name': 'Fred F.',
        'last-name': 'User',
        key: expect.stringMatching(/^1:[0-9a-f]{8}-/),
      });
      const { key } = created.body as { key: string };
      expect((await crowd('GET', `/user?key=${key}`)).body).toMatchObject({ name: 'Fred' });
      expect((await jira().get('/user?username=fred')).body).toMatchObject({ groups: { size: 0 } });
      expect((await jira().get('/myself', { headers: basic('fred', 'secret') })).status).toBe(200);
      const again = await crowd('POST', '/user', { body: { ...fred, name: 'FRED' } });
      expect([again.status, again.body]).toEqual([400, { reason: 'INVALID_USER', message: 'User already exists' }]);
    });

    it('are replaced as a whole', async () => {
      await crowd('POST', '/user', { body: fred });
      const path = '/user?username=fred';
      expect((await crowd('PUT', path, { body: { ...fred, 'display-name': 'F', active: false } })).status).toBe(204);
      expect((await crowd('GET', path)).body).toMatchObject({ 'display-name': 'F', active: false });
      expect((await crowd('PUT', path, { body: { name: 'fred', active: true } })).status).toBe(204);
      expect((await crowd('GET', path)).body).toMatchObject({ 'display-name': '', email: '', active: true });
      expect((await crowd('PUT', path, { body: { ...fred, name: 'other' } })).status).toBe(400);
      expect(await jira().control.stats()).toMatchObject({ updated: 2, deactivated: 1, reactivated: 1 });
    });

    it('are renamed, given a password and deleted', async () => {
      await crowd('POST', '/user', { body: fred });
      const renamed = await crowd('POST', '/user/rename?username=fred', { body: { 'new-name': 'freddy' } });
      expect([renamed.status, (renamed.body as { name: string }).name]).toEqual([200, 'freddy']);
      const taken = await crowd('POST', '/user/rename?username=freddy', { body: { 'new-name': 'admin' } });
      expect(taken.status).toBe(400);
      const password = await crowd('PUT', '/user/password?username=freddy', { body: { value: 'new' } });
      expect(password.status).toBe(204);
      expect((await crowd('DELETE', '/user?username=freddy')).status).toBe(204);
      expect((await crowd('DELETE', '/user?username=freddy')).body).toMatchObject({ reason: 'USER_NOT_FOUND' });
    });

    it('have attributes that nothing else shows', async () => {
      const path = '/user/attribute?username=member';
      const attributes = [{ name: 'department', values: ['IT', 'HR'] }];
      expect((await crowd('POST', path, { body: { attributes } })).status).toBe(204);
      expect((await crowd('GET', path)).body).toEqual({ attributes });
      expect((await crowd('GET', '/user?username=member&expand=attributes')).body).toMatchObject({
        attributes: { attributes },
      });
      expect((await crowd('DELETE', `${path}&attributename=department`)).status).toBe(204);
      expect((await crowd('GET', path)).body).toEqual({ attributes: [] });
    });
  });

  describe('groups', () => {
    it('are created, described and deleted', async () => {
      const created = await crowd('POST', '/group', { body: { name: 'G', type: 'GROUP', description: 'd' } });
      expect([created.status, created.body]).toEqual([201, expect.objectContaining({ name: 'G', description: 'd' })]);
      expect((await crowd('POST', '/group', { body: { name: 'g' } })).body).toMatchObject({ reason: 'INVALID_GROUP' });
      const changed = await crowd('PUT', '/group?groupname=g', { body: { name: 'G', description: 'e' } });
      expect(changed.body).toMatchObject({ description: 'e' });
      expect((await crowd('DELETE', '/group?groupname=g')).status).toBe(204);
      expect((await crowd('GET', '/group?groupname=g')).body).toMatchObject({ reason: 'GROUP_NOT_FOUND' });
    });

    it('tell who is a member already and who is none', async () => {
      await crowd('POST', '/group', { body: { name: 'g' } });
      const path = '/group/user/direct?groupname=g';
      expect((await crowd('POST', path, { body: { name: 'member' } })).status).toBe(201);
      const twice = await crowd('POST', path, { body: { name: 'member' } });
      expect([twice.status, twice.body]).toMatchObject([409, { reason: 'MEMBERSHIP_ALREADY_EXISTS' }]);
      expect((await crowd('POST', path, { body: { name: 'nobody' } })).status).toBe(400);
      expect((await crowd('GET', path)).body).toMatchObject({ users: [{ name: 'member' }] });
      expect((await crowd('DELETE', `${path}&username=member`)).status).toBe(204);
      expect((await crowd('DELETE', `${path}&username=member`)).body).toMatchObject({ reason: 'MEMBERSHIP_NOT_FOUND' });
    });

    it('lie inside others, whose members theirs are for the rest of Jira', async () => {
      for (const name of ['outer', 'middle', 'inner']) await crowd('POST', '/group', { body: { name } });
      const nest = (parent: string, name: string) =>
        crowd('POST', `/group/child-group/direct?groupname=${parent}`, { body: { name } });
      expect((await nest('outer', 'middle')).status).toBe(201);
      expect((await nest('middle', 'inner')).status).toBe(201);
      expect((await nest('outer', 'middle')).status).toBe(409);
      expect((await nest('inner', 'outer')).status).toBe(400);
      await crowd('POST', '/group/user/direct?groupname=inner', { body: { name: 'member' } });
      expect(names(await crowd('GET', '/group/child-group/direct?groupname=outer'))).toEqual(['middle']);
      expect(names(await crowd('GET', '/group/child-group/nested?groupname=outer'))).toEqual(['middle', 'inner']);
      expect(names(await crowd('GET', '/group/parent-group/nested?groupname=inner'))).toEqual(['middle', 'outer']);
      expect(names(await crowd('GET', '/group/user/direct?groupname=outer'))).toEqual([]);
      expect(names(await crowd('GET', '/group/user/nested?groupname=outer'))).toEqual(['member']);
      expect((await jira().get('/group/member?groupname=outer')).body).toMatchObject({ values: [{ name: 'member' }] });
      expect((await jira().get('/user?username=member')).body).toMatchObject({ groups: { size: 4 } });
      expect((await jira().del('/group/user?groupname=outer&username=member')).status).toBe(400);
      expect((await jira().post('/group/user?groupname=outer', { name: 'member' })).status).toBe(201);
      const gone = await crowd('DELETE', '/group/child-group/direct?groupname=outer&child-groupname=middle');
      expect(gone.status).toBe(204);
      expect(await jira().control.stats()).toMatchObject({ nestingsAdded: 2, nestingsRemoved: 1 });
    });

    it('are exported with all direct memberships, as XML whatever is asked for (CWD-3281)', async () => {
      await jira().control.change({
        groups: [{ name: 'a & b', children: ['inner'] }],
        users: [{ name: 'x"y', groups: ['a & b'] }],
      });
      const reply = await crowd('GET', '/group/membership');
      expect(reply.headers.get('content-type')).toContain('application/xml');
      expect(reply.text).toContain(
        '<membership group="a &#38; b"><users><user name="x&#34;y"/></users><groups><group name="inner"/></groups></membership>'
      );
    });
  });

  it('finds users and groups by a restriction, in pages', async () => {
    await jira().control.change({ users: [{ name: 'fred', displayName: 'Fred User', active: false }] });
    const search = (query: string) => crowd('GET', `/search?${query}`);
    const restriction = (text: string) => `entity-type=user&restriction=${encodeURIComponent(text)}`;
    expect(names(await search(restriction('email=fred@example.com')))).toEqual(['fred']);
    expect(names(await search(restriction('active=false or name=admin')))).toEqual(['admin', 'fred']);
    expect(names(await search('entity-type=user&start-index=1&max-results=1'))).toEqual(['fred']);
    expect(names(await search('entity-type=group&restriction=name%3Djira-*'))).toHaveLength(2);
    const whole = await search(`${restriction('name=fred')}&expand=user`);
    expect(whole.body).toMatchObject({ users: [{ 'display-name': 'Fred User' }] });
    expect((await search(restriction('(name=x)'))).status).toBe(400);
    expect((await search('entity-type=role')).status).toBe(400);
    const posted = await crowd('POST', '/search?entity-type=user', { body: { restriction: 'lastName=User' } });
    expect(names(posted)).toEqual(['fred']);
  });

  it('counts and disturbs under its whole path', async () => {
    await jira().control.addFault({ kind: 'refuse', match: { path: '/rest/usermanagement', user: 'fred' } });
    expect((await crowd('POST', '/user', { body: { name: 'fred' } })).status).toBe(400);
    expect((await crowd('POST', '/user', { body: { name: 'anna' } })).status).toBe(201);
    expect((await jira().control.stats()).calls).toEqual({ 'POST /rest/usermanagement/1/user': 2 });
  });
});

describe('restrictions', () => {
  const fields = { name: 'fred', email: 'f@x.org', active: 'true' };
  const known = Object.keys(fields);

  it.each([
    ['', true],
    ['name=fred', true],
    ['name="FRED"', true],
    ['name=fre', false],
    ['name=fre*', true],
    ['email=*@x.org', true],
    ['name=*re*', true],
    ['name=anna or name=fred', true],
    ['name=anna and active=true or name=fred', true],
    ['name=fred and active=false', false],
  ])('%p: %p', (text, expected) => {
    expect(parseRestriction(text, known)?.(fields)).toBe(expected);
  });

  it.each(['name', 'shoe=44', 'name=a and', '(name=a)', 'name>a'])('%p cannot be read', (text) => {
    expect(parseRestriction(text, known)).toBeUndefined();
  });
});

function ask(jira: TestJira, method: string, path: string, options: CallOptions = {}): Promise<Reply> {
  return send(`${jira.url}/rest/usermanagement/1${path}`, method, { headers: APPLICATION, ...options });
}

function names(reply: Reply): readonly string[] {
  const { users, groups } = reply.body as { users?: { name: string }[]; groups?: { name: string }[] };
  return (users ?? groups ?? []).map(({ name }) => name);
}
