import { UpdateRefused, WorkflowBusy, TemporalUnavailable } from '../../api/gateway-errors';
import { TARGET, connector, startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

describe('requests', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('api-requests');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('corp') });
  });
  afterEach(() => {
    api.gateway.failure = null;
  });
  afterAll(() => api.stop());

  const ask = (key: string, mode = 'sync') =>
    api.ask('/api/v1/connectors/corp/runs', { body: { mode }, headers: { 'idempotency-key': key } });
  const request = async (key: string) => (await api.ask(`/api/v1/requests/${key}`)).body;

  it('one key makes one run, however often it is sent', async () => {
    const answers = [await ask('same-key-1'), await ask('same-key-1'), await ask('same-key-1')];
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await request('same-key-1')).toMatchObject({ status: 'done', kind: 'run', subject: 'corp' });
  });

  it('one key sent by several at once makes one run', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask('same-key-2')));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it('refuses a key that was used for something else', async () => {
    await ask('same-key-3');
    const other = await ask('same-key-3', 'preview');
    expect(other.status).toBe(422);
    expect(other.body).toMatchObject({ type: 'urn:rollcall:problem:key-reused' });
  });

  it('answers a repetition of a refused request with the same refusal', async () => {
    await api.ask('/api/v1/connectors/corp/pause', { method: 'POST' });
    const first = await ask('refused-key-1');
    await api.ask('/api/v1/connectors/corp/resume', { method: 'POST' });
    const second = await ask('refused-key-1');
    expect([first.status, second.status]).toEqual([409, 409]);
    expect(second.body).toEqual(first.body);
    expect(await request('refused-key-1')).toMatchObject({ status: 'failed', runId: null });
  });

  it('answers 429 with Retry-After when the workflow takes no more, and goes on with the same key later', async () => {
    api.gateway.failure = new WorkflowBusy('Too many requests are under way for this connector.');
    const busy = await ask('busy-key-1');
    expect(busy.status).toBe(429);
    expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await request('busy-key-1')).toMatchObject({ status: 'waiting' });
    api.gateway.failure = null;
    expect((await ask('busy-key-1')).status).toBe(202);
  });

  it('answers 503 while Temporal is away and goes on with the same key later', async () => {
    api.gateway.failure = new TemporalUnavailable('Temporal cannot be reached.');
    const away = await ask('away-key-1');
    expect(away.status).toBe(503);
    expect(away.body).toMatchObject({ type: 'urn:rollcall:problem:unavailable' });
    api.gateway.failure = null;
    expect((await ask('away-key-1')).status).toBe(202);
    expect(await request('away-key-1')).toMatchObject({ status: 'done' });
  });

  it('answers 202 without a run when nobody answers in time, and notes the answer when it comes', async () => {
    const release = api.gateway.hold();
    const late = await ask('late-key-1');
    expect(late.status).toBe(202);
    expect(late.body).toEqual({ requestId: 'late-key-1', runId: null });
    expect(await request('late-key-1')).toMatchObject({ status: 'waiting', runId: null });
    release();
    let seen = await request('late-key-1');
    while ((seen as { status: string }).status === 'waiting') seen = await request('late-key-1');
    expect(seen).toMatchObject({ status: 'done', runId: expect.stringMatching(/^corp-\d+$/) });
  });

  it('hides what went wrong inside behind a 500 without its message', async () => {
    api.gateway.failure = new Error('secret inner detail');
    const broken = await ask('broken-key-1');
    expect(broken.status).toBe(500);
    expect(broken.text).not.toContain('secret inner detail');
  });

  it('answers a refusal of an unknown type with 409', async () => {
    api.gateway.failure = new UpdateRefused('SomethingNew', 'the connector would rather not');
    const refused = await ask('strange-key-1');
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ detail: 'the connector would rather not' });
  });

  it('knows no request that was never made', async () => {
    expect((await api.ask('/api/v1/requests/never-made-1')).status).toBe(404);
  });

  it('audits each command once, with its request', async () => {
    await ask('audited-key-1');
    await ask('audited-key-1');
    const { items } = (await api.ask('/api/v1/audit?limit=500')).body as {
      items: { action: string; details: { requestId?: string } }[];
    };
    expect(items.filter(({ details }) => details.requestId === 'audited-key-1')).toHaveLength(1);
    expect(await api.store.audit.verify()).toBeNull();
  });
});
