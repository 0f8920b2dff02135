import { DEFAULT_BEHAVIOUR } from '../../../simulators/jira/behaviour';
import { findJiraVersion, isSupportedVersion, JIRA_LINES } from '../../../simulators/jira/versions';
import { bearer, person, startTestJira, withJira, type TestJira } from './support';

const RATE_LIMIT = { limit: 1000, fillRate: 1000, intervalSeconds: 1 };
const GENERATED = 1200;

/** What a client can see of each version; every row is asked of a running server. */
interface Seen {
  readonly version: string;
  readonly serverInfo: string;
  readonly token: 200 | 401;
  readonly limitHeaders: boolean;
  /** Matches that user/search gives away in pages of 1,000, of 1,202 that there are. */
  readonly found: 1202 | 1000 | 100;
  readonly pageOf1000: 1000 | 100;
  readonly deletedFlag: boolean;
  readonly includeDeleted: 200 | 404;
  readonly anonymization: 200 | 404;
  readonly duplicated: 200 | 404;
  readonly lastLoginTime: boolean;
  readonly userList: 200 | 404;
  readonly readOnlyMode: 200 | 404;
  readonly group: 200 | 404;
}

const AS_9: Omit<Seen, 'version' | 'serverInfo'> = {
  token: 200,
  limitHeaders: true,
  found: 1202,
  pageOf1000: 1000,
  deletedFlag: true,
  includeDeleted: 200,
  anonymization: 200,
  duplicated: 200,
  lastLoginTime: false,
  userList: 404,
  readOnlyMode: 404,
  group: 200,
};

const AS_10: Omit<Seen, 'version' | 'serverInfo'> = {
  ...AS_9,
  found: 100,
  pageOf1000: 100,
  lastLoginTime: true,
  group: 404,
};

const AS_8_5: Omit<Seen, 'version' | 'serverInfo'> = {
  ...AS_9,
  token: 401,
  limitHeaders: false,
  found: 1000,
  deletedFlag: false,
  includeDeleted: 404,
  anonymization: 404,
  duplicated: 404,
};

const PROFILES: readonly Seen[] = [
  { version: '8.5', serverInfo: '8.5.0', ...AS_8_5 },
  { version: '8.5.6', serverInfo: '8.5.6', ...AS_8_5, found: 1202 },
  { version: '8.13', serverInfo: '8.13.1', ...AS_9, token: 401, duplicated: 404 },
  { version: '8.20', serverInfo: '8.20.0', ...AS_9 },
  { version: '9.4', serverInfo: '9.4.0', ...AS_9 },
  { version: '9.12', serverInfo: '9.12.0', ...AS_9 },
  { version: '10.0', serverInfo: '10.0.0', ...AS_10 },
  { version: '10.3', serverInfo: '10.3.0', ...AS_10 },
  { version: '10.3.24', serverInfo: '10.3.24', ...AS_10, userList: 200, readOnlyMode: 200 },
  { version: '10.5', serverInfo: '10.5.0', ...AS_10 },
];

describe.each(PROFILES)('the simulated Jira $version', ({ version, ...expected }) => {
  let jira: TestJira | undefined;
  beforeAll(async () => {
    jira = await startTestJira({ version, users: GENERATED, rateLimit: RATE_LIMIT });
  });
  afterAll(async () => {
    await jira?.stop();
  });

  it('shows what the version has and nothing else', async () => {
    expect(await look(jira!)).toEqual(expected);
  });

  it('gives numbered keys, deactivates over PUT and keeps the groups', async () => {
    const { body } = await jira!.post('/user', person('fred'));
    expect(body).toMatchObject({ key: expect.stringMatching(/^JIRAUSER\d+$/) });
    await jira!.post('/group/user?groupname=jira-software-users', { name: 'fred' });
    expect((await jira!.put('/user?username=fred', { active: false })).status).toBe(200);
    expect((await jira!.get('/user?username=fred&expand=groups')).body).toMatchObject({
      active: false,
      groups: { size: 1, items: [{ name: 'jira-software-users' }] },
    });
  });

  it('lists 50 members a page', async () => {
    const members = await jira!.get('/group/member?groupname=jira-software-users&maxResults=1000');
    expect(members.body).toMatchObject({ maxResults: 50, values: { length: 50 }, isLast: false });
  });

  async function look(one: TestJira): Promise<Omit<Seen, 'version'>> {
    const admin = await one.get('/user?username=admin');
    await one.post('/user', person('gone'));
    await one.del('/user?username=gone');
    const [first, second] = [await page(one, 0), await page(one, 1000)];
    const pageOf1000 = first.length as Seen['pageOf1000'];
    const bean = admin.body as Record<string, unknown>;
    return {
      serverInfo: ((await one.get('/serverInfo')).body as { version: string }).version,
      token: (await status(one, '/myself', bearer('sim-token'))) as Seen['token'],
      limitHeaders: admin.headers.get('x-ratelimit-limit') !== null,
      found: (pageOf1000 + second.length) as Seen['found'],
      pageOf1000,
      deletedFlag: 'deleted' in bean,
      includeDeleted: (await status(one, '/user?username=gone&includeDeleted=true')) as Seen['includeDeleted'],
      anonymization: (await status(one, '/user/anonymization?userKey=JIRAUSER10100')) as Seen['anonymization'],
      duplicated: (await status(one, '/user/duplicated/count')) as Seen['duplicated'],
      lastLoginTime: 'lastLoginTime' in bean,
      userList: (await status(one, '/user/list')) as Seen['userList'],
      readOnlyMode: (await status(one, '/readonly-mode')) as Seen['readOnlyMode'],
      group: (await status(one, '/group?groupname=jira-administrators')) as Seen['group'],
    };
  }

  async function page(one: TestJira, startAt: number): Promise<readonly unknown[]> {
    const query = `username=.&includeInactive=true&startAt=${startAt}&maxResults=1000`;
    return (await one.get(`/user/search?${query}`)).body as readonly unknown[];
  }

  async function status(one: TestJira, path: string, headers?: Readonly<Record<string, string>>): Promise<number> {
    return (await one.get(path, headers === undefined ? {} : { headers })).status;
  }
});

describe('the list of everybody in late patches of 10.3', () => {
  it('goes through all users once, inactive ones too, in pages with a cursor', async () => {
    await withJira({ version: '10.3.24', users: 250 }, async (jira) => {
      await jira.control.change({ users: [{ name: 'member', active: false }] });
      const keys: string[] = [];
      let path: string | undefined = '/user/list?maxResults=100';
      while (path !== undefined) {
        const { body } = await jira.get(path);
        const page = body as { values: { key: string }[]; nextPage?: string; isLast: boolean };
        keys.push(...page.values.map((user) => user.key));
        expect(page.isLast).toBe(page.nextPage === undefined);
        path = page.nextPage?.split('/rest/api/2')[1];
      }
      expect([keys.length, new Set(keys).size]).toEqual([252, 252]);
      expect(keys).toContain('JIRAUSER10100');
    });
  });

  it.each([
    [{ firstPatchWithUserList: 12 }, '10.3.12', true],
    [{ firstPatchWithUserList: 12 }, '10.3.11', false],
    [{ userListOn105: 'present' }, '10.5.0', true],
    [{ userListOn105: 'present' }, '10.0.0', false],
  ] as const)('with %j is there in %s: %p', (behaviour, version, expected) => {
    expect(findJiraVersion(version, { ...DEFAULT_BEHAVIOUR, ...behaviour })?.userList).toBe(expected);
  });
});

describe('versions', () => {
  it('are the eight lines, or any patch of one', () => {
    expect(JIRA_LINES).toEqual(['8.5', '8.13', '8.20', '9.4', '9.12', '10.0', '10.3', '10.5']);
    expect(['8.5', '9.12.17', '10.3.24'].every(isSupportedVersion)).toBe(true);
    expect(['8.2.0', '8.6', '9', '9.12.x', '11.0', '', '10.30'].some(isSupportedVersion)).toBe(false);
  });

  it.each([
    ['8.20.3', 820003],
    ['9.4.1', 9040001],
    ['10.5.0', 10050000],
  ])('have the build number of %s', (version, buildNumber) => {
    expect(findJiraVersion(version)?.buildNumber).toBe(buildNumber);
  });

  it('before 8.4 gave the username as key, which a rename keeps (JRASERVER-68189)', async () => {
    await withJira({ version: '8.2.0', users: 1 }, async (jira) => {
      expect((await jira.post('/user', person('Fred'))).body).toMatchObject({ key: 'fred', name: 'Fred' });
      expect((await jira.put('/user?key=fred', { name: 'freddy' })).body).toMatchObject({
        key: 'fred',
        name: 'freddy',
      });
      const [second] = [await jira.post('/user', person('fred'))];
      expect(second.body).toMatchObject({ key: expect.stringMatching(/^JIRAUSER/), name: 'fred' });
    });
  });

  it('of upgraded installations have users with keys of both kinds', async () => {
    await withJira({ version: '9.12', users: 4, legacyKeys: 2 }, async (jira) => {
      const generated = (await jira.control.users()).filter(({ name }) => name.includes('.'));
      expect(generated.filter(({ key, name }) => key === name)).toHaveLength(2);
      expect(generated.filter(({ key }) => key.startsWith('JIRAUSER'))).toHaveLength(2);
    });
  });
});
