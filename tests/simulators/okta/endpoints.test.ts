import { request } from 'node:http';
import { readOktaOptions } from '../../../simulators/okta/commandLine';
import { UsageError } from '../../../simulators/support/cli';
import { oktas, type SimulatedOkta } from './support';

const started = oktas();
const idsOf = (rows: readonly Readonly<Record<string, unknown>>[]) => rows.map(({ id }) => id as string);
const logins = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.map(({ profile }) => (profile as { login: string }).login);
const search = (expression: string): string => `/api/v1/users?search=${encodeURIComponent(expression)}`;
const filter = (expression: string): string => `/api/v1/users?filter=${encodeURIComponent(expression)}`;

async function walk(okta: SimulatedOkta, path: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let next: string | null = path; next !== null;) {
    const page = await okta.get(next);
    ids.push(...idsOf(page.body as readonly Readonly<Record<string, unknown>>[]));
    next = page.next;
  }
  return ids;
}

describe('lists of the simulated Okta', () => {
  it('name the next page in the second of two link header lines, until there is none', async () => {
    const okta = await started({ users: 450 });
    const first = await okta.get('/api/v1/users');
    expect(first.links.map((link) => /rel="(\w+)"/.exec(link)?.[1])).toEqual(['self', 'next']);
    const ids = await walk(okta, '/api/v1/users');
    expect(new Set(ids).size).toBe(ids.length);
    const last = await okta.get(`/api/v1/users?after=${ids.at(-2)!}`);
    expect(last.links).toHaveLength(1);
  });

  it('come in two header lines on the wire', async () => {
    const okta = await started({ users: 3 });

    const lines = await new Promise<string[]>((resolve, reject) => {
      request(`${okta.url}/api/v1/users?limit=2`, { headers: { authorization: 'SSWS sim-token' } }, (answer) => {
        answer.resume();
        resolve(answer.rawHeaders.filter((name) => name.toLowerCase() === 'link'));
      })
        .once('error', reject)
        .end();
    });
    expect(lines).toEqual(['link', 'link']);
  });

  it('hide deprovisioned users unless a filter or a search asks', async () => {
    const okta = await started({ users: 100 });
    const hidden = await okta.rows(filter('status eq "DEPROVISIONED"'));
    expect(hidden).toHaveLength(1);
    expect(idsOf(await okta.rows('/api/v1/users'))).not.toContain(idsOf(hidden)[0]);
    expect(await okta.rows(search('lastUpdated gt "1970-01-01T00:00:00.000Z"'))).toHaveLength(100);
  });

  it('answer a search from an index that lags behind, and a filter at once', async () => {
    let now = Date.parse('2026-11-24T12:00:00.000Z');
    const okta = await started({ users: 5, searchLagMs: 10_000, now: () => now });
    now += 60_000;
    const since = 'lastUpdated gt "2026-11-24T12:00:30.000Z"';
    await okta.sim.change({ users: [{ login: 'new@example.com' }] });
    expect(logins(await okta.rows(filter(since)))).toEqual(['new@example.com']);
    expect(await okta.rows(search(since))).toEqual([]);
    now += 10_000;
    expect(logins(await okta.rows(search(since)))).toEqual(['new@example.com']);
  });

  it('compare with regard to letter case in a filter, without it in a search', async () => {
    const okta = await started();
    await okta.sim.change({ users: [{ login: 'Anna@example.com' }] });
    expect(await okta.rows(filter('profile.login eq "anna@example.com"'))).toEqual([]);
    expect(await okta.rows(search('profile.login eq "anna@example.com"'))).toHaveLength(1);
  });

  it('refuse what cannot be asked', async () => {
    const okta = await started();
    for (const path of [filter('profile.department eq "x"'), filter('status is "x"'), search('status eq "x" and')]) {
      expect(await okta.get(path)).toMatchObject({ status: 400, body: { errorCode: 'E0000031' } });
    }
    expect(await okta.get('/api/v1/users?limit=0')).toMatchObject({ status: 400, body: { errorCode: 'E0000001' } });
  });

  it('hold 200 users, 1,000 members and all groups unless a limit is given', async () => {
    const okta = await started({ users: 1_300, groups: 300 });
    expect(await okta.rows('/api/v1/users?limit=500')).toHaveLength(200);
    const groups = await okta.rows('/api/v1/groups');
    expect(groups).toHaveLength(301);
    const everyone = groups.find(({ type }) => type === 'BUILT_IN');
    expect(await okta.rows(`/api/v1/groups/${everyone!['id'] as string}/users`)).toHaveLength(1_000);
  });

  it('tell the number of members and the app of a group when asked to', async () => {
    const okta = await started();
    await okta.sim.change({
      groups: [{ name: 'from-jira', app: 'jira_onprem' }],
      users: [{ login: 'anna@example.com', groups: ['from-jira'] }],
    });
    const query = encodeURIComponent('type eq "APP_GROUP"');
    const [plain] = await okta.rows(`/api/v1/groups?filter=${query}`);
    const [full] = await okta.rows(`/api/v1/groups?filter=${query}&expand=stats,app`);
    expect(plain).not.toHaveProperty('_embedded');
    expect(full).toMatchObject({ _embedded: { stats: { usersCount: 1 }, app: { name: 'jira_onprem' } } });
  });

  it('find groups by the time of their last change of members', async () => {
    let now = Date.parse('2026-11-24T12:00:00.000Z');
    const okta = await started({ groups: 2, now: () => now });
    now += 60_000;
    await okta.sim.change({ users: [{ login: 'anna@example.com', groups: ['group-0001'] }] });
    const query = encodeURIComponent('type eq "OKTA_GROUP" and (lastUpdated gt "T" or lastMembershipUpdated gt "T")');
    const changed = await okta.rows(`/api/v1/groups?filter=${query.replaceAll('T%22', '2026-11-24T12:00:30.000Z%22')}`);
    expect(changed.map(({ profile }) => (profile as { name: string }).name)).toEqual(['group-0001']);
  });
});

describe('single records of the simulated Okta', () => {
  it('are found by id and by login, deprovisioned ones too; a deleted one is not there', async () => {
    const okta = await started();
    const users = [{ login: 'Anna@example.com', status: 'DEPROVISIONED' as const }, { login: 'bo@example.com' }];
    await okta.sim.change({ users });
    const anna = await okta.get('/api/v1/users/anna@example.com');
    expect(anna).toMatchObject({ status: 200, body: { status: 'DEPROVISIONED' } });
    await okta.sim.change({ users: [{ login: 'Anna@example.com', delete: true }] });
    const { id } = anna.body as { id: string };
    expect(await okta.get(`/api/v1/users/${id}`)).toMatchObject({ status: 404, body: { errorCode: 'E0000007' } });
  });

  it('keep the id through a rename, and get a new one when made again under the old login', async () => {
    const okta = await started();
    await okta.sim.change({ users: [{ login: 'anna@example.com' }] });
    const before = idsOf(await okta.rows('/api/v1/users'));
    await okta.sim.change({ users: [{ login: 'anna@example.com', profile: { login: 'bell@example.com' } }] });
    expect(idsOf(await okta.rows('/api/v1/users'))).toEqual(before);
    const again = { login: 'bell@example.com' };
    await okta.sim.change({ users: [{ ...again, delete: true }] });
    await okta.sim.change({ users: [again] });
    expect(idsOf(await okta.rows('/api/v1/users'))).not.toEqual(before);
  });

  it('lose their groups when they are deprovisioned', async () => {
    const okta = await started();
    await okta.sim.change({ users: [{ login: 'anna@example.com', groups: ['a'] }] });
    expect(await okta.rows('/api/v1/users/anna@example.com/groups')).toHaveLength(2);
    await okta.sim.change({ users: [{ login: 'anna@example.com', status: 'DEPROVISIONED' }] });
    expect(await okta.rows('/api/v1/users/anna@example.com/groups')).toEqual([]);
  });
});

describe('a role that is limited to some groups', () => {
  it('sees these, their members and no others, answers 404 for the rest, and never sees Everyone', async () => {
    const okta = await started({ users: 20, groups: 2, role: 'USER_ADMIN', targets: ['team'] });
    await okta.sim.change({ users: [{ login: 'anna@example.com', groups: ['team'] }, { login: 'bo@example.com' }] });
    expect(logins(await okta.rows('/api/v1/users'))).toEqual(['anna@example.com']);
    expect(await okta.rows('/api/v1/groups')).toHaveLength(1);
    expect((await okta.get('/api/v1/users/bo@example.com')).status).toBe(404);
    await okta.sim.change({ targets: [] });
    const types = (await okta.rows('/api/v1/groups')).map(({ type }) => type);
    expect(types).toHaveLength(3);
    expect(types).not.toContain('BUILT_IN');
  });

  it('is told to the token of its owner', async () => {
    const okta = await started({ role: 'HELP_DESK_ADMIN' });
    const me = (await okta.get('/api/v1/users/me')).body as { id: string };
    expect(await okta.rows(`/api/v1/users/${me.id}/roles`)).toMatchObject([{ type: 'HELP_DESK_ADMIN' }]);
  });
});

describe('the system log', () => {
  it('always links to the next page when it is polled, also on an empty one', async () => {
    const okta = await started();
    const first = await okta.get('/api/v1/logs?since=2026-11-24T00:00:00.000Z&sortOrder=ASCENDING');
    expect(first.body).toEqual([]);
    const second = await okta.get(first.next ?? '');
    expect(second.next).not.toBeNull();
    expect((await okta.get('/api/v1/logs?until=2026-11-24T00:00:00.000Z')).next).toBeNull();
    expect((await okta.get('/api/v1/logs?since=a&after=b')).status).toBe(400);
  });
});

describe('the command line', () => {
  it('is read, and refuses what it does not know', () => {
    expect(readOktaOptions(['--users', '5', '--role', 'USER_ADMIN', '--search-lag', '3'])).toEqual({
      users: 5,
      role: 'USER_ADMIN',
      searchLagMs: 3_000,
    });
    for (const argv of [
      ['--userz', '5'],
      ['--role', 'KING'],
      ['--key-id', 'x'],
      ['--public-key', '/no', '--key-id', 'x'],
    ]) {
      expect(() => readOktaOptions(argv)).toThrow(UsageError);
    }
  });
});
