import type { ScimAnswer, ScimClient } from './support/scim';
import { USER, filtered, membersOf, scimClient, scimConnector } from './support/scim';
import { startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

const names = (answer: ScimAnswer): unknown =>
  (answer.body['Resources'] as { userName: string }[]).map(({ userName }) => userName);

describe('SCIM 2.0', () => {
  let api: TestApi;
  let scim: ScimClient;
  let connectors = 0;
  beforeAll(async () => {
    api = await startTestApi('scim-protocol');
  });
  afterAll(() => api.stop());
  beforeEach(async () => {
    connectors += 1;
    scim = await scimConnector(api, `corp-${connectors}`);
  });

  const user = (userName: string, changes: object = {}) => scim.create('/Users', { userName, ...changes });
  const refused = (answer: ScimAnswer, status: number, scimType?: string): void => {
    expect([answer.status, answer.body['status'], answer.body['scimType']]).toEqual([status, String(status), scimType]);
    expect(answer.body['schemas']).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error']);
    expect(answer.headers.get('content-type')).toContain('application/scim+json');
  };

  describe('addresses and methods', () => {
    it.each([
      ['GET', '/Nope'],
      ['GET', '/Users/a/b'],
      ['GET', '/'],
      ['GET', '/Schemas/urn:nope'],
      ['GET', '/ResourceTypes/Nope'],
      ['GET', '/ServiceProviderConfig/x'],
      ['GET', '/Me'],
    ])('%s %s is answered 404 with a SCIM error', async (method, path) => {
      refused(await scim.send(method, path), 404);
    });

    it.each([
      ['DELETE', '/Users', 'GET, POST'],
      ['PUT', '/Schemas', 'GET'],
      ['POST', '/ServiceProviderConfig', 'GET'],
      ['GET', '/Users/.search', 'POST'],
      ['POST', '/Users/x', 'GET, PUT, PATCH, DELETE'],
    ])('%s %s is answered 405 with the methods that there are', async (method, path, allow) => {
      const answer = await scim.send(method, path);
      refused(answer, 405);
      expect(answer.headers.get('allow')).toBe(allow);
    });

    it('takes names of resources in any case, and what cannot be decoded as a wrong request', async () => {
      expect((await scim.get('/users')).status).toBe(200);
      refused(await scim.get('/Users/%E0%A4%A'), 400);
    });

    it('has every discovery document, one by one too, and no filter on them', async () => {
      for (const path of [
        '/ServiceProviderConfig',
        '/ResourceTypes',
        '/ResourceTypes/User',
        '/Schemas',
        `/Schemas/${USER}`,
      ]) {
        expect([path, (await scim.get(path)).status]).toEqual([path, 200]);
      }
      refused(await scim.get('/Schemas?filter=id%20pr'), 403);
    });

    it('answers plain JSON where only that is asked for', async () => {
      const answer = await scim.get('/Users', { accept: 'application/json' });
      expect(answer.headers.get('content-type')).toContain('application/json');
    });
  });

  describe('bodies', () => {
    it.each<[string, string, number, string | undefined]>([
      ['no JSON', '{"userName":', 400, 'invalidSyntax'],
      ['no object', '[1]', 400, 'invalidSyntax'],
      ['nothing', '', 400, 'invalidSyntax'],
      ['too deep', `${'{"a":'.repeat(60)}1${'}'.repeat(60)}`, 400, 'invalidSyntax'],
      ['no name', '{"displayName":"x"}', 400, 'invalidValue'],
      ['a wrong type', '{"userName":{"a":1}}', 400, 'invalidValue'],
      ['too large', `{"userName":"${'x'.repeat(9 * 1024 * 1024)}"}`, 413, undefined],
    ])('with %s are refused', async (_, body, status, scimType) => {
      refused(await scim.send('POST', '/Users', body), status, scimType);
      expect((await scim.get('/Users')).body['totalResults']).toBe(0);
    });

    it('of another type are refused', async () => {
      refused(
        await scim.send('POST', '/Users', 'userName=x', { 'content-type': 'application/x-www-form-urlencoded' }),
        415
      );
    });
  });

  describe('entity tags', () => {
    it('change with a resource, and with nothing else', async () => {
      const id = await user('ann', { title: 't' });
      const first = await scim.get(`/Users/${id}`);
      expect(first.headers.get('etag')).toBe('W/"1"');
      await scim.patch(`/Users/${id}`, { op: 'add', path: 'title', value: 't' });
      expect((await scim.get(`/Users/${id}`)).body).toEqual(first.body);
      await scim.patch(`/Users/${id}`, { op: 'add', path: 'title', value: 'u' });
      expect((await scim.get(`/Users/${id}`)).at('meta.version')).toBe('W/"2"');
    });

    it('spare an answer, and keep from overwriting', async () => {
      const id = await user('ann');
      const group = await scim.create('/Groups', { displayName: 'Team' });
      const same = await scim.get(`/Users/${id}`, { 'if-none-match': 'W/"1"' });
      expect([same.status, same.text]).toEqual([304, '']);
      const change = { Operations: [{ op: 'add', path: 'title', value: 'x' }] };
      refused(await scim.send('PATCH', `/Users/${id}`, change, { 'if-match': 'W/"7"' }), 412);
      expect((await scim.send('PATCH', `/Users/${id}`, change, { 'if-match': '"1"' })).status).toBe(200);
      refused(await scim.send('DELETE', `/Users/${id}`, undefined, { 'if-match': 'W/"1"' }), 412);
      const join = { Operations: [{ op: 'add', path: 'members', value: [{ value: id }] }] };
      refused(await scim.send('PATCH', `/Groups/${group}`, join, { 'if-match': 'W/"9"' }), 412);
      expect((await scim.send('PATCH', `/Groups/${group}`, join, { 'if-match': 'W/"1"' })).status).toBe(204);
      expect((await scim.get(`/Groups/${group}`)).headers.get('etag')).toBe('W/"2"');
    });
  });

  describe('lists', () => {
    const people = async (count: number): Promise<void> => {
      for (let n = 1; n <= count; n++)
        await user(`u${String(n).padStart(2, '0')}`, { title: n % 2 === 0 ? 'even' : 'odd' });
    };

    it('are filtered, sorted and paged together', async () => {
      await people(9);
      const answer = await scim.get(
        `${filtered('/Users', 'title eq "odd"')}&sortBy=userName&sortOrder=descending&startIndex=2&count=2`
      );
      expect([names(answer), answer.body['totalResults'], answer.body['startIndex']]).toEqual([['u07', 'u05'], 5, 2]);
      expect((await scim.get('/Users?count=0')).body).toMatchObject({ totalResults: 9, Resources: [] });
    });

    it.each(['', '&filter=title%20eq%20%22odd%22', '&sortBy=title', '&filter=userName%20eq%20%22u03%22'])(
      'are walked by cursor to the end (RFC 9865)%s',
      async (more) => {
        await people(9);
        const all = names(await scim.get(`/Users?count=200${more}`));
        const walked: unknown[] = [];
        for (let cursor: string | undefined = ''; cursor !== undefined;) {
          const page: ScimAnswer = await scim.get(`/Users?count=2&cursor=${cursor}${more}`);
          walked.push(...(names(page) as string[]));
          expect(page.body).not.toHaveProperty('startIndex');
          cursor = page.body['nextCursor'] as string | undefined;
        }
        expect(walked).toEqual(all);
      }
    );

    it('refuse a cursor of another list, and count 0 with one', async () => {
      await people(3);
      const { body } = await scim.get('/Users?cursor=&count=1');
      refused(await scim.get(`/Groups?cursor=${String(body['nextCursor'])}`), 400, 'invalidCursor');
      refused(await scim.get('/Users?cursor=&count=0'), 400, 'invalidCount');
    });

    it('are searched by POST at all three places, with the answer of a GET', async () => {
      await people(3);
      await scim.create('/Groups', { displayName: 'Team', members: [{ value: 'x' }] });
      const search = { filter: 'title eq "odd"', attributes: ['userName'], sortBy: 'userName', count: 1 };
      const found = await scim.post('/Users/.search', search);
      const got = await scim.get(`${filtered('/Users', 'title eq "odd"')}&attributes=userName&sortBy=userName&count=1`);
      expect(found.body).toEqual(got.body);
      expect(
        (await scim.post('/Groups/.search', { filter: 'displayName eq "team"' })).at('Resources.0.members.0.value')
      ).toBe('x');
      const all = await scim.post('/.search', { startIndex: 3, count: 5 });
      expect([all.body['totalResults'], all.at('Resources.0.userName'), all.at('Resources.1.displayName')]).toEqual([
        4,
        'u03',
        'Team',
      ]);
    });

    it('refuse a wrong filter with its place', async () => {
      const answer = await scim.get(filtered('/Users', 'userName eq'));
      refused(answer, 400, 'invalidFilter');
      expect(answer.body['detail']).toContain('character 12');
      refused(await scim.get(filtered('/Groups', 'members co "x"')), 400, 'invalidFilter');
    });
  });

  describe('answers', () => {
    it('show what is asked for, to writes too', async () => {
      const made = await scim.post('/Users?attributes=userName', { userName: 'ann', title: 't' });
      expect(Object.keys(made.body).sort()).toEqual(['id', 'schemas', 'userName']);
      const group = await scim.create('/Groups', { displayName: 'Team' });
      const change = { Operations: [{ op: 'replace', path: 'displayName', value: 'New' }] };
      const answer = await scim.send('PATCH', `/Groups/${group}?attributes=displayName`, change);
      expect([answer.status, answer.body['displayName']]).toEqual([200, 'New']);
      refused(await scim.get('/Users?attributes=id&excludedAttributes=name'), 400, 'invalidValue');
    });

    it('show members with their address, page by page, however many', async () => {
      const ids = Array.from({ length: 1_700 }, (_, n) => `m${n}`);
      const group = await scim.create('/Groups', { displayName: 'Team', members: ids.map((value) => ({ value })) });
      expect(await membersOf(scim, group)).toEqual([...ids].sort());
      expect((await scim.get(`/Groups/${group}`)).at('members.0.$ref')).toContain(`${scim.base}/Users/m`);
    });

    it('name the address that a proxy in front is known by', async () => {
      const id = await user('ann');
      const answer = await scim.get(`/Users/${id}`, {
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'sync.corp.example',
      });
      expect(answer.at('meta.location')).toBe(`https://sync.corp.example/scim/v2/${scim.connectorId}/Users/${id}`);
    });
  });

  describe('many at once', () => {
    it('one name is given once', async () => {
      const tries = await Promise.all(
        Array.from({ length: 12 }, (_, n) => scim.post('/Users', { userName: n % 2 ? 'ANN' : 'ann' }))
      );
      expect(tries.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 11 }, () => 409)]);
    });

    it('every change of one resource counts', async () => {
      const id = await user('ann');
      const fields = ['title', 'nickName', 'locale', 'timezone', 'userType', 'displayName'];
      await Promise.all(fields.map((path) => scim.patch(`/Users/${id}`, { op: 'add', path, value: path })));
      expect((await scim.get(`/Users/${id}`)).body).toMatchObject(
        Object.fromEntries(fields.map((name) => [name, name]))
      );
    });

    it('members come and go without one lost', async () => {
      const group = await scim.create('/Groups', { displayName: 'Team', members: [{ value: 'old' }] });
      const add = (from: number, count: number) => ({
        op: 'add',
        path: 'members',
        value: Array.from({ length: count }, (_, n) => ({ value: `m${from + n}` })),
      });
      await Promise.all([
        ...Array.from({ length: 6 }, (_, n) => scim.patch(`/Groups/${group}`, add(n, 1))),
        scim.patch(`/Groups/${group}`, add(100, 40)),
        scim.patch(`/Groups/${group}`, add(200, 40)),
        scim.patch(`/Groups/${group}`, { op: 'remove', path: 'members[value eq "old"]' }),
      ]);
      expect(await membersOf(scim, group)).toHaveLength(86);
    });
  });

  it('finishes what a crash left half-way before anything else (durability 4.2)', async () => {
    const group = await scim.create('/Groups', { displayName: 'Team', members: [{ value: 'a' }] });
    const { groups } = api.store.scim;
    const record = (await groups.get(scim.connectorId, group))!;
    const member = { id: 'b', type: 'User', display: null } as const;
    const moment = '01J0000000AAAAAAAAAAAAAAAA';
    const intent = { id: 'i', revision: record.version + 1, chunks: 0, add: [member], remove: ['a'], moment };
    const write = { connectorId: scim.connectorId, id: group, version: record.version, moment, now: record.modifiedAt };
    await groups.update({ ...write, takesAway: false, intent });

    await scim.patch(`/Groups/${group}`, { op: 'add', path: 'members', value: [{ value: 'c' }] });
    expect(await membersOf(scim, group)).toEqual(['b', 'c']);
    expect(await groups.get(scim.connectorId, group)).toMatchObject({ intent: null, members: 2 });
  });

  it('tells the workflow of every accepted change, and of nothing else', async () => {
    const { signalled } = api.gateway;
    const told = async (): Promise<number> => {
      await api.deps.notifier.settled();
      return signalled.filter((id) => id === scim.connectorId).length;
    };
    await scim.get('/Users');
    await scim.post('/Users', {});
    expect(await told()).toBe(0);
    await user('ann');
    expect(await told()).toBe(1);
  });

  describe('attributes of an installation', () => {
    it('are a schema like any other', async () => {
      const extension = { urn: 'urn:example:2.0:User', attributes: { seats: 'integer', vip: 'boolean' } };
      const own = await scimConnector(api, `own-${connectors}`, { extension });
      const made = await own.post('/Users', { userName: 'ann', 'urn:example:2.0:User': { SEATS: '3', vip: 'True' } });
      expect(made.at('urn:example:2:0:User')).toBeUndefined();
      expect(made.body['urn:example:2.0:User']).toEqual({ seats: 3, vip: true });
      expect((await own.get(filtered('/Users', 'urn:example:2.0:User:seats gt 2'))).body['totalResults']).toBe(1);
    });
  });
});

describe('who may come in', () => {
  let api: TestApi;
  let scim: ScimClient;
  beforeAll(async () => {
    api = await startTestApi('scim-auth');
    scim = await scimConnector(api, 'corp');
  });
  afterAll(() => api.stop());
  const tokens = '/api/v1/connectors/corp/scim-tokens';
  const with401 = async (client: ScimClient): Promise<void> => {
    const answer = await client.get('/Users');
    expect([answer.status, answer.body['status']]).toEqual([401, '401']);
  };

  it('a token of one connector opens no other, nor does that of an administrator', async () => {
    const other = await scimConnector(api, 'other');
    expect((await other.get('/Users')).status).toBe(200);
    await with401(scimClient(api.url, 'corp', other.token));
    await with401(scimClient(api.url, 'corp', 'test-admin-token-0123456789'));
    await with401(scimClient(api.url, 'nobody', other.token));
    expect((await api.ask('/api/v1/connectors', { token: scim.token })).status).toBe(401);
  });

  it('two tokens are valid at once, a third has to wait; the last use is shown, the token never again', async () => {
    api.setTime('2026-03-02T12:00:01.000Z');
    const second = await api.ask(tokens, { body: { name: 'next' } });
    const { id, token } = second.body as { id: string; token: string };
    expect((await scimClient(api.url, 'corp', token).get('/Users')).status).toBe(200);
    expect((await api.ask(tokens, { body: {} })).status).toBe(409);
    const listed = await api.ask(tokens);
    expect(listed.body).toMatchObject({ items: [{ name: 'test' }, { id, lastUsedAt: '2026-03-02T12:00:01.000Z' }] });
    expect(listed.text + api.logged.join('')).not.toContain(token);

    expect((await api.ask(`${tokens}/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await api.ask(`${tokens}/${id}`, { method: 'DELETE' })).status).toBe(404);
    api.setTime('2026-03-02T12:00:07.000Z');
    await with401(scimClient(api.url, 'corp', token));
  });

  it('a token ends with its time', async () => {
    const { token } = (await api.ask(tokens, { body: { expiresInDays: 1 } })).body as { token: string };
    const client = scimClient(api.url, 'corp', token);
    expect((await client.get('/Users')).status).toBe(200);
    api.setTime('2026-03-03T12:00:08.000Z');
    await with401(client);
    expect((await scim.get('/Users')).status).toBe(200);
  });

  it('nobody makes tokens for a connector that reads its source itself', async () => {
    const source = { type: 'file', users: `${api.folder}/people.csv` };
    await api.ask('/api/v1/connectors', { body: { id: 'files', target: 'jira', source } });
    expect((await api.ask('/api/v1/connectors/files/scim-tokens', { body: {} })).status).toBe(409);
  });

  describe('the token endpoint (RFC 6749 4.4)', () => {
    const ask = async (form: Record<string, string>, headers: Record<string, string> = {}, connector = 'corp') => {
      const answer = await fetch(`${api.url}/scim/v2/${connector}/oauth/token`, {
        method: 'POST',
        headers,
        body: new URLSearchParams(form),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    let client: { id: string; token: string };
    beforeAll(async () => {
      client = (await api.ask(tokens, { body: { kind: 'client' } })).body as typeof client;
    });
    const grant = { grant_type: 'client_credentials' };

    it('gives a token for an hour, by form or by header', async () => {
      const basic = Buffer.from(`${client.id}:${client.token}`).toString('base64');
      for (const answer of [
        await ask({ ...grant, client_id: client.id, client_secret: client.token }),
        await ask(grant, { authorization: `Basic ${basic}` }),
      ]) {
        expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3_600 } });
        const access = String(answer.body['access_token']);
        expect((await scimClient(api.url, 'corp', access).get('/Users')).status).toBe(200);
        await with401(scimClient(api.url, 'other', access));
        await with401(scimClient(api.url, 'corp', `${access}0`));
      }
    });

    it('refuses what is no client of this connector', async () => {
      for (const [form, error] of [
        [{ ...grant, client_id: client.id, client_secret: 'wrong' }, 'invalid_client'],
        [{ ...grant, client_id: 'other', client_secret: client.token }, 'invalid_client'],
        [{ ...grant }, 'invalid_client'],
        [{ grant_type: 'password' }, 'unsupported_grant_type'],
        [{}, 'invalid_request'],
      ] as const) {
        expect((await ask(form)).body['error']).toBe(error);
      }
      await with401(scimClient(api.url, 'corp', client.token));
      expect((await ask({ ...grant, client_id: client.id, client_secret: client.token }, {}, 'other')).status).toBe(
        401
      );
    });

    it('its tokens end with the hour, and with the client', async () => {
      const { body } = await ask({ ...grant, client_id: client.id, client_secret: client.token });
      const access = scimClient(api.url, 'corp', String(body['access_token']));
      api.setTime('2026-03-03T13:00:08.000Z');
      await with401(access);
      const fresh = await ask({ ...grant, client_id: client.id, client_secret: client.token });
      await api.ask(`${tokens}/${client.id}`, { method: 'DELETE' });
      api.setTime('2026-03-03T13:00:20.000Z');
      await with401(scimClient(api.url, 'corp', String(fresh.body['access_token'])));
    });
  });

  it('more than its rate is told to come later', async () => {
    const slow = await scimConnector(api, 'slow', { requestsPerSecond: 25 });
    const answers = await Promise.all(Array.from({ length: 80 }, () => slow.get('/Users?count=0')));
    const late = answers.filter(({ status }) => status === 429);
    expect(late.length).toBeGreaterThan(0);
    expect(late[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(late[0]?.body['status']).toBe('429');
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(25);
  });
});

describe('what waits to be carried', () => {
  let api: TestApi;
  let scim: ScimClient;
  beforeAll(async () => {
    api = await startTestApi('scim-changes');
    scim = await scimConnector(api, 'corp');
  });
  afterAll(() => api.stop());
  const path = '/api/v1/connectors/corp/changes';

  it('is counted, with its age', async () => {
    expect((await api.ask(path)).body).toEqual({ waiting: 0, isCountedWhole: true, oldestAt: null, parked: [] });
    await scim.create('/Users', { userName: 'ann' });
    api.setTime('2026-03-02T12:01:00.000Z');
    await scim.create('/Users', { userName: 'bob' });
    expect((await api.ask(path)).body).toMatchObject({ waiting: 2, oldestAt: '2026-03-02T12:00:00.000Z' });
  });

  it('shows what was set aside, and tries it again when somebody asks', async () => {
    const id = await scim.create('/Users', { userName: 'eve' });
    const { pending } = api.store.scim;
    const waiting = await pending.oldest('corp', 10, api.deps.clock().getTime());
    const parked = { id, error: 'the name is refused', at: '2026-03-02T12:01:00.000Z' };
    await pending.park('corp', 'user', parked, waiting);
    expect((await api.ask(path)).body).toMatchObject({ waiting: 0, parked: [{ ...parked, kind: 'user' }] });

    await api.deps.notifier.settled();
    const told = api.gateway.signalled.length;
    const retried = await api.ask(`${path}/${id}/retry`, { method: 'POST' });
    expect([retried.status, retried.body]).toEqual([202, expect.objectContaining({ waiting: 1, parked: [] })]);
    await api.deps.notifier.settled();
    expect(api.gateway.signalled.length).toBe(told + 1);
    expect((await api.ask(`${path}/${id}/retry`, { method: 'POST' })).status).toBe(404);
  });
});
