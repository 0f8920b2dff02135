import { TARGET, connector, startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';
import { HELD_HASH, seedResults, seedRun } from './support/seed';

interface Page {
  readonly items: readonly Record<string, unknown>[];
  readonly nextCursor: string | null;
}
interface ResultPage {
  readonly items: readonly { readonly externalId: string; readonly outcome: string }[];
  readonly nextCursor: string | null;
}

const RESULTS = 1_230;
const OPERATIONS = 4_500;

describe('runs', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('api-runs');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('corp') });
    await seedRun(api.store, 'corp-1', { operations: OPERATIONS });
    await seedResults(api.store, 'corp-1', RESULTS);
    await seedRun(api.store, 'corp-2', { n: 2, operations: 0, status: 'succeeded', heldHash: null });
    await seedRun(api.store, 'corp-3', { n: 3, operations: 0, status: 'running', plan: null, finishedAt: null });
  });
  afterAll(() => api.stop());

  it('shows a run as designed, without what only the workflows need', async () => {
    const { status, body } = await api.ask('/api/v1/runs/corp-1');
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'corp-1', connectorId: 'corp', status: 'held', heldHash: HELD_HASH });
    for (const inner of ['plan', 'shards', 'recovered', 'selection', 'requestId'])
      expect(body).not.toHaveProperty(inner);
  });

  it('lists runs newest first, of all connectors and of one', async () => {
    for (const path of ['/api/v1/runs', '/api/v1/connectors/corp/runs']) {
      const first = (await api.ask(`${path}?limit=2`)).body as Page;
      expect(first.items.map(({ id }) => id)).toEqual(['corp-3', 'corp-2']);
      const rest = (await api.ask(`${path}?limit=2&cursor=${first.nextCursor ?? ''}`)).body as Page;
      expect(rest).toMatchObject({ items: [{ id: 'corp-1' }], nextCursor: null });
    }
  });

  it('pages through results without losing or repeating one', async () => {
    const seen = new Set<string>();
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = (await api.ask(`/api/v1/runs/corp-1/results?limit=500${query}`)).body as ResultPage;
      for (const { externalId } of page.items) seen.add(externalId);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.size).toBe(RESULTS);
  });

  it('filters results by outcome and finds people by name or external id', async () => {
    const failed = (await api.ask('/api/v1/runs/corp-1/results?outcome=failed&limit=500')).body as ResultPage;
    expect(failed.items).toHaveLength(RESULTS / 10);
    expect(new Set(failed.items.map(({ outcome }) => outcome))).toEqual(new Set(['failed']));
    const find = async (q: string) =>
      ((await api.ask(`/api/v1/runs/corp-1/results?q=${encodeURIComponent(q)}`)).body as ResultPage).items;
    expect((await find('ZOË000017')).map(({ externalId }) => externalId)).toEqual(['id-17']);
    expect((await find('id-42')).map(({ externalId }) => externalId)).toEqual(['id-42']);
    expect(await find('nobody')).toEqual([]);
    expect((await api.ask('/api/v1/runs/corp-1/results?outcome=eaten')).status).toBe(400);
  });

  it('streams all results as one document and as lines', async () => {
    const json = await api.ask('/api/v1/runs/corp-1/results.json');
    expect(json.headers.get('content-disposition')).toBe('attachment; filename="corp-1-results.json"');
    const document = json.body as { run: { id: string }; results: unknown[] };
    expect(document.run.id).toBe('corp-1');
    expect(document.results).toHaveLength(RESULTS);
    const lines = await api.ask('/api/v1/runs/corp-1/results.ndjson');
    expect(lines.headers.get('content-type')).toContain('application/x-ndjson');
    const parsed = lines.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(parsed).toEqual(document.results);
  });

  it('streams a run without results as a whole document too', async () => {
    expect((await api.ask('/api/v1/runs/corp-2/results.json')).body).toMatchObject({
      run: { id: 'corp-2' },
      results: [],
    });
    expect((await api.ask('/api/v1/runs/corp-2/results.ndjson')).text).toBe('');
  });

  it('stops reading when the reader of a download goes away', async () => {
    let reads = 0;
    const { list } = api.store.outcomes;
    const counted = jest.spyOn(api.store.outcomes, 'list').mockImplementation((...input) => {
      reads += 1;
      return list(...input);
    });
    const abort = new AbortController();
    const response = await fetch(`${api.url}/api/v1/runs/corp-1/results.json`, {
      headers: { authorization: `Bearer ${api.deps.adminToken}` },
      signal: abort.signal,
    });
    await response.body?.getReader().read();
    abort.abort();
    counted.mockRestore();
    expect(reads).toBeLessThanOrEqual(RESULTS / 200 + 1);
    expect((await api.ask('/healthz')).status).toBe(200);
  });

  it('pages through a plan in order, from its first operation to its last', async () => {
    const seqs: number[] = [];
    let cursor: string | null = '0';
    while (cursor !== null) {
      const page: Page = (await api.ask(`/api/v1/runs/corp-1/plan?limit=500&cursor=${cursor}`)).body as Page;
      seqs.push(...page.items.map(({ seq }) => Number(seq)));
      cursor = page.nextCursor;
    }
    expect(seqs).toEqual(Array.from({ length: OPERATIONS }, (_, seq) => seq));
  });

  it('filters a plan within a bounded look per request', async () => {
    const held = (await api.ask('/api/v1/runs/corp-1/plan?status=held&limit=5')).body as Page;
    expect(held.items.map(({ seq }) => seq)).toEqual([0, 3, 6, 9, 12]);
    const one = (await api.ask('/api/v1/runs/corp-1/plan?q=id-4499')).body as Page;
    expect(one).toMatchObject({ items: [], nextCursor: '2000' });
    const far = (await api.ask('/api/v1/runs/corp-1/plan?q=id-4499&cursor=4000')).body as Page;
    expect(far).toMatchObject({ items: [{ externalId: 'id-4499' }], nextCursor: null });
    const group = (await api.ask('/api/v1/runs/corp-1/plan?kind=removeMembership&q=TEAM-1&limit=3')).body as Page;
    expect(group.items.map(({ after }) => after)).toEqual(Array(3).fill({ group: 'team-1' }));
    const name = (await api.ask(`/api/v1/runs/corp-1/plan?q=${encodeURIComponent('üser17')}&limit=2`)).body as Page;
    expect(name.items.map(({ username }) => username)).toEqual(['Üser17', 'Üser170']);
  });

  it('shows with the plan what its approval needs', async () => {
    const { body } = await api.ask('/api/v1/runs/corp-1/plan?limit=1');
    expect(body).toMatchObject({
      runId: 'corp-1',
      heldHash: HELD_HASH,
      total: OPERATIONS,
      expiresAt: expect.any(String),
    });
  });

  it('says that a run has no plan', async () => {
    const none = await api.ask('/api/v1/runs/corp-3/plan');
    expect(none.status).toBe(404);
    expect(none.body).toMatchObject({ type: 'urn:rollcall:problem:no-plan' });
    expect((await api.ask('/api/v1/runs/absent-1/plan')).status).toBe(404);
    expect((await api.ask('/api/v1/runs/absent-1/results.json')).status).toBe(404);
  });
});
