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

  it('tells the calls of a second', async () => {
    let nowMs = Date.parse('2025-03-01T00:00:00Z');
    const other = await startTestJira({ now: () => nowMs });
    for (let call = 0; call < 3; call += 1) await other.get('/myself');
    nowMs += 1_000;
    await other.get('/myself');
    expect(await other.control.stats()).toMatchObject({ maxCallsPerSecond: 3, callsLastSecond: 3 });
    nowMs += 2_000;
    expect(await other.control.stats()).toMatchObject({ maxCallsPerSecond: 3, callsLastSecond: 0 });
    await other.stop();
  });

  it('shows people a page of users and groups, with search and further pages', async () => {
    await jira().control.change({
      users: Array.from({ length: 120 }, (_, index) => ({
        name: `zz${String(index).padStart(3, '0')}`,
        active: index > 0,
      })),
    });
    const page = async (query: string) => (await control('GET', `/?${query}`)).text;
    const found = await page('q=ZZ0');
    expect(found).toContain('100 in all');
    expect(found).toContain('<tr class="off"><td>zz000');
    expect(found).not.toContain('zz100');
    const second = await page('q=zz&start=100');
    expect(second).toContain('<td>zz119');
    expect(second).not.toContain('<td>zz099');
    expect(second).toMatch(/start=0">back/);
    const groups = await page('view=groups&q=team');
    expect(groups).toContain('3 in all');
    expect(groups).not.toContain('jira-administrators</a>');
    expect(await page('q=%3Cb%3E')).toContain('value="&#60;b&#62;"');
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
