import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readJiraOptions } from '../../../simulators/jira/commandLine';
import { person, send, startTestJira, useJira } from './support';

describe('control plane', () => {
  const jira = useJira({ users: 30, groups: 3 });

  it('counts calls, answers and the most requests at once', async () => {
    await jira().control.addFault({ kind: 'slow', delayMs: 100 });
    await Promise.all([1, 2, 3, 4].map(() => jira().get('/user?username=admin')));
    await jira().get('/user/properties/p?username=admin');
    expect(await jira().control.stats()).toMatchObject({
      calls: { 'GET /user': 4, 'GET /user/properties/{propertyKey}': 1 },
      answers: { '200': 4, '404': 1 },
      maxConcurrency: 4,
    });
  });

  it('pages through the state', async () => {
    const first = await control('GET', '/state?limit=20');
    expect(first.body).toMatchObject({ users: { length: 20 }, totals: { users: 32, activeUsers: 32, groups: 5 } });
    const { nextCursor } = first.body as { nextCursor: string };
    const second = await control('GET', `/state?limit=20&cursor=${encodeURIComponent(nextCursor)}`);
    expect(second.body).toMatchObject({ users: { length: 12 } });
    expect(second.body).not.toHaveProperty('nextCursor');
    expect(new Set((await jira().control.users()).map((user) => user.key)).size).toBe(32);
  });

  it('changes users, groups, memberships and leads behind our back, uncounted', async () => {
    const totals = await jira().control.change({
      groups: ['empty', { name: 'team-1', delete: true }],
      users: [
        { name: 'new', displayName: 'New', properties: { id: 1 }, groups: ['a', 'b'] },
        { name: 'member', rename: 'renamed', active: false, addGroups: ['a'], removeGroups: ['jira-software-users'] },
      ],
      memberships: { add: [{ user: 'admin', group: 'c' }], remove: [{ user: 'new', group: 'b' }] },
      projects: [{ key: 'ABC', lead: 'new' }],
    });
    expect(totals).toEqual({ users: 33, activeUsers: 32, groups: 8 });
    const users = new Map((await jira().control.users()).map((user) => [user.name, user]));
    expect(users.get('new')).toMatchObject({ groups: ['a'], properties: { id: 1 }, leads: ['ABC'] });
    expect(users.get('renamed')).toMatchObject({ key: 'JIRAUSER10100', active: false, groups: ['a'] });
    expect(users.get('admin')?.groups).toContain('c');
    expect(await jira().control.stats()).toMatchObject({ created: 0, deactivated: 0, effectsPerUser: {} });
    await jira().control.change({ users: [{ name: 'new', delete: true }] });
    expect((await jira().get('/user?username=new')).status).toBe(404);
  });

  it.each([
    ['/faults', { kind: 'http500' }],
    ['/faults', { kind: 'slow', matches: {} }],
    ['/users', { user: [] }],
    ['/users', { memberships: { add: [{ user: 'nobody', group: 'g' }] } }],
    ['/users', { users: [{ name: 'admin', rename: 'member' }] }],
  ])('refuses %s with %j and says why', async (path, body) => {
    const reply = await control('POST', path, body);
    expect(reply.status).toBe(400);
    expect((reply.body as { error: string }).error).not.toBe('');
  });

  it('resets everything, or one part', async () => {
    await jira().post('/user', person('fred'));
    await jira().control.reset('stats');
    expect(await jira().control.stats()).toMatchObject({ created: 0, calls: {}, maxConcurrency: 0 });
    expect((await jira().get('/user?username=fred')).status).toBe(200);
    await jira().control.reset();
    expect((await jira().get('/user?username=fred')).status).toBe(404);
  });

  it('generates the same people for the same seed', async () => {
    const other = await startTestJira({ users: 30, groups: 3 });
    expect(await other.control.users()).toEqual(await jira().control.users());
    await other.stop();
    const third = await startTestJira({ users: 30, groups: 3, seed: 2 });
    expect(await third.control.users()).not.toEqual(await jira().control.users());
    await third.stop();
  });

  function control(method: string, path: string, body?: unknown) {
    return send(`${jira().url}/_sim${path}`, method, { body });
  }
});

describe('data file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jira-simulator-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('keeps the state across restarts', async () => {
    const dataFile = join(folder, 'data', 'jira.json');
    const first = await startTestJira({ dataFile });
    await first.post('/user', { ...person('Fred'), password: 'secret' });
    await first.post('/group', { name: 'G' });
    await first.post('/group/user?groupname=g', { name: 'fred' });
    await first.put('/user/properties/id?username=fred', { a: [1] });
    await first.put('/user?username=fred', { active: false });
    await first.del('/user?username=member');
    await first.control.change({ projects: [{ key: 'ABC', lead: 'fred' }] });
    const before = await first.control.users();
    await first.stop();
    const second = await startTestJira({ dataFile, users: 10 });
    expect(await second.control.users()).toEqual(before);
    const members = await second.get('/group/member?groupname=g&includeInactiveUsers=true');
    expect(members.body).toMatchObject({ total: 1, values: [{ name: 'Fred', active: false }] });
    expect((await second.post('/user', person('member'))).body).toMatchObject({ key: 'JIRAUSER10100' });
    const created = await second.post('/user', person('next'));
    expect((created.body as { key: string }).key).toBe('JIRAUSER10300');
    await second.stop();
  });

  it('is written soon after a change, so that a kill loses next to nothing', async () => {
    const dataFile = join(folder, 'jira.json');
    const jira = await startTestJira({ dataFile });
    await jira.post('/user', person('fred'));
    await wait(500);
    expect(await readFile(dataFile, 'utf8')).toContain('"fred"');
    await jira.stop();
  });

  it('is not touched when it is something else', async () => {
    const dataFile = join(folder, 'letter.txt');
    await writeFile(dataFile, 'Dear diary');
    await expect(startTestJira({ dataFile })).rejects.toThrow('is not a snapshot of a simulator');
    expect(await readFile(dataFile, 'utf8')).toBe('Dear diary');
  });
});

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

  it.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', 'x'], '--port must be a whole number'],
    [['--port', '70000'], '--port must be a whole number'],
    [['--version', '9.13'], '--version must be one of'],
    [['--locale', 'it'], '--locale must be one of'],
    [['--rate', '5'], '--rate must be N/S'],
    [['8085'], 'Unexpected argument'],
  ])('refuses %j', (argv, reason) => {
    expect(() => readJiraOptions(argv)).toThrow(reason);
  });
});
