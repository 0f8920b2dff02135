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

describe('the connection test', () => {
  it('passes with an administrator of Jira 9.12', async () => {
    const steps = await testOf({ users: 20, contextPath: '/jira' });
    expect(names(steps)).toEqual(['server', 'login', 'permissions', 'emails', 'rateLimit']);
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
  });

  it.each([
    ['expired token', { type: 'pat', token: 'sim-token-expired' }],
    ['wrong password', { type: 'basic', username: 'admin', password: 'wrong' }],
  ] as const)('tells %s', async (_name, auth) => {
    const steps = await testOf({}, { auth });
    expect(last(steps)).toMatchObject({ ok: false, remedy: expect.stringContaining('personal access token') });
    expect(JSON.stringify(steps)).not.toContain(auth.type === 'pat' ? auth.token : '"wrong');
  });

  it('tells a CAPTCHA and where to solve it', async () => {
    const jira = await startJiraSimulator({ captchaAfter: 1 });
    const auth = { type: 'basic', username: 'admin', password: 'wrong' } as const;
    await targetFor(jira.url, { auth }).test(never());
    const steps = await targetFor(jira.url, { auth }).test(never());
    await jira.stop();
    expect(last(steps).detail).toContain(`${jira.url}/login.jsp`);
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

  it.each(['8.5.0', '10.0.0'])('refuses Jira %s, which does not list everybody', async (version) => {
    const auth = { type: 'basic', username: 'admin', password: 'admin' } as const;
    expect(last(await testOf({ version }, { auth }))).toMatchObject({ name: 'server', ok: false });
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
