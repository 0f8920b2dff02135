import { createServer } from 'node:http';
import { z } from 'zod';
import { baseUrlSchema, maySendSecrets } from '../../connectors/baseUrl';
import { createHttpClient, type HttpClient } from '../../connectors/http';
import { retryAfterMs } from '../../connectors/httpErrors';
import { createTokenSource } from '../../connectors/token';
import { listen, type RunningServer } from '../../simulators/support/server';

const never = new AbortController().signal;

describe('Retry-After', () => {
  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': ' 0 ' }, 0],
    [{ 'retry-after': 'Tue, 24 Nov 2026 08:00:30 GMT', date: 'Tue, 24 Nov 2026 08:00:00 GMT' }, 30_000],
    [{ 'retry-after': 'Tue, 24 Nov 2026 07:00:00 GMT', date: 'Tue, 24 Nov 2026 08:00:00 GMT' }, 0],
    [{ 'retry-after': 'Tue, 24 Nov 2026 08:00:30 GMT' }, null],
    [{ 'retry-after': '99999999999' }, 3_600_000],
    [{ 'retry-after': 'soon' }, null],
    [{}, null],
  ] as const)('%j asks to wait %s ms', (headers, expected) => {
    expect(retryAfterMs(headers as Readonly<Record<string, string>>)).toBe(expected);
  });
});

describe('the address of a service', () => {
  it.each([
    ['https://a.example/x/', 'https://a.example/x'],
    ['HTTPS://A.example', 'https://a.example'],
  ])('%s is read as %s', (text, expected) => {
    expect(baseUrlSchema.parse(text)).toBe(expected);
  });

  it.each([
    ['https://a.example', false, true],
    ['http://127.0.0.1:1', false, true],
    ['http://[::1]:1', false, true],
    ['http://localhost', false, true],
    ['http://127.0.0.1.evil.example', false, false],
    ['http://a.example', false, false],
    ['http://a.example', true, true],
  ])('secrets to %s with allowHttp %s: %s', (url, allowHttp, expected) => {
    expect(maySendSecrets(url, allowHttp)).toBe(expected);
  });
});

describe('the HTTP client', () => {
  let server: RunningServer;
  let http: HttpClient;
  const seen: { method: string; url: string; authorization: string | undefined; body: string }[] = [];

  beforeEach(async () => {
    seen.length = 0;
    const app = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        seen.push({ method, url, authorization: headers.authorization, body });
        response.writeHead(url.startsWith('/base/moved') ? 302 : 200, {
          location: 'https://elsewhere.example/',
          'content-type': 'application/json',
        });
        response.end('{"ok":true}');
      });
    });
    server = await listen((request, response) => app.emit('request', request, response), 0);
    const tokens = createTokenSource(() => Promise.resolve({ value: 'abc', lifetimeMs: 60_000 }));
    http = createHttpClient({ service: 'Test', baseUrl: `http://127.0.0.1:${server.port}/base`, tokens });
  });
  afterEach(async () => {
    await http.close();
    await server.close();
  });

  it('sends path, query and token, and no token with an open call', async () => {
    await http.read({ step: 's', path: '/x', query: { q: 'a b&c=ü' } }, z.looseObject({ ok: z.boolean() }), never);
    await http.send({ step: 's', path: '/y', form: { secret: 'p%+ &ü' }, open: true }, never);
    expect(seen).toEqual([
      { method: 'GET', url: '/base/x?q=a%20b%26c%3D%C3%BC', authorization: 'Bearer abc', body: '' },
      { method: 'POST', url: '/base/y', authorization: undefined, body: 'secret=p%25%2B+%26%C3%BC' },
    ]);
  });

  it('follows no redirect: a token must not reach another server', async () => {
    await expect(http.read({ step: 's', path: '/moved' }, z.unknown(), never)).rejects.toMatchObject({
      kind: 'configuration',
    });
    expect(seen).toHaveLength(1);
  });

  it('refuses a body of another shape', async () => {
    const read = http.read({ step: 'read x', path: '/x' }, z.looseObject({ no: z.string() }), never);
    await expect(read).rejects.toMatchObject({ kind: 'data', message: expect.stringContaining('Test: read x') });
  });
});

describe('an access token', () => {
  it('is asked for again when who shared the request was cancelled', async () => {
    let asked = 0;
    const source = createTokenSource(
      (signal) =>
        new Promise((resolve, reject) => {
          asked += 1;
          if (asked === 2) resolve({ value: 'second', lifetimeMs: 60_000 });
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
        })
    );
    const first = new AbortController();
    const cancelled = source.get(first.signal);
    const other = source.get(never);
    first.abort();
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect(await other).toBe('second');
  });

  it('that is good for a moment only still serves the call it was asked for', async () => {
    const source = createTokenSource(
      () => Promise.resolve({ value: 'short', lifetimeMs: 0 }),
      () => 0
    );
    expect(await source.get(never)).toBe('short');
  });
});
