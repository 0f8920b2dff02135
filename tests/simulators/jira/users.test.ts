import type { UnsettledBehaviour } from '../../../simulators/jira/behaviour';
import { general, ofField, person, startTestJira, useJira, type TestJira } from './support';

describe('users of the simulated Jira', () => {
  const jira = useJira();

  it('are found by name in any case and by key, and keep the case they were written in', async () => {
    const created = await jira().post('/user', person('Fred'));
    expect(created.status).toBe(201);
    const { key } = created.body as { key: string };
    expect((await jira().get('/user?username=FRED')).body).toMatchObject({ name: 'Fred', key });
    expect((await jira().get(`/user?key=${key}`)).body).toMatchObject({ name: 'Fred' });
  });

  it('get keys that are no sequence', async () => {
    const keys: number[] = [];
    for (let number = 0; number < 10; number += 1) {
      const { body } = await jira().post('/user', person(`u${number}`));
      keys.push(Number((body as { key: string }).key.replace('JIRAUSER', '')));
    }
    const steps = keys.slice(1).map((key, index) => key - keys[index]!);
    expect(keys[0]).toBeGreaterThanOrEqual(10_200);
    expect(steps.some((step) => step > 1)).toBe(true);
    expect(steps.every((step) => step > 0)).toBe(true);
  });

  it('join the default groups only when applicationKeys are absent or name the application', async () => {
    await jira().post('/user', { ...person('a'), applicationKeys: undefined });
    await jira().post('/user', { ...person('b'), applicationKeys: [] });
    await jira().post('/user', { ...person('c'), applicationKeys: ['jira-software'] });
    const unknown = await jira().post('/user', { ...person('d'), applicationKeys: ['jira-nothing'] });
    expect(await groupsOf(jira(), ['a', 'b', 'c'])).toEqual([['jira-software-users'], [], ['jira-software-users']]);
    expect(unknown.status).toBe(400);
  });

  it.each([
    ['name', '', 'username', 'You must specify a username.'],
    ['name', 'a<b', 'username', "The username must not contain '<', '>' or '&'."],
    ['emailAddress', 'nobody', 'emailAddress', 'You must specify a valid email address.'],
    ['displayName', ' ', 'displayName', 'You must specify a full name.'],
  ])('are refused with a wrong %s (%p)', async (field, value, errorField, text) => {
    const reply = await jira().post('/user', { ...person('fred'), [field]: value });
    expect([reply.status, reply.body]).toEqual([400, ofField(errorField, text)]);
    expect((await jira().control.stats()).created).toBe(0);
  });

  it('are renamed without losing key, groups or place in lists', async () => {
    await jira().control.change({
      users: [
        { name: 'anna', groups: ['g'] },
        { name: 'zoe', groups: ['g'] },
      ],
    });
    const before = await jira().get('/user?username=anna');
    const { key } = before.body as { key: string };
    const reply = await jira().put(`/user?key=${key}`, { name: 'Zora' });
    expect(reply.body).toMatchObject({ key, name: 'Zora' });
    expect((await jira().get('/user?username=anna')).status).toBe(404);
    const members = await jira().get('/group/member?groupname=g');
    expect((members.body as { values: { name: string }[] }).values.map((user) => user.name)).toEqual(['zoe', 'Zora']);
    const taken = await jira().put(`/user?key=${key}`, { name: 'ZOE' });
    expect([taken.status, taken.body]).toEqual([400, ofField('username', 'A user with that username already exists.')]);
    expect((await jira().put(`/user?key=${key}`, { name: 'ZORA' })).body).toMatchObject({ name: 'ZORA' });
  });

  it('are changed only where the request says so, also with active as a text', async () => {
    await jira().put('/user?username=member', { displayName: 'New Name', active: 'false' });
    const [, member] = await jira().control.users();
    expect(member).toMatchObject({ displayName: 'New Name', emailAddress: 'member@example.com', active: false });
    const nothing = await jira().put('/user?username=member', { unknown: 1 });
    expect([nothing.status, nothing.body]).toEqual([400, general('error.no.value.found.to.be.changed')]);
  });

  it('count a repeated change as a no-op', async () => {
    const change = { displayName: 'New', emailAddress: 'new@example.com', active: false };
    await jira().put('/user?username=member', change);
    await jira().put('/user?username=member', change);
    const stats = await jira().control.stats();
    expect(stats).toMatchObject({ updated: 1, deactivated: 1, noops: 1 });
    expect(stats.effectsPerUser).toEqual({ JIRAUSER10100: { updated: 1, deactivated: 1 } });
  });

  it('cannot be deactivated while they lead a project, when they call, or as the last administrator', async () => {
    await jira().control.change({
      users: [{ name: 'boss', groups: ['jira-administrators'], password: 'boss' }],
      projects: [{ key: 'ABC', lead: 'member' }],
    });
    expect((await jira().put('/user?username=member', { active: false })).status).toBe(400);
    expect((await jira().put('/user?username=admin', { active: false })).status).toBe(400);
    expect((await jira().put('/user?username=boss', { active: false })).status).toBe(200);
    await jira().control.change({ projects: [{ key: 'ABC', delete: true }] });
    expect((await jira().put('/user?username=member', { active: false })).status).toBe(200);
  });

  it('that were deleted can be asked for, and get their key back when they return', async () => {
    expect((await jira().del('/user?username=member')).status).toBe(204);
    expect((await jira().get('/user?username=member')).status).toBe(404);
    const deleted = await jira().get('/user?username=member&includeDeleted=true');
    expect(deleted.body).toMatchObject({ key: 'JIRAUSER10100', deleted: true, active: false });
    const again = await jira().post('/user', person('Member'));
    expect(again.body).toMatchObject({ key: 'JIRAUSER10100', name: 'Member' });
    expect((await jira().control.stats()).effectsPerUser).toEqual({
      JIRAUSER10100: { membershipsRemoved: 1, deleted: 1, created: 1 },
    });
  });

  it('have a password that can be set and sessions that can be ended', async () => {
    expect((await jira().put('/user/password?username=member', { password: 'new' })).status).toBe(204);
    expect((await jira().put('/user/password?username=member', {})).status).toBe(400);
    expect((await jira().del('/user/session/member')).status).toBe(204);
    expect((await jira().del('/user/session/nobody')).status).toBe(404);
  });
});

describe('behaviour that no recording settles', () => {
  it.each<[string, Partial<UnsettledBehaviour>, Readonly<Record<string, unknown>>]>([
    ['a full answer to a create', { createAnswer: 'full' }, { active: true, groups: { size: 0, items: [] } }],
    ['no groups without applicationKeys', { createWithoutApplicationKeys: 'noGroups' }, { key: 'JIRAUSER10200' }],
    ['errors named as on the form', { errorFieldNames: 'form' }, { name: 'fred' }],
  ])('offers %s', async (_name, behaviour, expected) => {
    const jira = await startTestJira({ behaviour });
    try {
      expect((await jira.post('/user', person('fred'))).body).toMatchObject(expected);
    } finally {
      await jira.stop();
    }
  });

  it('answers 500 to the return of a deleted name although the user is there (JiraPS #354)', async () => {
    const jira = await startTestJira({ behaviour: { recreateAnswer: 'serverError' } });
    try {
      await jira.del('/user?username=member');
      expect((await jira.post('/user', person('member'))).status).toBe(500);
      expect((await jira.get('/user?username=member')).status).toBe(200);
    } finally {
      await jira.stop();
    }
  });

  it.each([
    ['withoutAccess', 201, 0],
    ['refused', 400, undefined],
  ] as const)('treats a create beyond the seats as %s', async (createOverSeats, status, groups) => {
    const jira = await startTestJira({ seats: 2, behaviour: { createOverSeats } });
    try {
      const reply = await jira.post('/user', { ...person('fred'), applicationKeys: ['jira-software'] });
      expect(reply.status).toBe(status);
      const fred = (await jira.control.users()).find((user) => user.name === 'fred');
      expect(fred?.groups.length).toBe(groups);
      expect((await jira.get('/applicationrole')).body).toMatchObject([{ numberOfSeats: 2, remainingSeats: 0 }]);
    } finally {
      await jira.stop();
    }
  });
});

async function groupsOf(jira: TestJira, names: readonly string[]): Promise<(readonly string[] | undefined)[]> {
  const users = await jira.control.users();
  return names.map((name) => users.find((user) => user.name === name)?.groups);
}
