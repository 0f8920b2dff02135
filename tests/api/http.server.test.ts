import { connect } from 'node:net';
import { PROBLEM_PREFIX } from '../../api/http/problem';
import { TemporalUnavailable } from '../../api/gateway-errors';
import { TARGET, endpointsOf, startTestApi } from './support/test-api';
import type { Answer, Ask, TestApi } from './support/test-api';

const filled = (path: string): string => path.replace(/\{\w+\}/g, 'nothing-here');

describe('the HTTP surface', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('api-http');
  });
  afterAll(() => api.stop());

  function expectProblem(answer: Answer, status: number, kind: string): void {
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      type: PROBLEM_PREFIX + kind,
      status,
      title: expect.any(String),
      detail: expect.any(String),
    });
  }

  it('refuses every operation without a token, and with a wrong one, before anything else', async () => {
    for (const { method, path } of endpointsOf(api)) {
      const ask: Ask = { method: method.toUpperCase(), token: null };
      const missing = await api.ask(`/api/v1${filled(path)}`, ask);
      expectProblem(missing, 401, 'unauthorized');
      expect(missing.headers.get('www-authenticate')).toBe('Bearer realm="rollcall"');
      const wrong = await api.ask(`/api/v1${filled(path)}`, { ...ask, token: 'wrong-token' });
      expectProblem(wrong, 401, 'unauthorized');
      expect(wrong.headers.get('www-authenticate')).toContain('invalid_token');
    }
  });

  it('says nothing about addresses to strangers', async () => {
    expectProblem(await api.ask('/api/v1/no-such-thing', { token: null }), 401, 'unauthorized');
  });

  it('answers 404 for what is not there, and 405 with Allow for a wrong method', async () => {
    expectProblem(await api.ask('/api/v1/no-such-thing'), 404, 'not-found');
    expectProblem(await api.ask('/elsewhere'), 404, 'not-found');
    const wrong = await api.ask('/api/v1/targets', { method: 'DELETE' });
    expectProblem(wrong, 405, 'method-not-allowed');
    expect(wrong.headers.get('allow')).toBe('POST, GET, HEAD');
    expectProblem(await api.ask('/api/v1/targets/jira', { method: 'PATCH' }), 405, 'method-not-allowed');
  });

  it.each([
    ['half a document', { raw: '{"id": ' }, 400, 'malformed-json'],
    ['a bare text', { raw: '"jira"' }, 400, 'malformed-json'],
    ['no body at all', { method: 'POST' }, 422, 'invalid'],
    ['a list', { body: [TARGET] }, 422, 'invalid'],
    ['null', { raw: 'null' }, 400, 'malformed-json'],
    ['another type', { raw: 'id: jira', headers: { 'content-type': 'text/yaml' } }, 415, 'unsupported-media-type'],
    [
      'no type',
      { raw: new TextEncoder().encode('{}'), headers: { 'content-type': '' } },
      415,
      'unsupported-media-type',
    ],
    [
      'another character set',
      { raw: '{}', headers: { 'content-type': 'application/json; charset=latin1' } },
      415,
      'unsupported-media-type',
    ],
    ['an unknown compression', { raw: '{}', headers: { 'content-encoding': 'zstd-x' } }, 415, 'unsupported-media-type'],
    ['too much', { body: { id: 'x'.repeat(1_100_000) } }, 413, 'too-large'],
    ['a prototype', { raw: '{"__proto__": {"id": "x"}}' }, 422, 'invalid'],
  ] as const)('refuses a body that is %s', async (_name, ask, status, kind) => {
    expectProblem(await api.ask('/api/v1/targets', ask), status, kind);
  });

  it('refuses what nests too deep, however deep', async () => {
    const deep = (levels: number) => `{"id":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expectProblem(await api.ask('/api/v1/targets', { raw: deep(100) }), 422, 'invalid');
    expectProblem(await api.ask('/api/v1/targets', { raw: deep(200_000) }), 422, 'invalid');
  });

  it.each([
    ['/api/v1/runs?limit=0', 'query.limit'],
    ['/api/v1/runs?limit=501', 'query.limit'],
    ['/api/v1/runs?limit=ten', 'query.limit'],
    ['/api/v1/runs?colour=red', 'query.colour'],
    ['/api/v1/runs?cursor=abc', 'query.cursor'],
    ['/api/v1/runs?cursor=1&cursor=2', 'query.cursor'],
    ['/api/v1/audit?cursor=-5', 'query.cursor'],
    ['/api/v1/connectors?limit[a]=1', 'query["limit[a]"]'],
  ])('names the wrong field of %s', async (path, field) => {
    const answer = await api.ask(path);
    expectProblem(answer, 400, 'bad-request');
    expect((answer.body as { errors: { path: string }[] }).errors.map((error) => error.path)).toContain(field);
  });

  it.each(['short', 'with blank in it', 'x'.repeat(129), 'a;b;c;d;e;f'])(
    'refuses the Idempotency-Key %p',
    async (key) => {
      const answer = await api.ask('/api/v1/targets', { body: TARGET, headers: { 'idempotency-key': key } });
      expectProblem(answer, 400, 'bad-request');
    }
  );

  it.each(['/api/v1/targets/%E0%A4%A', '/api/v1/targets/%00', '/api/v1/targets/..%2f..', '/api/v1/runs/A'])(
    'answers a broken address like %s with a 4xx',
    async (path) => {
      const answer = await api.ask(path);
      expect([400, 404]).toContain(answer.status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
  );

  it('survives what is no HTTP at all', async () => {
    const { port } = new URL(api.url);
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.end('NOT HTTP AT ALL\r\n\r\n'));
      socket.resume().once('close', resolve).once('error', reject);
    });
    expect((await api.ask('/healthz')).status).toBe(200);
  });

  it('sends the usual protections with every answer, and never caches', async () => {
    const { headers } = await api.ask('/api/v1/targets');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('knows alive from ready', async () => {
    expect((await api.ask('/healthz', { token: null })).body).toEqual({ status: 'ok' });
    expect((await api.ask('/readyz', { token: null })).body).toEqual({ status: 'ok', store: 'ok', temporal: 'ok' });
    api.gateway.failure = new TemporalUnavailable('Temporal cannot be reached.');
    const away = await api.ask('/readyz', { token: null });
    api.gateway.failure = null;
    expect(away.status).toBe(503);
    expect(away.body).toEqual({ status: 'unavailable', store: 'ok', temporal: 'unavailable' });
  });

  it('logs what was served, but no token, no query and no id', async () => {
    await api.ask('/api/v1/runs/ada-lovelace-1/results?q=ada%40example.com');
    const lines = api.logged.join('');
    expect(lines).toContain('"route":"/runs/{id}/results"');
    expect(lines).toContain('"status":404');
    for (const secret of [api.deps.adminToken, 'wrong-token', 'ada', 'example.com'])
      expect(lines).not.toContain(secret);
  });

  it('describes every route in /openapi.json, with the schema of a connector', async () => {
    const answer = await api.ask('/openapi.json', { token: null });
    const document = answer.body as { openapi: string; paths: Record<string, Record<string, unknown>> };
    expect(document.openapi).toBe('3.1.0');
    for (const { method, path } of endpointsOf(api)) {
      expect(document.paths[`/api/v1${path}`]?.[method]).toBeDefined();
    }
    expect(document.paths['/api/v1/connectors']?.post).toMatchObject({
      requestBody: {
        content: { 'application/json': { schema: { properties: { schedule: expect.anything() } } } },
      },
    });
  });

  it('lists the operations on a page without scripts', async () => {
    const page = await api.ask('/docs', { token: null });
    expect(page.status).toBe(200);
    expect(page.text).toContain('POST /api/v1/runs/{id}/approve');
    expect(page.text).not.toContain('<script');
    expect((await api.ask('/docs/style.css', { token: null })).headers.get('content-type')).toContain('text/css');
  });
});
