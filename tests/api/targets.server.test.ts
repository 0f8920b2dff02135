import { TARGET, connector, startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

describe('targets', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('api-targets');
  });
  afterAll(() => api.stop());

  const target = (id: string) => ({ ...TARGET, id });
  const etagOf = async (id: string) => (await api.ask(`/api/v1/targets/${id}`)).headers.get('etag') ?? '';

  it('creates a target and shows it with its secret hidden', async () => {
    const created = await api.ask('/api/v1/targets', { body: target('one') });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ id: 'one', version: 1, config: { auth: { token: '(secret)' } } });
    expect(created.headers.get('etag')).toBe('"1"');
    const shown = await api.ask('/api/v1/targets/one');
    expect(shown.body).toEqual(created.body);
    expect(created.text + shown.text).not.toContain(TARGET.auth.token);
  });

  it('stores the secret encrypted only', async () => {
    await api.ask('/api/v1/targets', { body: target('sealed') });
    const record = await api.store.targets.get('sealed');
    expect(JSON.stringify(record)).not.toContain(TARGET.auth.token);
    expect(record?.config).toMatchObject({ auth: { token: { $sealed: expect.any(String) } } });
  });

  it('refuses a second target of the same id', async () => {
    await api.ask('/api/v1/targets', { body: target('twice') });
    const second = await api.ask('/api/v1/targets', { body: target('twice') });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ type: 'urn:rollcall:problem:exists' });
  });

  it('answers a repeated create of one Idempotency-Key like the first', async () => {
    const ask = { body: target('once'), headers: { 'idempotency-key': 'create-once-1' } };
    const [first, second] = [await api.ask('/api/v1/targets', ask), await api.ask('/api/v1/targets', ask)];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    const other = await api.ask('/api/v1/targets', { ...ask, body: target('another') });
    expect(other.status).toBe(422);
    expect(other.body).toMatchObject({ type: 'urn:rollcall:problem:key-reused' });
  });

  it('names every wrong field', async () => {
    const answer = await api.ask('/api/v1/targets', {
      body: { id: 'Bad Id', type: 'jira', baseUrl: 'ftp://x', auth: { type: 'pat' }, colour: 'red' },
    });
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const { errors } = answer.body as { errors: { path: string }[] };
    expect(errors.map(({ path }) => path).sort()).toEqual(['auth.token', 'baseUrl', 'colour', 'id']);
  });

  it('refuses the mask where no secret is stored, and sealed secrets made up by the sender', async () => {
    const masked = await api.ask('/api/v1/targets', {
      body: { ...target('masked'), auth: { type: 'pat', token: '(secret)' } },
    });
    expect(masked.status).toBe(422);
    expect(masked.body).toMatchObject({ errors: [{ path: 'auth.token' }] });
    const sealed = await api.ask('/api/v1/targets', {
      body: { ...target('sealed-by-sender'), auth: { type: 'pat', token: { $sealed: 'v1.a.b.c.d' } } },
    });
    expect(sealed.status).toBe(422);
  });

  it('changes a target with If-Match and keeps a masked secret', async () => {
    await api.ask('/api/v1/targets', { body: target('changed') });
    const put = (headers: Record<string, string>) =>
      api.ask('/api/v1/targets/changed', {
        method: 'PUT',
        body: { ...target('changed'), concurrency: 2, auth: { type: 'pat', token: '(secret)' } },
        headers,
      });
    expect((await put({})).status).toBe(428);
    expect((await put({ 'if-match': '"7"' })).status).toBe(412);
    expect((await put({ 'if-match': 'abc' })).status).toBe(400);
    const done = await put({ 'if-match': await etagOf('changed') });
    expect(done.status).toBe(200);
    expect(done.body).toMatchObject({ version: 2, config: { concurrency: 2 } });
    const stored = await api.store.targets.get('changed');
    expect(stored?.config).toMatchObject({ auth: { token: { $sealed: expect.any(String) } } });
  });

  it('never sends a stored secret to a new address', async () => {
    await api.ask('/api/v1/targets', { body: target('moved') });
    const answer = await api.ask('/api/v1/targets/moved', {
      method: 'PUT',
      body: { ...target('moved'), baseUrl: 'https://evil.example.com', auth: { type: 'pat', token: '(secret)' } },
      headers: { 'if-match': await etagOf('moved') },
    });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ path: 'baseUrl' }] });
  });

  it('never changes an id', async () => {
    await api.ask('/api/v1/targets', { body: target('fixed') });
    const headers = { 'if-match': await etagOf('fixed') };
    const answer = await api.ask('/api/v1/targets/fixed', { method: 'PUT', body: target('other'), headers });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ path: 'id' }] });
  });

  it('deletes a target only when no connector uses it', async () => {
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('uses-it') });
    const used = await api.ask('/api/v1/targets/jira', { method: 'DELETE' });
    expect(used.status).toBe(409);
    expect(used.body).toMatchObject({ detail: expect.stringContaining('uses-it') });
    await api.ask('/api/v1/targets', { body: target('unused') });
    expect((await api.ask('/api/v1/targets/unused', { method: 'DELETE' })).status).toBe(204);
    expect((await api.ask('/api/v1/targets/unused')).status).toBe(404);
  });

  it('lists targets page by page', async () => {
    const first = await api.ask('/api/v1/targets?limit=2');
    const page = first.body as { items: { id: string }[]; nextCursor: string };
    expect(page.items).toHaveLength(2);
    const rest = await api.ask(`/api/v1/targets?limit=500&cursor=${page.nextCursor}`);
    const all = [...page.items, ...(rest.body as typeof page).items].map(({ id }) => id);
    expect(all).toEqual([...all].sort());
    expect(new Set(all).size).toBe(all.length);
    expect((rest.body as typeof page).nextCursor).toBeNull();
  });

  it('starts a connection test as a task and answers with the request', async () => {
    await api.ask('/api/v1/targets', { body: target('tested') });
    const answer = await api.ask('/api/v1/targets/tested/test', { method: 'POST' });
    expect(answer.status).toBe(202);
    const { requestId } = answer.body as { requestId: string };
    expect(api.gateway.tasks).toContain(requestId);
    expect(answer.headers.get('location')).toBe(`/api/v1/requests/${requestId}`);
    const request = await api.ask(`/api/v1/requests/${requestId}`);
    expect(request.body).toMatchObject({ kind: 'testTarget', subject: 'tested', status: 'waiting' });
  });

  it('writes who did what, without secrets', async () => {
    const audit = await api.ask('/api/v1/audit?limit=500');
    const { items } = audit.body as { items: { action: string; by: string }[] };
    const actions = new Set(items.map(({ action }) => action));
    for (const action of ['target.create', 'target.change', 'target.delete', 'target.test'])
      expect(actions).toContain(action);
    expect(new Set(items.map(({ by }) => by))).toEqual(new Set(['admin']));
    expect(audit.text).not.toContain(TARGET.auth.token);
  });
});
