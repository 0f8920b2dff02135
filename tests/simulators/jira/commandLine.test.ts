import { readJiraOptions } from '../../../simulators/jira/commandLine';

describe('command line', () => {
  it('is read', () => {
    const argv = ['--port', '8085', '--users', '10', '--version', '9.12', '--rate', '5/1', '--context-path', '/jira'];
    expect(readJiraOptions(argv)).toEqual({
      port: 8085,
      users: 10,
      version: '9.12',
      contextPath: '/jira',
      rateLimit: { limit: 5, fillRate: 5, intervalSeconds: 1 },
    });
  });

  it('is read for everything else too', () => {
    const options = [
      ...['--version', '10.3.24', '--file', '/tmp/f.json', '--rate', '5/2', '--bucket', '70', '--nodes', '3'],
      ...['--seats', 'jira-software=10,jira-servicedesk=3', '--applications', 'jira-software,jira-servicedesk'],
      ...['--directories', 'ldap-first', '--ldap-groups', 'local', '--email', 'masked', '--legacy-keys', '5'],
      ...['--captcha-after', '3', '--basic', 'off', '--crowd-allow', '10.0.0.0/8,127.0.0.1', '--latency', '30-150'],
      ...['--faults', '{"kind":"rate-limit","rate":0.1}', '--behaviour', 'createAnswer=full,readOnlyStatus=400'],
    ];
    expect(readJiraOptions(options)).toEqual({
      version: '10.3.24',
      dataFile: '/tmp/f.json',
      rateLimit: { limit: 70, fillRate: 5, intervalSeconds: 2 },
      nodes: 3,
      seats: { 'jira-software': 10, 'jira-servicedesk': 3 },
      applications: ['jira-software', 'jira-servicedesk'],
      directories: 'ldap-first',
      ldapGroups: 'local',
      emailVisibility: 'masked',
      legacyKeys: 5,
      captchaAfter: 3,
      basicDisabled: true,
      crowdApplication: { name: 'rollcall', password: 'rollcall-secret', allowed: ['10.0.0.0/8', '127.0.0.1'] },
      faults: [
        { kind: 'slow', delayMs: 30, jitterMs: 120 },
        { kind: 'rate-limit', rate: 0.1 },
      ],
      behaviour: { createAnswer: 'full', readOnlyStatus: 400 },
    });
  });

  it.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', 'x'], '--port must be a whole number'],
    [['--port', '70000'], '--port must be a whole number'],
    [['--version', '9.13'], '--version must be one of'],
    [['--version', '8.2'], '8.5 8.13 8.20 9.4 9.12 10.0 10.3 10.5'],
    [['--seats', 'jira-core=1'], '--seats must be one of'],
    [['--seats', 'jira-software=x'], '--seats must be a whole number'],
    [['--directories', 'ad'], '--directories must be one of'],
    [['--bucket', '5'], '--bucket needs --rate'],
    [['--latency', '150-30'], '--latency must be'],
    [['--crowd-allow', '10.0.0.0/33'], '--crowd-allow must be'],
    [['--crowd-allow', 'example.com'], '--crowd-allow must be'],
    [['--faults', '{"kind":"slow"'], '--faults must be JSON'],
    [['--faults', '{"kind":"slowly"}'], '--faults must be JSON'],
    [['--behaviour', 'createAnswer=long'], '--behaviour createAnswer must be one of short full'],
    [['--behaviour', 'mood=good'], "--behaviour has no 'mood'"],
    [['--behaviour', 'createAnswer'], '--behaviour must be NAME=VALUE'],
    [['--locale', 'it'], '--locale must be one of'],
    [['--rate', '5'], '--rate must be N/S'],
    [['8085'], 'Unexpected argument'],
  ])('refuses %j', (argv, reason) => {
    expect(() => readJiraOptions(argv)).toThrow(reason);
  });
});
