import { basic, bearer, general, person, send, startTestJira, useJira, type TestJira } from './support';

describe('log-in to the simulated Jira', () => {
  const jira = useJira();

  it.each([
    ['a password', basic('admin', 'admin')],
    ['a token', bearer('sim-token')],
  ])('works with %s and marks every answer', async (_name, headers) => {
    const reply = await jira().get('/myself', { headers });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ name: 'admin', key: 'JIRAUSER10000' });
    expect(reply.headers.get('x-ausername')).toBe('admin');
    expect(reply.headers.get('x-seraph-loginreason')).toBe('OK');
    expect(reply.headers.get('x-arequestid')).toMatch(/^\d+x\d+x\d+$/);
    const cookies = reply.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual(['JSESSIONID', 'atlassian.xsrf.token']);
  });

  it('fails with a page when the password is wrong, on open endpoints too', async () => {
    for (const path of ['/myself', '/serverInfo']) {
      const reply = await jira().get(path, { headers: basic('admin', 'wrong') });
      expect(reply.status).toBe(401);
      expect(reply.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
      expect(reply.headers.get('content-type')).toContain('text/html');
      expect(reply.text).toContain('Basic Authentication Failure - Reason : AUTHENTICATED_FAILED');
    }
  });

  it.each(['sim-token-expired', 'never-issued'])('fails with the token %s where a user is needed', async (token) => {
    expect((await jira().get('/myself', { headers: bearer(token) })).status).toBe(401);
    const open = await jira().get('/serverInfo', { headers: bearer(token) });
    expect([open.status, open.headers.get('x-ausername')]).toEqual([200, 'anonymous']);
  });

  it('is needed nearly everywhere, and administration needs an administrator', async () => {
    const anonymous = await jira().get('/user?username=admin', { headers: {} });
    expect(anonymous.status).toBe(401);
    expect(anonymous.body).toEqual(
      general('You are not authenticated. Authentication required to perform this operation.')
    );
    const headers = basic('member', 'member');
    expect((await jira().get('/user?username=admin', { headers })).status).toBe(200);
    expect((await jira().get('/group/member?groupname=jira-software-users', { headers })).status).toBe(403);
    expect((await jira().post('/user', person('x'), { headers })).status).toBe(403);
    expect((await jira().get('/mypermissions', { headers })).body).toMatchObject({
      permissions: { ADMINISTER: { havePermission: false } },
    });
  });

  it('ends with the deactivation of the user', async () => {
    await jira().put('/user?username=member', { active: false });
    expect((await jira().get('/myself', { headers: basic('member', 'member') })).status).toBe(401);
  });

  it('says in the language of the user what is wrong', async () => {
    await jira().control.change({ users: [{ name: 'member', locale: 'de' }] });
    const reply = await jira().post('/group', { name: 'g' }, { headers: basic('member', 'member') });
    expect(reply.body).toEqual(
      general('Sie dürfen diesen Vorgang nicht ausführen. Er ist Administratoren vorbehalten.')
    );
  });
});

describe('CAPTCHA', () => {
  it('is asked for after failures, stops even the right password, and never a token', async () => {
    await using(await startTestJira({ captchaAfter: 3 }), async (jira) => {
      for (let failure = 0; failure < 3; failure += 1) {
        expect((await jira.get('/myself', { headers: basic('admin', 'wrong') })).status).toBe(401);
      }
      const denied = await jira.get('/myself');
      expect(denied.status).toBe(403);
      expect(denied.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATION_DENIED');
      expect(denied.headers.get('x-authentication-denied-reason')).toBe(
        `CAPTCHA_CHALLENGE; login-url=${jira.url}/login.jsp`
      );
      expect((await jira.get('/myself', { headers: bearer('sim-token') })).status).toBe(200);
    });
  });
});

describe('an installation without passwords over REST', () => {
  it('refuses them everywhere and takes tokens', async () => {
    await using(await startTestJira({ basicDisabled: true }), async (jira) => {
      const refused = await jira.get('/serverInfo');
      expect([refused.status, refused.text]).toEqual([403, 'Basic Authentication has been disabled on this instance']);
      expect((await jira.get('/myself', { headers: bearer('sim-token') })).status).toBe(200);
    });
  });
});

describe('protection from forged requests', () => {
  const jira = useJira();
  const noCheck = { 'X-Atlassian-Token': 'no-check' };

  it.each<[string, Readonly<Record<string, string>>]>([
    ['a browser', { 'User-Agent': 'Mozilla/5.0 (X11)', ...noCheck }],
    ['a foreign Origin', { Origin: 'https://elsewhere.example', ...noCheck }],
    ['a foreign Referer', { Referer: 'https://elsewhere.example/page' }],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
  ])('refuses a write of %s', async (_name, headers) => {
    const reply = await jira().post('/group', { name: 'g' }, { headers: { ...basic('admin', 'admin'), ...headers } });
    expect([reply.status, reply.text]).toEqual([403, 'XSRF check failed']);
    expect((await jira().control.stats()).groupsCreated).toBe(0);
  });

  it('lets reads and the own site pass', async () => {
    const browser = { ...basic('admin', 'admin'), 'User-Agent': 'Mozilla/5.0 (X11)' };
    expect((await jira().get('/myself', { headers: browser })).status).toBe(200);
    const own = { ...browser, Origin: jira().url };
    expect((await jira().post('/group', { name: 'g' }, { headers: own })).status).toBe(201);
  });
});

describe('addresses', () => {
  it('may have a context path, which all links carry', async () => {
    await using(await startTestJira({ contextPath: '/jira/' }), async (jira) => {
      expect(jira.url).toMatch(/:\d+\/jira$/);
      expect((await jira.get('/user?username=admin')).body).toMatchObject({
        self: `${jira.url}/rest/api/2/user?username=admin`,
      });
      const status = await send(`${jira.url}/status`, 'GET', { headers: {} });
      expect(status.body).toEqual({ state: 'RUNNING' });
      const outside = await send(jira.url.replace('/jira', '/rest/api/2/myself'), 'GET');
      expect(outside.status).toBe(404);
      expect(outside.headers.get('content-type')).toContain('text/html');
    });
  });

  it('have latest as another name of 2, and 404 for what is not there', async () => {
    await using(await startTestJira(), async (jira) => {
      expect((await send(`${jira.url}/rest/api/latest/myself`, 'GET')).status).toBe(200);
      expect((await jira.get('/user/list')).status).toBe(404);
      expect((await jira.control.stats()).calls).toEqual({ 'GET /myself': 1, 'GET (unknown)': 1 });
    });
  });

  it('show people a page of users and groups, escaped', async () => {
    await using(await startTestJira(), async (jira) => {
      await jira.control.change({ users: [{ name: 'x', displayName: '<b>Bold</b>', groups: ['R & D'] }] });
      const home = await send(jira.url, 'GET', { headers: {} });
      expect([home.status, home.headers.get('location')]).toEqual([302, '/_sim/']);
      const page = await send(`${jira.url}/_sim/?group=R%20%26%20D`, 'GET', { headers: {} });
      expect(page.text).toContain('Members of R &#38; D');
      expect(page.text).toContain('&#60;b&#62;Bold');
    });
  });
});

async function using(jira: TestJira, use: (jira: TestJira) => Promise<void>): Promise<void> {
  try {
    await use(jira);
  } finally {
    await jira.stop();
  }
}
