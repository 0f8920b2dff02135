import { TARGET, connector, startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

const RESULT = {
  externalId: 'u-1',
  username: 'ada',
  outcome: 'updated',
  operations: [
    { kind: 'updateUser', before: { email: 'a@x.y' }, after: { email: 'b@x.y' }, status: 'done', error: null },
  ],
  reasons: [{ code: 'changedAtSource', rule: '3.2' }],
  error: null,
  durationMs: 12,
};

describe('the sync of one person over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('api-people');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('corp') });
  });
  afterEach(() => {
    api.gateway.onSync = null;
    api.gateway.failure = null;
  });
  afterAll(() => api.stop());

  const sync = (identifier: string, body: object, key?: string) =>
    api.ask(`/api/v1/connectors/corp/users/${encodeURIComponent(identifier)}/sync`, {
      body,
      ...(key !== undefined && { headers: { 'idempotency-key': key } }),
    });
  const finishWith =
    (end: { status: 'done' | 'failed'; result: object; error?: string }) =>
    (requestId: string): Promise<void> =>
      api.store.requests.finish(requestId, {
        status: end.status,
        runId: end.status === 'done' ? 'corp-user-20260302' : null,
        result: { ...end.result },
        error: end.error ?? null,
        finishedAt: '2026-03-02T12:00:00.000Z',
      });

  it('answers with what was done, once it is done', async () => {
    api.gateway.onSync = finishWith({ status: 'done', result: RESULT });
    const { status, body } = await sync('ada@example.com', { attributes: { phone: '1', teams: ['a'] } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ runId: 'corp-user-20260302', result: RESULT });
  });

  it('tells the workflow nothing of the person, and keeps nothing of him in logs and the audit log', async () => {
    api.gateway.onSync = finishWith({ status: 'done', result: RESULT });
    await sync('grace@example.com', { attributes: { phone: '+49 30 1234' }, trigger: 'api' }, 'sync-of-one-1');
    const told = api.gateway.told.at(-1);
    expect(told).toMatchObject({ update: 'syncUser', connectorId: 'corp', input: { requestId: 'sync-of-one-1' } });
    expect(Object.keys(told?.input ?? {})).toEqual(['requestId']);
    const { body: log } = await api.ask('/api/v1/audit');
    expect(JSON.stringify(log)).toContain('user.sync');
    expect([JSON.stringify(log), api.logged.join('')].join('')).not.toMatch(/grace|1234/);
    expect(await api.store.requests.get('sync-of-one-1')).toMatchObject({
      input: { identifier: 'grace@example.com', trigger: 'api', mode: 'sync' },
    });
  });

  it('one person has one workflow whatever the case of his name, and another person another one', async () => {
    api.gateway.onSync = finishWith({ status: 'done', result: RESULT });
    for (const name of ['Linus@example.com', 'linus@EXAMPLE.com', 'ken@example.com']) await sync(name, {});
    const [first, second, third] = api.gateway.digests.slice(-3);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('answers 202 when it takes longer than a caller can wait, and the request tells later', async () => {
    const { status, body } = await sync('slow@example.com', {}, 'sync-slow-1');
    expect(status).toBe(202);
    expect(body).toEqual({ requestId: 'sync-slow-1', runId: null });
    await finishWith({ status: 'done', result: RESULT })('sync-slow-1');
    expect((await sync('slow@example.com', {}, 'sync-slow-1')).status).toBe(200);
  });

  it.each([
    ['not-found', 404],
    ['ambiguous-user', 409],
    ['refused', 409],
  ])('answers a request that ended %s with %d, also when it is repeated', async (problem, expected) => {
    api.gateway.onSync = finishWith({ status: 'failed', result: { problem }, error: 'Why it was refused.' });
    for (const { status, body } of [
      await sync('who', {}, `sync-${problem}`),
      await sync('who', {}, `sync-${problem}`),
    ]) {
      expect(status).toBe(expected);
      expect(body).toMatchObject({ type: `urn:rollcall:problem:${problem}`, detail: 'Why it was refused.' });
    }
  });

  it.each([
    [{ attributes: { a: { b: 1 } } }, 'attributes.a'],
    [{ attributes: [] }, 'attributes'],
    [{ attributes: { a: 'x'.repeat(4_001) } }, 'attributes.a'],
    [{ attributes: Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`a${n}`, 1])) }, 'attributes'],
    [{ trigger: 'scim' }, 'trigger'],
    [{ mode: 'apply' }, 'mode'],
    [{ other: 1 }, 'other'],
  ])('refuses %j', async (body, path) => {
    const answer = await sync('ada', body);
    expect(answer.status).toBe(422);
    expect((answer.body as { errors: { path: string }[] }).errors.map((error) => error.path)).toContain(path);
  });

  it('refuses an unknown or paused connector, and an identifier that cannot be one', async () => {
    expect((await api.ask('/api/v1/connectors/none/users/ada/sync', { body: {} })).status).toBe(404);
    expect((await sync('x'.repeat(513), {})).status).toBe(404);
    await api.store.connectors.patch('corp', { paused: true });
    const { status, body } = await sync('ada', {});
    expect([status, body]).toMatchObject([409, { type: 'urn:rollcall:problem:connector-paused' }]);
    await api.store.connectors.patch('corp', { paused: false });
  });
});
