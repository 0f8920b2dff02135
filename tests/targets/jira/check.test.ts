import type { JiraSimulatorOptions } from '../../../simulators/jira/options';
import { startJiraSimulator, type RunningJiraSimulator } from '../../../simulators/jira/start';
import type { JiraTargetSettings } from '../../../targets/jira/settings';
import type { TargetCheckStep } from '../../../targets/target';
import { bean, never, SERVER_INFO, startStub, targetFor, type Received, type Scripted } from './support';

async function testOf(
  options: JiraSimulatorOptions,
  settings: Partial<JiraTargetSettings> = {},
  urlOf = (jira: RunningJiraSimulator) => jira.url
): Promise<readonly TargetCheckStep[]> {
  const jira = await startJiraSimulator(options);
  try {
    return await targetFor(urlOf(jira), settings).test(never());
  } finally {
    await jira.stop();
  }
}

async function testOfStub(script: (request: Received) => Scripted): Promise<readonly TargetCheckStep[]> {
  const stub = await startStub(script);
  try {
    return await targetFor(stub.url).test(never());
  } finally {
    await stub.stop();
  }
}

const names = (steps: readonly TargetCheckStep[]) => steps.map((step) => step.name);
const last = (steps: readonly TargetCheckStep[]): TargetCheckStep => steps.at(-1)!;

const CHECKS = ['server', 'login', 'permissions', 'emails', 'organizations', 'accounts', 'rateLimit'];
const BASIC = { type: 'basic', username: 'admin', password: 'admin' } as const;

/** An administrator's Jira with so many licensed people, of whom a stream shows so many a page (0: there is none). */
function adminOf(info: object, { licensed, streamed }: { licensed: number; streamed: number }) {
  const permission = { havePermission: true };
  const role = { key: 'jira-software', name: 'Jira Software', groups: ['users'], defaultGroups: ['users'] };
  const seats = { numberOfSeats: -1, remainingSeats: -1, userCount: licensed };
  return ({ path, query }: Received): Scripted => {
    if (path.endsWith('/serverInfo')) return { status: 200, body: info };
    if (path.endsWith('/myself')) return { status: 200, body: bean('sync') };
    if (path.endsWith('/mypermissions')) {
      return { status: 200, body: { permissions: { ADMINISTER: permission, SYSTEM_ADMIN: permission } } };
    }
    if (path.endsWith('/applicationrole')) return { status: 200, body: [{ ...role, ...seats }] };
    if (path.endsWith('/user/search')) return { status: 200, body: query['startAt'] === '0' ? [bean('sync')] : [] };
    if (path.endsWith('/user/list') && streamed > 0) {
      const values = Array.from({ length: streamed }, (_, n) => bean(`u${n}`));
      return { status: 200, body: { values, isLast: false, nextCursor: streamed } };
    }
    return { status: 404, body: { message: 'not there' } };
  };
}

describe('the connection test', () => {
  it('passes with an administrator of Jira 9.12', async () => {
    const steps = await testOf({ users: 20, contextPath: '/jira' });
    expect(names(steps)).toEqual(CHECKS);
    expect(steps.every((step) => step.ok && step.remedy === null)).toBe(true);
  });

  it('tells a missing context path', async () => {
    const steps = await testOf({ contextPath: '/jira' }, {}, (jira) => jira.controlUrl);
    expect(names(steps)).toEqual(['server']);
    expect(last(steps)).toMatchObject({ ok: false, remedy: expect.stringContaining('context path') });
  });

  it('tells a Jira that is not up', async () => {
    const stub = await startStub(() => 'hang');
    await stub.stop();
    const steps = await targetFor(stub.url).test(never());
    expect(steps).toEqual([
      {
        name: 'server',
        ok: false,
        detail: expect.stringContaining('ECONNREFUSED'),
        remedy: expect.stringContaining('firewall'),
      },
    ]);
  });

  it('tells single sign-on in front of the API', async () => {
    const steps = await testOfStub(() => ({ status: 302, headers: { location: 'https://sso.example.com/login' } }));
    expect(last(steps).detail).toContain('https://sso.example.com');
    expect(last(steps).remedy).toContain('single sign-on');
  });

  it.each([
    ['expired token', { type: 'pat', token: 'sim-token-expired' }, 'Create a new personal access token'],
    [
      'wrong password',
      { type: 'basic', username: 'admin', password: 'wrong' },
      'Check auth.username and auth.password',
    ],
  ] as const)('tells %s', async (_name, auth, remedy) => {
    const steps = await testOf({}, { auth });
    expect(last(steps)).toMatchObject({ ok: false, remedy: expect.stringContaining(remedy) });
    expect(JSON.stringify(steps)).not.toContain(auth.type === 'pat' ? auth.token : '"wrong');
  });

  it('tells a CAPTCHA and where to solve it', async () => {
    const jira = await startJiraSimulator({ captchaAfter: 1 });
    const auth = { type: 'basic', username: 'admin', password: 'wrong' } as const;
    await targetFor(jira.url, { auth }).test(never());
    const steps = await targetFor(jira.url, { auth }).test(never());
    await jira.stop();
    expect(last(steps).detail).toContain(`${jira.url}/login.jsp`);
    expect(last(steps).remedy).toContain(`${jira.url}/login.jsp`);
  });

  it('tells that Basic is disabled', async () => {
    const steps = await testOfStub(({ path }) =>
      path.endsWith('/serverInfo')
        ? { status: 200, body: SERVER_INFO }
        : { status: 403, body: 'Basic Authentication has been disabled on this instance.' }
    );
    expect(last(steps)).toMatchObject({ ok: false, remedy: expect.stringContaining('type: pat') });
  });

  it('asks for administration', async () => {
    const steps = await testOf({}, { auth: { type: 'basic', username: 'member', password: 'member' } });
    expect(names(steps)).toEqual(['server', 'login', 'permissions']);
    expect(last(steps)).toMatchObject({ ok: false, remedy: expect.stringContaining('Global permissions') });
  });

  it.each(['hidden', 'masked'] as const)('tells e-mail addresses that are %s', async (emailVisibility) => {
    const steps = await testOf({ users: 20, emailVisibility });
    const emails = steps.find((step) => step.name === 'emails');
    expect(emails).toMatchObject({ ok: false, detail: `e-mail addresses are ${emailVisibility}` });
  });

  it('warns of a rate limit', async () => {
    const steps = await testOf({ rateLimit: { limit: 70, fillRate: 5, intervalSeconds: 1 } });
    expect(last(steps)).toMatchObject({
      name: 'rateLimit',
      ok: true,
      detail: 'rate limit: 5 requests per 1 s, at most 70 at once',
      remedy: expect.stringContaining('Exempt'),
    });
  });

  it.each([
    ['9.12', 20, /user\/search, in about 2 requests/],
    ['8.5.0', 20, /user\/search, in about 2 requests/],
    ['8.5.0', 1_200, /ends its listing of accounts after 1000/],
    ['10.0.0', 20, /user\/search, in about 2 requests/],
    ['10.0.0', 120, /ends its listing of accounts after 100: a run asks for each linked account/],
  ])('says how Jira %s with %d generated accounts will be read', async (version, users, detail) => {
    const steps = await testOf({ version, users }, { auth: BASIC });
    const accounts = steps.find((step) => step.name === 'accounts');
    expect(accounts).toMatchObject({ ok: true, detail: expect.stringMatching(detail) });
    expect(steps.every((step) => step.ok)).toBe(true);
  });

  it('says that a stream of accounts will be read, and in how many requests', async () => {
    const info = { ...SERVER_INFO, version: '10.3.24', versionNumbers: [10, 3, 24] };
    const steps = await testOfStub(adminOf(info, { licensed: 5_000, streamed: 2_000 }));
    expect(steps.find((step) => step.name === 'accounts')?.detail).toMatch(/user\/list, in about 3 requests/);
  });

  it('refuses a version before 8.5, and a token before 8.14', async () => {
    const old = await testOfStub(() => ({
      status: 200,
      body: { ...SERVER_INFO, version: '8.4.2', versionNumbers: [8, 4, 2] },
    }));
    expect(last(old)).toMatchObject({ name: 'server', ok: false, remedy: 'Use Jira 8.5 or later.' });
    const tokens = await testOf({ version: '8.13.1' });
    expect(tokens).toMatchObject([{ name: 'server', ok: false, remedy: expect.stringContaining('type: basic') }]);
  });

  it('warns of a version that was never tried', async () => {
    const info = { ...SERVER_INFO, version: '11.0.0', versionNumbers: [11, 0, 0] };
    const [server] = await testOfStub(adminOf(info, { licensed: 5, streamed: 5 }));
    expect(server).toMatchObject({ ok: true, remedy: expect.stringContaining('preview') });
  });

  it.each([
    [404, 'Jira Service Management is not installed', null],
    [403, 'organizations may not be read', expect.stringContaining('agent')],
    [200, 'no organization of Jira Service Management is visible', expect.stringContaining('agent')],
  ])('warns of a right that organizations need (status %d)', async (status, detail, remedy) => {
    const steps = await testOfStub((request) => {
      if (!request.path.endsWith('/organization')) return adminOf(SERVER_INFO, { licensed: 5, streamed: 0 })(request);
      const body = status === 200 ? { start: 0, isLastPage: true, values: [] } : { errorMessages: ['no'], errors: {} };
      return { status, body };
    });
    expect(steps.find((step) => step.name === 'organizations')).toEqual({
      name: 'organizations',
      ok: true,
      detail,
      remedy,
    });
  });

  it('refuses Jira Cloud', async () => {
    const steps = await testOfStub(() => ({ status: 200, body: { ...SERVER_INFO, deploymentType: 'Cloud' } }));
    expect(steps).toMatchObject([{ name: 'server', ok: false, detail: 'this is Jira Cloud' }]);
  });

  it('warns an administrator who is no system administrator', async () => {
    const permission = (havePermission: boolean) => ({ id: '0', havePermission });
    const steps = await testOfStub(({ path }) => {
      if (path.endsWith('/serverInfo')) return { status: 200, body: SERVER_INFO };
      if (path.endsWith('/myself')) return { status: 200, body: bean('sync') };
      if (path.endsWith('/user/search')) return { status: 200, body: [bean('sync')] };
      return { status: 200, body: { permissions: { ADMINISTER: permission(true), SYSTEM_ADMIN: permission(false) } } };
    });
    expect(steps.find((step) => step.name === 'permissions')).toMatchObject({
      ok: true,
      remedy: expect.stringContaining('Jira System Administrators'),
    });
    expect(JSON.stringify(steps)).not.toContain('sync@');
  });

  it('ends with the reason of a caller who cancels', async () => {
    const stub = await startStub(() => 'hang');
    const reason = new Error('enough');
    await expect(targetFor(stub.url).test(AbortSignal.abort(reason))).rejects.toBe(reason);
    await stub.stop();
  });
});
