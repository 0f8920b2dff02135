import fc from 'fast-check';
import { TARGET, connector, endpointsOf, startTestApi } from './support/test-api';
import type { Answer, TestApi } from './support/test-api';
import { seedRun } from './support/seed';

/** Invariant 8: a request, however wrong, gets a clear 4xx and changes nothing; no 5xx by input. */
describe('wrong requests', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('api-wrong');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('corp') });
    await seedRun(api.store, 'corp-1', { operations: 3 });
  });
  afterAll(() => api.stop());

  const address = (path: string, id: string): string => `/api/v1${path.replace(/\{\w+\}/g, encodeURIComponent(id))}`;
  const idOf = (path: string): string =>
    path.startsWith('/targets') ? 'jira' : path.startsWith('/runs') ? 'corp-1' : 'corp';
  const state = async () => [
    await api.store.targets.list(),
    await api.store.connectors.list(),
    await api.store.runs.get('corp-1'),
    api.gateway.told.length,
  ];
  const expectClear = (answer: Answer): void => {
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ title: expect.any(String), detail: expect.any(String) });
  };

  it('of any JSON get a clear 4xx and change nothing', async () => {
    const before = await state();
    for (const { method, path, request } of endpointsOf(api).filter(
      (endpoint) => endpoint.request.body !== undefined
    )) {
      await fc.assert(
        fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (body) => {
          // A body whose fields are all optional is right when it is empty.
          fc.pre(request.body?.safeParse(body).success === false);
          const headers = { 'if-match': '"1"' };
          expectClear(await api.ask(address(path, idOf(path)), { method: method.toUpperCase(), body, headers }));
        }),
        { numRuns: 12 }
      );
    }
    expect(await state()).toEqual(before);
  });

  it('that are a right one with one value replaced get a clear 4xx, or are right', async () => {
    const right = { ...connector('corp'), scope: { requiredGroups: ['a'] }, groups: { map: { g: ['x'] } } };
    const keys = Object.keys(right) as (keyof typeof right)[];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 2 }), async (key, value) => {
        const version = (await api.store.connectors.get('corp'))?.version ?? 0;
        const ask = { method: 'PUT', body: { ...right, [key]: value }, headers: { 'if-match': String(version) } };
        const answer = await api.ask('/api/v1/connectors/corp', ask);
        if (answer.status !== 200) expectClear(answer);
      }),
      { numRuns: 30 }
    );
    expect((await api.ask('/api/v1/connectors/corp')).status).toBe(200);
  });

  it('with any address or query get a clear 4xx, or are right', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('..', '\u0000', '%', '$where', '__proto__')
    );
    for (const { path, method } of endpointsOf(api).filter((endpoint) => endpoint.method === 'get')) {
      await fc.assert(
        fc.asyncProperty(
          text,
          fc.constantFrom('q', 'cursor', 'limit', 'outcome', 'kind', 'x'),
          text,
          async (id, name, value) => {
            const wellFormed = (given: string): string => given.replace(/\p{Surrogate}/gu, '?');
            const query = new URLSearchParams({ [name]: wellFormed(value) }).toString();
            const where = path.includes('{') ? address(path, wellFormed(id) || 'x') : address(path, '');
            const answer = await api.ask(`${where}?${query}`, { method: method.toUpperCase() });
            if (answer.status !== 200) expectClear(answer);
          }
        ),
        { numRuns: 8 }
      );
    }
  });

  it('to search for anything find nothing and break nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 60 }), async (q) => {
        for (const list of ['results', 'plan']) {
          const answer = await api.ask(`/api/v1/runs/corp-1/${list}?q=${encodeURIComponent(q)}`);
          expect(answer.status).toBe(200);
        }
      }),
      { numRuns: 15 }
    );
  });
});
