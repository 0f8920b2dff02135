import { createEntraControl } from '../../../simulators/entra/controlClient';
import { idsOf, startGraph, type Graph } from './support';

const EVENTUAL = { ConsistencyLevel: 'eventual' };

describe('the simulated Microsoft Graph', () => {
  let graph: Graph;
  afterEach(() => graph.stop());

  const groupNamed = async (name: string): Promise<string> => {
    const pages = await graph.pages('/groups?$top=999');
    return String(pages.flatMap(({ value }) => value).find(({ displayName }) => displayName === name)?.['id']);
  };

  it('logs in by secret, and refuses as Entra does', async () => {
    graph = await startGraph();
    expect((await graph.token()).body).toMatchObject({ token_type: 'Bearer', expires_in: 3_599 });
    expect(await graph.token({ client_secret: 'x' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_codes: [7000215] },
    });
    expect(await graph.token({ scope: 'User.Read.All' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope', error_codes: [70011] },
    });
    expect((await graph.get('/users', { authorization: 'Bearer nothing' })).body.error.code).toBe(
      'InvalidAuthenticationToken'
    );
  });

  it('ends tokens in the middle of a listing', async () => {
    let now = Date.now();
    graph = await startGraph({ users: 5, tokenLifetimeSeconds: 60, now: () => now });
    expect((await graph.get('/users')).status).toBe(200);
    now += 60_000;
    expect((await graph.get('/users')).status).toBe(401);
  });

  it('leaves accountEnabled out unless it is selected, and gives no list what is kept elsewhere', async () => {
    graph = await startGraph({ users: 1 });
    expect((await graph.get('/users')).body.value[0]).not.toHaveProperty('accountEnabled');
    expect((await graph.get('/users?$select=accountEnabled')).body.value[0]).toEqual({
      id: expect.any(String),
      accountEnabled: true,
    });
    expect(await graph.get('/users?$select=aboutMe')).toMatchObject({
      status: 501,
      body: { error: { code: 'NotImplemented' } },
    });
  });

  it('pages by links: 100 by default, 999 at most, no $skip, and every page with the headers of the first', async () => {
    graph = await startGraph({ users: 250 });
    expect((await graph.pages('/users')).map(({ value }) => value.length)).toEqual([100, 100, 50]);
    expect((await graph.get('/users?$top=1000')).status).toBe(400);
    expect((await graph.get('/users?$skip=10')).status).toBe(400);
    const counted = await graph.pages('/users?$count=true', EVENTUAL);
    expect(counted.map((page) => page['@odata.count'])).toEqual([250, undefined, undefined]);
    expect(new Set(idsOf(counted)).size).toBe(250);
    const link = String(counted[0]?.['@odata.nextLink']);
    expect((await graph.get(link)).status).toBe(400);
    expect((await graph.get('/users?$count=true')).status).toBe(400);
    expect((await graph.get('/users/$count')).status).toBe(400);
    expect((await graph.get('/users/$count', EVENTUAL)).body['text']).toBe('250');
  });

  it('cuts expanded members at 20 and the page at 100', async () => {
    graph = await startGraph({ users: 60, groups: 120, memberships: 900 });
    const { value } = (await graph.get('/groups?$expand=members&$top=999')).body;
    expect(value).toHaveLength(100);
    expect(Math.max(...value.map(({ members }) => (members as unknown[]).length))).toBe(20);
  });

  it('shows direct members of every type', async () => {
    graph = await startGraph({ users: 40, groups: 40, memberships: 200 });
    const pages = await Promise.all(
      idsOf(await graph.pages('/groups')).map((id) => graph.get(`/groups/${String(id)}/members?$select=id`))
    );
    const types = new Set(pages.flatMap(({ body }) => body.value.map((member) => member['@odata.type'])));
    expect(types).toEqual(
      new Set(['user', 'group', 'device', 'orgContact', 'servicePrincipal'].map((type) => `#microsoft.graph.${type}`))
    );
  });

  it('gives out by ids without options only, and finds at most 15 ids in a filter', async () => {
    graph = await startGraph({ users: 30 });
    const ids = idsOf(await graph.pages('/users'));
    expect((await graph.post('/directoryObjects/getByIds?$select=id', { ids })).status).toBe(400);
    const found = await graph.post('/directoryObjects/getByIds', { ids });
    expect(found.body.value).toHaveLength(30);
    expect(found.body.value[0]).not.toHaveProperty('accountEnabled');
    const inList = (count: number) =>
      `/users?$filter=${encodeURIComponent(
        `id in (${ids
          .slice(0, count)
          .map((id) => `'${String(id)}'`)
          .join(',')})`
      )}`;
    expect((await graph.get(inList(15))).body.value).toHaveLength(15);
    expect((await graph.get(inList(16))).status).toBe(400);
  });

  it('answers 200 and nobody for a hidden membership without the permission', async () => {
    graph = await startGraph();
    const control = createEntraControl(graph.controlUrl);
    await control.change({
      groups: [{ name: 'secret', hidden: true }],
      users: [{ login: 'a@corp.example', groups: ['secret'] }],
    });
    const id = await groupNamed('secret');
    expect(await graph.get(`/groups/${id}/members`)).toMatchObject({ status: 200, body: { value: [] } });
    await control.change({ permissions: ['User.Read.All', 'GroupMember.Read.All', 'Member.Read.Hidden'] });
    expect((await graph.get(`/groups/${id}/members`)).body.value).toHaveLength(1);
  });

  it('refuses by permission', async () => {
    graph = await startGraph({ users: 1, groups: 1, permissions: ['User.Read.All'] });
    expect((await graph.get('/users')).status).toBe(200);
    expect(await graph.get('/groups')).toMatchObject({
      status: 403,
      body: { error: { code: 'Authorization_RequestDenied' } },
    });
  });

  it('answers a batch in any order, each request throttled for itself', async () => {
    graph = await startGraph({ users: 20 });
    const control = createEntraControl(graph.controlUrl);
    const ids = idsOf(await graph.pages('/users'));
    const requests = ids.map((id, n) => ({ id: String(n), method: 'GET', url: `/users/${String(id)}?$select=id` }));
    await control.addFault({ kind: 'rate-limit', match: { path: requests[3]?.url.split('?')[0] }, retryAfter: 7 });
    const { responses } = (await graph.post('/$batch', { requests })).body;
    expect(responses.map(({ id }) => id)).not.toEqual(requests.map(({ id }) => id));
    expect(responses.filter(({ status }) => status === 429)).toEqual([
      expect.objectContaining({ id: '3', headers: { 'Retry-After': '7' } }),
    ]);
    for (const { id, body } of responses.filter(({ status }) => status === 200)) {
      expect(body['id']).toBe(ids[Number(id)]);
    }
    expect((await graph.post('/$batch', { requests: [...requests, ...requests] })).status).toBe(400);
    expect((await graph.post('/$batch', { requests: [requests[0], requests[0]] })).status).toBe(400);
  });

  it('charges resource units, and says how long to wait when they are used up', async () => {
    graph = await startGraph({ users: 5, resourceUnits: 10, now: () => 1_800_000_004_000 });
    const costs = ['/users', '/users?$select=id', '/users?$select=id&$expand=manager', '/users?$select=id&$top=5'];
    const units: (string | null)[] = [];
    for (const path of costs) units.push((await graph.get(path)).headers.get('x-ms-resource-unit'));
    expect(units).toEqual(['2', '1', '2', '1']);
    const near = await graph.get('/groups');
    expect(near.headers.get('x-ms-throttle-limit-percentage')).toBeNull();
    expect((await graph.get('/users')).headers.get('x-ms-throttle-limit-percentage')).toBe('0.90');
    const over = await graph.get('/users');
    expect(over.status).toBe(429);
    expect(over.headers.get('retry-after')).toBe('6');
    expect(over.headers.get('x-ms-throttle-information')).toBe('ResourceUnitLimitExceeded');
  });

  it.each([
    ['empty-page', [0, 100, 50]],
    ['repeat-page', [100, 100, 50]],
    ['lost-page', [100]],
  ] as const)('%s: the pages have %j', async (kind, sizes) => {
    graph = await startGraph({ users: 150 });
    await createEntraControl(graph.controlUrl).addFault({ kind, until: 1 });
    expect((await graph.pages('/users')).map(({ value }) => value.length)).toEqual(sizes);
  });

  it('cuts an answer in the middle, and drops a connection', async () => {
    graph = await startGraph({ users: 5 });
    for (const kind of ['cut', 'drop'] as const) {
      await createEntraControl(graph.controlUrl).addFault({ kind, until: 1, match: { endpoint: 'GET /users' } });
      await expect(graph.get('/users')).rejects.toThrow();
    }
    expect((await graph.get('/users')).status).toBe(200);
  });

  it('names a guest by the address he was invited by', async () => {
    graph = await startGraph({ users: 20 });
    const [page] = await graph.pages('/users?$select=userPrincipalName,userType');
    const guests = page?.value.filter(({ userType }) => userType === 'Guest') ?? [];
    expect(guests).toHaveLength(1);
    expect(guests[0]?.['userPrincipalName']).toMatch(/_partner\.example#EXT#@corp\.onmicrosoft\.com$/);
  });
});
