import { ADMIN, basic, general, person, send, useJira, withJira, type TestJira } from './support';

const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex');

describe('pictures of the simulated Jira', () => {
  const jira = useJira();
  const who = 'username=member';

  it('are uploaded, confirmed, chosen and taken back', async () => {
    expect((await upload(jira(), PNG)).status).toBe(201);
    const cropping = (await upload(jira(), PNG)).body;
    expect(cropping).toMatchObject({ cropperWidth: 120, needsCropping: true });
    const confirmed = await jira().post(`/user/avatar?${who}`, cropping);
    expect(confirmed.status).toBe(201);
    const { id } = confirmed.body as { id: string };
    expect(confirmed.body).toMatchObject({ owner: 'JIRAUSER10100', isSystemAvatar: false, isSelected: false });
    expect((await jira().put(`/user/avatar?${who}`, { id })).status).toBe(204);
    expect((await jira().get(`/user?${who}`)).body).toMatchObject({
      avatarUrls: { '48x48': `${jira().url}/secure/useravatar?ownerId=JIRAUSER10100&avatarId=${id}` },
    });
    expect((await jira().get(`/user/avatars?${who}`)).body).toMatchObject({
      system: [{ isSelected: false, isDeletable: false }],
      custom: [{ id, isSelected: true, isDeletable: true }],
    });
    expect((await jira().del(`/user/avatar/${id}?${who}`)).status).toBe(204);
    expect((await jira().del(`/user/avatar/${id}?${who}`)).status).toBe(404);
    expect((await jira().get(`/user/avatars?${who}`)).body).toMatchObject({
      system: [{ isSelected: true }],
      custom: [],
    });
    expect((await jira().control.stats()).effectsPerUser).toEqual({
      JIRAUSER10100: { avatarsAdded: 1, avatarsChosen: 1, avatarsRemoved: 1 },
    });
  });

  it('need a confirmation that follows an upload, and are images of the size that was named', async () => {
    expect((await jira().post(`/user/avatar?${who}`, {})).status).toBe(400);
    expect((await upload(jira(), PNG, 'image/svg+xml')).status).toBe(400);
    expect((await upload(jira(), PNG, 'image/png', PNG.length + 1)).status).toBe(400);
    expect((await upload(jira(), PNG, 'text/csv')).status).toBe(415);
    expect((await jira().put(`/user/avatar?${who}`, { id: '1' })).status).toBe(400);
  });

  it('are their own or an administrator’s business', async () => {
    const headers = basic('member', 'member');
    expect((await jira().get('/user/avatars?username=admin', { headers })).status).toBe(403);
    expect((await jira().get(`/user/avatars?${who}`, { headers })).status).toBe(200);
  });

  function upload(one: TestJira, picture: Buffer, type = 'image/png', size = picture.length) {
    const path = `/user/avatar/temporary?${who}&filename=a.png&size=${size}`;
    const headers = { ...ADMIN, 'Content-Type': type, 'X-Atlassian-Token': 'no-check' };
    return one.post(path, picture, { headers });
  }
});

describe('leads of the simulated Jira', () => {
  const jira = useJira();
  beforeEach(async () => {
    await jira().control.change({
      users: [{ name: 'boss' }],
      projects: [
        { key: 'ABC', lead: 'member', name: 'Alphabet', components: [{ name: 'UI', lead: 'boss' }, { name: 'API' }] },
        { key: 'XYZ', lead: 'boss' },
      ],
    });
  });

  it('are listed with the projects when that is asked for', async () => {
    expect((await jira().get('/project?expand=lead')).body).toMatchObject([
      { key: 'ABC', name: 'Alphabet', lead: { name: 'member', key: 'JIRAUSER10100' } },
      { key: 'XYZ', lead: { name: 'boss' } },
    ]);
    const [first] = (await jira().get('/project')).body as object[];
    expect(first).not.toHaveProperty('lead');
    expect((await jira().get('/project/abc')).body).toMatchObject({
      lead: { name: 'member' },
      components: [{ name: 'UI', lead: { name: 'boss' } }, { name: 'API' }],
    });
    const components = (await jira().get('/project/ABC/components')).body as { id: string }[];
    expect((await jira().get(`/component/${components[0]?.id}`)).body).toMatchObject({ name: 'UI', project: 'ABC' });
    expect((await jira().get('/project/NONE')).status).toBe(404);
  });

  it('of a project keep an account active until somebody else leads it; those of a component do not', async () => {
    const refused = await jira().put('/user?username=member', { active: false });
    expect([refused.status, refused.body]).toEqual([
      400,
      general("Cannot deactivate user 'member' because the user leads these projects: ABC"),
    ]);
    expect((await jira().put('/project/ABC', { lead: 'nobody' })).status).toBe(400);
    expect((await jira().put('/project/ABC', { lead: 'admin' })).status).toBe(200);
    expect((await jira().put('/project/XYZ', { lead: 'admin' })).status).toBe(200);
    expect((await jira().put('/user?username=member', { active: false })).status).toBe(200);
    expect((await jira().put('/user?username=boss', { active: false })).status).toBe(200);
    expect(await jira().control.stats()).toMatchObject({ leadsReplaced: 2, deactivated: 2 });
  });

  it('of a component are replaced or taken away', async () => {
    const [component] = (await jira().get('/project/ABC/components')).body as { id: string }[];
    const path = `/component/${component?.id}`;
    expect((await jira().put(path, { leadUserName: 'admin' })).body).toMatchObject({ lead: { name: 'admin' } });
    const without = await jira().put(path, { leadUserName: '' });
    expect(without.body).not.toHaveProperty('lead');
  });
});

describe('anonymization in the simulated Jira', () => {
  it('says what stands against it, is done once, and cannot be undone', async () => {
    let nowMs = Date.parse('2025-03-01T00:00:00Z');
    await withJira({ now: () => nowMs }, async (jira) => {
      const body = { userKey: 'JIRAUSER10100' };
      expect((await jira.get('/user/anonymization?userKey=JIRAUSER10100')).body).toMatchObject({
        success: true,
        userName: 'member',
        email: 'member@example.com',
      });
      expect((await jira.get('/user/anonymization?userKey=nobody')).status).toBe(400);
      const accepted = await jira.post('/user/anonymization', body);
      expect([accepted.status, accepted.body]).toEqual([202, expect.objectContaining({ status: 'IN_PROGRESS' })]);
      expect((await jira.post('/user/anonymization', { userKey: 'JIRAUSER10000' })).status).toBe(409);
      nowMs += 1_000;
      const { progressUrl } = accepted.body as { progressUrl: string };
      expect((await send(`${jira.url}${progressUrl}`, 'GET')).body).toMatchObject({
        status: 'COMPLETED',
        currentProgress: 100,
        userName: 'member',
      });
      expect((await jira.get('/user?key=JIRAUSER10100')).body).toMatchObject({
        name: 'jirauser10100',
        emailAddress: 'JIRAUSER10100@jira.invalid',
        displayName: expect.stringMatching(/^user-[0-9a-f]{5}$/),
        active: false,
      });
      expect((await jira.control.stats()).effectsPerUser).toEqual({ JIRAUSER10100: { anonymized: 1 } });
    });
  });

  it('gives a numbered key to who has one from before 8.4, and what it leads to the new owner', async () => {
    await withJira({ version: '9.12' }, async (jira) => {
      await jira.control.change({ users: [{ name: 'old', key: 'old' }], projects: [{ key: 'ABC', lead: 'old' }] });
      expect((await jira.post('/user/anonymization', { userKey: 'old' })).status).toBe(400);
      const body = { userKey: 'old', newOwnerKey: 'JIRAUSER10000' };
      expect((await jira.post('/user/anonymization', body)).status).toBe(202);
      expect((await jira.get('/user?key=old')).status).toBe(404);
      expect((await jira.get('/project/ABC')).body).toMatchObject({ lead: { name: 'admin' } });
      const anonymous = (await jira.control.users()).find(({ name }) => name.startsWith('jirauser'));
      expect(anonymous?.key).toBe(anonymous?.name.toUpperCase());
    });
  });

  it.each([
    ['8.13', 202],
    ['9.12', 202],
  ])('reaches users that were deleted in %s', async (version, status) => {
    await withJira({ version }, async (jira) => {
      await jira.del('/user?username=member');
      expect((await jira.post('/user/anonymization', { userKey: 'JIRAUSER10100' })).status).toBe(status);
      expect((await jira.get('/user?username=member&includeDeleted=true')).status).toBe(404);
    });
  });

  it('is for system administrators only, who also are the only ones to change each other', async () => {
    await withJira({}, async (jira) => {
      await jira.control.change({
        users: [{ name: 'plain', password: 'plain', groups: ['jira-plain-administrators'] }],
      });
      const headers = basic('plain', 'plain');
      expect((await jira.get('/mypermissions', { headers })).body).toMatchObject({
        permissions: { ADMINISTER: { havePermission: true }, SYSTEM_ADMIN: { havePermission: false } },
      });
      expect((await jira.post('/user', person('x'), { headers })).status).toBe(201);
      const body = { userKey: 'JIRAUSER10100' };
      expect((await jira.post('/user/anonymization', body, { headers })).status).toBe(403);
      expect((await jira.put('/user?username=admin', { displayName: 'A' }, { headers })).status).toBe(403);
      expect((await jira.put('/user?username=member', { displayName: 'M' }, { headers })).status).toBe(200);
    });
  });
});

describe('the own account, sessions and tokens', () => {
  const jira = useJira();
  const headers = basic('member', 'member');

  it('are changed by their owner', async () => {
    expect((await jira().put('/myself', { displayName: 'Me' }, { headers })).body).toMatchObject({ displayName: 'Me' });
    const wrong = { password: 'new', currentPassword: 'x' };
    expect((await jira().put('/myself/password', wrong, { headers })).status).toBe(400);
    const right = { password: 'new', currentPassword: 'member' };
    expect((await jira().put('/myself/password', right, { headers })).status).toBe(204);
    expect((await jira().get('/myself', { headers: basic('member', 'new') })).status).toBe(200);
  });

  it('open a session that is as good as a password until it is ended', async () => {
    const url = `${jira().url}/rest/auth/1/session`;
    const opened = await send(url, 'POST', { body: { username: 'member', password: 'member' }, headers: {} });
    expect(opened.body).toMatchObject({ session: { name: 'JSESSIONID' }, loginInfo: { failedLoginCount: 0 } });
    const { value } = (opened.body as { session: { value: string } }).session;
    const withCookie = { headers: { Cookie: `JSESSIONID=${value}` } };
    expect((await jira().get('/myself', withCookie)).body).toMatchObject({ name: 'member' });
    expect((await jira().del('/user/session/member')).status).toBe(204);
    expect((await jira().get('/myself', withCookie)).status).toBe(401);
    const refused = await send(url, 'POST', { body: { username: 'member', password: 'x' }, headers: {} });
    expect(refused.status).toBe(401);
  });

  it('make tokens that are shown once', async () => {
    const url = `${jira().url}/rest/pat/latest/tokens`;
    const made = await send(url, 'POST', { body: { name: 'sync', expirationDuration: 90 }, headers });
    expect(made.status).toBe(201);
    const { rawToken } = made.body as { rawToken: string };
    const reply = await jira().get('/myself', { headers: { Authorization: `Bearer ${rawToken}` } });
    expect(reply.body).toMatchObject({ name: 'member' });
    expect((await send(url, 'POST', { body: { name: '' }, headers })).status).toBe(400);
  });

  it('do not make tokens before 8.14', async () => {
    await withJira({ version: '8.13' }, async (old) => {
      const reply = await send(`${old.url}/rest/pat/latest/tokens`, 'POST', { body: { name: 'sync' } });
      expect(reply.status).toBe(404);
    });
  });

  it('are suggested to people while they are active', async () => {
    await jira().control.change({
      users: [
        { name: 'mel', displayName: 'Mel <b>', active: true },
        { name: 'mo', active: false },
      ],
    });
    expect((await jira().get('/user/picker?query=m')).body).toEqual({
      header: 'Showing 2 of 2 matching users',
      total: 2,
      users: [
        expect.objectContaining({
          name: 'mel',
          html: '<b>M</b>el &#60;b&#62; - <b>m</b>el@example.com - (<b>m</b>el)',
        }),
        expect.objectContaining({ name: 'member' }),
      ],
    });
  });
});
