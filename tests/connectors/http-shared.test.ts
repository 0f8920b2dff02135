import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../../connectors/http';
import { errorCode } from '../../connectors/httpErrors';
import { DEFAULT_QUOTA_SHARE, paceOfStatus, shareOf } from '../../connectors/pace';
import { createTokenSource } from '../../connectors/token';
import { CallsDelayed, type CallEnd, type CallLimiter } from '../../domain/call-limiter';
import { listen, type RunningServer } from '../../simulators/support/server';

const never = new AbortController().signal;
const anything = z.unknown();

interface Said {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** A limiter that notes what it was asked and told. */
function notingLimiter(refuseWith?: Error) {
  const costs: (number | undefined)[] = [];
  const ends: CallEnd[] = [];
  const limiter: CallLimiter = {
    take: (_signal, cost) => {
      costs.push(cost);
      if (refuseWith !== undefined) return Promise.reject(refuseWith);
      return Promise.resolve({ end: (end) => void ends.push(end) });
    },
  };
  return { limiter, costs, ends };
}

describe('what REST providers share', () => {
  let server: RunningServer;
  let http: HttpClient;
  let url: string;
  let answers: Said[];
  let tokensAsked: number;
  const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];

  const client = (options: Partial<HttpClientOptions> = {}): HttpClient => {
    const tokens = createTokenSource(() => {
      tokensAsked += 1;
      return Promise.resolve({ value: `t${tokensAsked}`, lifetimeMs: 60_000 });
    });
    http = createHttpClient({ service: 'Test', baseUrl: `${url}/v1`, tokens, ...options });
    return http;
  };

  beforeEach(async () => {
    seen.length = 0;
    answers = [];
    tokensAsked = 0;
    server = await listen((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
        const said = answers.shift() ?? {};
        response.writeHead(said.status ?? 200, { 'content-type': 'application/json', ...said.headers });
        response.end(JSON.stringify(said.body ?? {}));
      });
    }, 0);
    url = `http://127.0.0.1:${server.port}`;
  });
  afterEach(async () => {
    await http.close();
    await server.close();
  });

  it('sends the headers of the client and of the call, and the scheme of its tokens', async () => {
    await client({ scheme: 'SSWS', headers: { 'x-all': 'a' } }).send(
      { step: 's', path: '/x', headers: { 'x-one': 'b' } },
      never
    );
    expect(seen[0]?.headers).toMatchObject({ 'x-all': 'a', 'x-one': 'b', authorization: 'SSWS t1' });
  });

  it('sends JSON by POST', async () => {
    await client().send({ step: 's', path: '/batch', json: { requests: [] } }, never);
    expect(seen[0]).toMatchObject({ method: 'POST', body: '{"requests":[]}' });
    expect(seen[0]?.headers['content-type']).toBe('application/json');
  });

  it('follows a link of a next page to the letter', async () => {
    await client().send({ step: 's', path: `${url}/v1/users?$skiptoken=a%2Bb+c`, query: { not: 'sent' } }, never);
    expect(seen[0]?.url).toBe('/v1/users?$skiptoken=a%2Bb+c');
  });

  it.each(['https://evil.example/v1/users', 'v1/users', 'http://127.0.0.1:1/v1/users'])(
    'never follows a link with the token to another server: %s',
    async (link) => {
      const sent = client().send({ step: 'list', path: link }, never);
      await expect(sent).rejects.toMatchObject({ kind: 'data', message: expect.stringContaining('leads away') });
      expect(seen).toEqual([]);
    }
  );

  it('stays below the path of the base URL too', async () => {
    await expect(client().send({ step: 'list', path: `${url}/v10/users` }, never)).rejects.toMatchObject({
      kind: 'data',
    });
  });

  it('takes a new token once after a 401, and says what to do when that is refused too', async () => {
    answers = [{ status: 401 }, { status: 401 }];
    const read = client({ unauthorized: 'see the app registration' }).read({ step: 's', path: '/x' }, anything, never);
    await expect(read).rejects.toMatchObject({
      kind: 'authentication',
      message: 'Test: s: answered 401; see the app registration',
    });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('lets a service say in its own way that it was asked too often', async () => {
    answers = [{ status: 403, body: { error: { errors: [{ reason: 'quotaExceeded' }] } } }];
    const meaningOf = () => ({ kind: 'rateLimited', retryAfterMs: 7_000 }) as const;
    const read = client({ meaningOf }).read({ step: 's', path: '/x' }, anything, never);
    await expect(read).rejects.toMatchObject({ kind: 'rateLimited', retryAfterMs: 7_000 });
  });

  describe('with a budget that all workers share', () => {
    it('takes what a call costs, and tells when everybody has to wait', async () => {
      const noting = notingLimiter();
      answers = [{}, { status: 429, headers: { 'retry-after': '3' } }];
      const limited = client({ limiter: noting.limiter });
      await limited.send({ step: 's', path: '/batch', cost: 40 }, never);
      await limited.send({ step: 's', path: '/x' }, never);
      expect(noting.costs).toEqual([40, undefined]);
      expect(noting.ends).toEqual([
        { rate: null, blockedForMs: null },
        { rate: null, blockedForMs: 3_000 },
      ]);
    });

    it('gives the permit back when no answer comes', async () => {
      const noting = notingLimiter();
      const limited = client({ limiter: noting.limiter, timeoutMs: 500 });
      await server.close();
      await expect(limited.send({ step: 's', path: '/x' }, never)).rejects.toMatchObject({ kind: 'unavailable' });
      expect(noting.ends).toHaveLength(1);
      server = await listen((_request, response) => response.end(), 0);
    });

    it('comes again later when the budget is used up', async () => {
      const noting = notingLimiter(new CallsDelayed(9_000));
      const sent = client({ limiter: noting.limiter }).send({ step: 's', path: '/x' }, never);
      await expect(sent).rejects.toMatchObject({ kind: 'rateLimited', retryAfterMs: 9_000 });
      expect(seen).toEqual([]);
    });
  });
});

describe('a refusal', () => {
  it.each([
    [{ error: 'invalid_client' }, 'invalid_client'],
    [{ error: { code: 'Authorization_RequestDenied', message: 'of Jane Doe' } }, 'Authorization_RequestDenied'],
    [{ error: { code: 403, status: 'PERMISSION_DENIED' } }, 'PERMISSION_DENIED'],
    [{ errorCode: 'E0000006', errorSummary: 'x' }, 'E0000006'],
    [{ error: { code: 403 } }, null],
    ['text', null],
  ])('finds the word for the error in %j', (body, expected) => {
    expect(errorCode(body)).toBe(expected);
  });
});

describe('the share of a limit', () => {
  it('is half of it by default', () => {
    const rate = { fillRate: 3_500, intervalSeconds: 10, limit: 3_500, remaining: 3_500 };
    expect(shareOf(rate, DEFAULT_QUOTA_SHARE)).toEqual({
      fillRate: 1_750,
      intervalSeconds: 10,
      limit: 1_750,
      remaining: 1_750,
    });
  });

  it.each([
    [600, 600, 300],
    [600, 400, 100],
    [600, 300, 0],
    [600, 0, 0],
  ])('of %i with %i left leaves %i: what others used counts', (limit, remaining, left) => {
    expect(shareOf({ fillRate: limit, intervalSeconds: 60, limit, remaining }, 50).remaining).toBe(left);
  });

  it.each([
    [{ status: 200, headers: {} }, null],
    [{ status: 429, headers: {} }, 5_000],
    [{ status: 503, headers: { 'retry-after': '2' } }, 2_000],
    [{ status: 503, headers: {} }, null],
    [{ status: 500, headers: { 'retry-after': '2' } }, null],
  ])('%j makes everybody wait %s ms', ({ status, headers }, expected) => {
    const answer = { status, headers: headers as Record<string, string>, text: '', json: undefined };
    expect(paceOfStatus(answer).blockedForMs).toBe(expected);
  });
});
