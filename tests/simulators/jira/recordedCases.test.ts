import { general, ofField, person, startTestJira, useJira, type Reply, type TestJira } from './support';

/**
 * What was recorded on real servers, or is pinned by clients that run against them; each case names where it is known
 * from.
 */
describe('recorded behaviour of Jira', () => {
  const jira = useJira();

  describe('deactivation (JRASERVER-36639, JRASERVER-37294)', () => {
    it('is refused by 8.2, which finds nothing to change', async () => {
      await withVersion('8.2.0', async (old) => {
        await old.post('/user', person('fred'));
        const reply = await old.put('/user?username=fred', { active: false });
        expect(reply.status).toBe(400);
        expect(reply.body).toEqual(general('error.no.value.found.to.be.changed'));
      });
    });

    it('works since 8.3 and keeps the groups', async () => {
      await jira().put('/user?username=member', { active: false });
      const reply = await jira().get('/user?username=member&expand=groups');
      expect(reply.body).toMatchObject({
        active: false,
        groups: { size: 1, items: [{ name: 'jira-software-users' }] },
      });
    });
  });

  it('refuses a second user of the same name in another case (pycontribs/jira)', async () => {
    await jira().post('/user', person('fred'));
    const reply = await jira().post('/user', person('FRED'));
    expect(reply.status).toBe(400);
    expect(reply.body).toEqual(ofField('username', 'A user with that username already exists.'));
  });

  it.each([
    ['en', "The user named 'x' does not exist"],
    ['de', "Der Benutzer namens 'x' existiert nicht"],
    ['fr', "L'utilisateur 'x' n'existe pas"],
  ] as const)('tells in %s that a user is missing (gldog/anonymize_jira_users, JRJC)', async (locale, text) => {
    await jira().control.change({ users: [{ name: 'admin', locale }] });
    const reply = await jira().get('/user?username=x');
    expect(reply.status).toBe(404);
    expect(reply.body).toEqual(general(text));
  });

  it('adds and removes a member once, and refuses the second time (Artemis, PHP client)', async () => {
    await jira().post('/group', { name: 'g' });
    const path = '/group/user?groupname=g';
    const statuses = [
      await jira().post(path, { name: 'member' }),
      await jira().post(path, { name: 'member' }),
      await jira().del(`${path}&username=member`),
      await jira().del(`${path}&username=member`),
    ].map((reply) => [reply.status, reply.body]);
    expect(statuses).toEqual([
      [201, expect.objectContaining({ name: 'g' })],
      [400, general("Cannot add user 'member', user is already a member of 'g'")],
      [200, undefined],
      [400, general("Cannot remove user 'member' from group 'g' since user is not a member of 'g'")],
    ]);
  });

  it.each([
    ['8.5.0', 1614, 'startAt=1000&maxResults=50', 0],
    ['8.13.1', 1614, 'startAt=999&maxResults=1000', 617],
    ['9.12.0', 1614, 'startAt=999&maxResults=1000', 617],
    ['10.0.0', 150, 'startAt=98&maxResults=20', 2],
    ['10.0.0', 150, 'startAt=100&maxResults=20', 0],
  ])(
    'search in %s of %d generated users with %s finds %d (JRASERVER-65089, gldog, JRASERVER-78520)',
    async (...row) => {
      const [version, users, page, expected] = row;
      await withVersion(
        version,
        async (other) => {
          const reply = await other.get(`/user/search?username=.&includeInactive=true&${page}`);
          expect(reply.body).toHaveLength(expected);
        },
        users
      );
    }
  );

  it('lists 50 members at most, active ones unless asked, and says which group is missing (JRASERVER-38898)', async () => {
    const users = Array.from({ length: 60 }, (_, index) => ({
      name: `m${index}`,
      active: index >= 5,
      groups: ['many'],
    }));
    await jira().control.change({ users });
    const active = await jira().get('/group/member?groupname=many&maxResults=1000');
    expect(active.body).toMatchObject({ maxResults: 50, total: 55, isLast: false });
    const all = await jira().get('/group/member?groupname=many&includeInactiveUsers=true&startAt=50');
    expect(all.body).toMatchObject({ total: 60, isLast: true, values: { length: 10 } });
    const missing = await jira().get('/group/member?groupname=gone');
    expect([missing.status, missing.body]).toEqual([404, general("The group named 'gone' does not exist")]);
  });

  it('answers too many requests with the page of Tomcat and headers of 5 a second (ahungry/org-jira#365)', async () => {
    const nowMs = Date.parse('2025-03-01T00:00:00Z');
    const limited = await startTestJira({
      rateLimit: { limit: 5, fillRate: 5, intervalSeconds: 1 },
      now: () => nowMs,
    });
    try {
      const replies: Reply[] = [];
      for (let request = 0; request < 6; request += 1) replies.push(await limited.get('/myself'));
      const shown = (index: number) =>
        ['limit', 'remaining', 'fillrate', 'interval-seconds'].map((name) =>
          replies[index]?.headers.get(`x-ratelimit-${name}`)
        );
      expect(shown(3)).toEqual(['5', '1', '5', '1']);
      expect(replies[5]?.status).toBe(429);
      expect(replies[5]?.headers.get('content-type')).toContain('text/html');
      expect(replies[5]?.text).toContain('<title>HTTP Status 429 – Too Many Requests</title>');
      expect(replies[5]?.text).toContain('Rate limit exceeded.');
    } finally {
      await limited.stop();
    }
  });

  it('knows no anonymization that was not asked for (gldog/anonymize_jira_users)', async () => {
    const reply = await jira().get('/user/anonymization/progress?taskId=10100');
    expect(reply.status).toBe(404);
    expect(reply.body).toEqual(general('A user anonymization task could not be found'));
  });

  it('counts the matching groups in the header of the picker (ODS)', async () => {
    const reply = await jira().get('/groups/picker?query=software');
    expect(reply.body).toEqual({
      header: 'Showing 1 of 1 matching groups',
      total: 1,
      groups: [{ name: 'jira-software-users', html: 'jira-<b>software</b>-users', labels: [] }],
    });
  });

  it('describes the server and the permissions in the recorded shape (gldog)', async () => {
    const info = await jira().get('/serverInfo', { headers: {} });
    expect(info.body).toMatchObject({ version: '9.12.0', versionNumbers: [9, 12, 0], deploymentType: 'Server' });
    expect(Object.keys(info.body as object).sort()).toEqual(
      [
        'baseUrl',
        'buildDate',
        'buildNumber',
        'databaseBuildNumber',
        'deploymentType',
        'scmInfo',
        'serverTime',
        'serverTitle',
        'version',
        'versionNumbers',
      ].sort()
    );
    const permissions = await jira().get('/mypermissions');
    expect(permissions.body).toMatchObject({
      permissions: {
        ADMINISTER: { id: '0', key: 'ADMINISTER', type: 'GLOBAL', havePermission: true },
        SYSTEM_ADMIN: { id: '44', havePermission: true },
      },
    });
  });

  it('starts with the users of a fresh Jira Software and its keys (baton-jira-datacenter)', async () => {
    const users = await jira().control.users();
    expect(users.map(({ key, name, groups }) => [key, name, groups])).toEqual([
      ['JIRAUSER10000', 'admin', ['jira-administrators', 'jira-software-users']],
      ['JIRAUSER10100', 'member', ['jira-software-users']],
    ]);
  });

  it.each([
    ['masked', 'member at example dot com'],
    ['hidden', undefined],
  ] as const)('shows addresses %s when the installation says so (JRJC)', async (emailVisibility, shown) => {
    const other = await startTestJira({ emailVisibility });
    try {
      const reply = await other.get('/user?username=member');
      expect((reply.body as { emailAddress?: string }).emailAddress).toBe(shown);
    } finally {
      await other.stop();
    }
  });
});

async function withVersion(version: string, use: (jira: TestJira) => Promise<void>, users = 0): Promise<void> {
  const jira = await startTestJira({ version, users });
  try {
    await use(jira);
  } finally {
    await jira.stop();
  }
}
