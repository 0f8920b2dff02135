import { ADMIN, basic, send, useJira, withJira, type Reply, type TestJira } from './support';

const OPT_IN = { 'X-ExperimentalApi': 'opt-in' };
const LICENSED = { applications: ['jira-software', 'jira-servicedesk'] } as const;

describe('organizations of the simulated Service Management', () => {
  const jira = useJira(LICENSED);

  it('are created, shown, listed by page and deleted', async () => {
    const ids: string[] = [];
    for (const name of ['One', 'Two', 'Three']) ids.push(idOf(await ask(jira(), 'POST', '', { name })));
    const first = await ask(jira(), 'GET', '?limit=2');
    expect(first.body).toMatchObject({
      size: 2,
      start: 0,
      limit: 2,
      isLastPage: false,
      values: [{ name: 'One' }, { name: 'Two' }],
      _links: { next: `${jira().url}/rest/servicedeskapi/organization?start=2&limit=2` },
    });
    const second = await ask(jira(), 'GET', '?start=2&limit=2');
    expect(second.body).toMatchObject({ isLastPage: true, values: [{ id: ids[2], name: 'Three' }] });
    expect((await ask(jira(), 'GET', `/${ids[0]}`)).body).toMatchObject({ id: ids[0], name: 'One' });
    expect((await ask(jira(), 'DELETE', `/${ids[0]}`)).status).toBe(204);
    expect((await ask(jira(), 'GET', `/${ids[0]}`)).status).toBe(404);
    expect(await jira().control.stats()).toMatchObject({ organizationsCreated: 3, organizationsDeleted: 1 });
  });

  it('get and lose customers, each once', async () => {
    const id = idOf(await ask(jira(), 'POST', '', { name: 'Customers' }));
    const path = `/${id}/user`;
    const both = { usernames: ['member', 'ADMIN'] };
    expect((await ask(jira(), 'POST', path, both)).status).toBe(204);
    expect((await ask(jira(), 'POST', path, both)).status).toBe(204);
    expect((await ask(jira(), 'GET', path)).body).toMatchObject({
      size: 2,
      values: [
        { name: 'admin', key: 'JIRAUSER10000' },
        { name: 'member', key: 'JIRAUSER10100' },
      ],
    });
    expect((await ask(jira(), 'DELETE', path, { usernames: ['member'] })).status).toBe(204);
    const users = new Map((await jira().control.users()).map((user) => [user.name, user.organizations]));
    expect([users.get('admin'), users.get('member')]).toEqual([['Customers'], []]);
    expect(await jira().control.stats()).toMatchObject({ customersAdded: 2, customersRemoved: 1, noops: 1 });
  });

  it('refuse all of a list that has one who does not exist', async () => {
    const id = idOf(await ask(jira(), 'POST', '', { name: 'Customers' }));
    const reply = await ask(jira(), 'POST', `/${id}/user`, { usernames: ['member', 'nobody'] });
    expect([reply.status, reply.body]).toEqual([400, refusal("The user named 'nobody' does not exist")]);
    expect((await jira().control.stats()).customersAdded).toBe(0);
    expect((await ask(jira(), 'POST', '/1/user', { usernames: ['member'] })).status).toBe(404);
    expect((await ask(jira(), 'POST', '', { name: ' ' })).status).toBe(400);
  });

  it('are experimental: nothing without the header', async () => {
    const reply = await send(`${jira().url}/rest/servicedeskapi/organization`, 'GET');
    expect(reply.status).toBe(412);
    expect(reply.body).toMatchObject({ errorMessage: expect.stringContaining('X-ExperimentalApi') });
  });

  it('are for agents and administrators', async () => {
    const headers = { ...basic('member', 'member'), ...OPT_IN };
    const url = `${jira().url}/rest/servicedeskapi/organization`;
    expect((await send(url, 'GET', { headers })).status).toBe(403);
    await jira().control.change({ users: [{ name: 'member', addGroups: ['jira-servicedesk-users'] }] });
    expect((await send(url, 'GET', { headers })).status).toBe(200);
    expect((await send(url, 'GET', { headers: OPT_IN })).status).toBe(401);
  });

  it('are changed behind our back like everything else', async () => {
    await jira().control.change({ organizations: [{ name: 'Hidden', members: ['member'] }] });
    const listed = await ask(jira(), 'GET', '');
    expect(listed.body).toMatchObject({ values: [{ name: 'Hidden' }] });
    await jira().del('/user?username=member');
    const [organization] = (listed.body as { values: { id: string }[] }).values;
    expect((await ask(jira(), 'GET', `/${organization?.id}/user`)).body).toMatchObject({ size: 0 });
  });
});

describe('organizations without Service Management', () => {
  it('are not there', async () => {
    await withJira({}, async (jira) => {
      expect((await ask(jira, 'GET', '')).status).toBe(404);
    });
  });
});

function ask(jira: TestJira, method: string, path: string, body?: unknown): Promise<Reply> {
  const url = `${jira.url}/rest/servicedeskapi/organization${path}`;
  return send(url, method, { body, headers: { ...ADMIN, ...OPT_IN } });
}

function idOf(reply: Reply): string {
  expect(reply.status).toBe(201);
  return (reply.body as { id: string }).id;
}

function refusal(errorMessage: string): unknown {
  return expect.objectContaining({ errorMessage, i18nErrorMessage: expect.anything() });
}
