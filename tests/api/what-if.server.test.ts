import type { WhatIfPerson, WhatIfResult } from '../../domain/what-if-result';
import { WHAT_IF_PAGE, acknowledgementId, whatIfPage } from '../../domain/what-if-result';
import { decisionFingerprint, emptyWhatIfCounts } from '../../domain/what-if';
import { TARGET, connector, startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

const PATH = '/api/v1/connectors/corp/what-if';
const NARROWER = connector('corp', { scope: { exclude: ['ada'] } });
const HASH = 'c'.repeat(64);

const result = (pages: number): WhatIfResult => ({
  ...emptyWhatIfCounts(),
  hash: HASH,
  runId: 'corp-1',
  readAt: '2026-03-02T11:00:00.000Z',
  configVersion: 1,
  groupsCreated: { now: 0, then: 0 },
  groupsAdopted: { now: 0, then: 0 },
  gate: [],
  holdReasons: [],
  warnings: [],
  pages,
});

const person = (n: number): WhatIfPerson => ({
  externalId: `id-${n}`,
  username: `user${n}`,
  changes: n % 2 === 0 ? ['deactivated', 'leavesScope'] : ['renamed'],
  before: [],
  operations: [],
  dropped: [],
  standing: 'unchanged',
  reasons: [],
});

describe('/connectors/{id}/what-if', () => {
  let api: TestApi;
  /** What a worker would answer. */
  const answer =
    (pages = 0) =>
    async (requestId: string): Promise<void> => {
      const end = { status: 'done', runId: null, error: null, finishedAt: '2026-03-02T12:00:00.000Z' } as const;
      await api.store.requests.finish(requestId, { ...end, result: result(pages) as never });
    };
  beforeAll(async () => {
    api = await startTestApi('what-if');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('corp') });
  });
  beforeEach(() => {
    api.gateway.onTask = answer();
  });
  afterAll(async () => api.stop());

  it('answers with the numbers and their hash', async () => {
    const { status, body } = await api.ask(PATH, { body: { config: NARROWER } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ hash: HASH, runId: 'corp-1', requestId: expect.any(String) });
    expect(body).not.toHaveProperty('pages');
  });

  it('answers 202 where it takes longer, and the request has the answer later', async () => {
    api.gateway.onTask = null;
    const { status, body } = await api.ask(PATH, { body: { config: NARROWER } });
    expect(status).toBe(202);
    const { requestId } = body as { requestId: string };
    await answer()(requestId);
    expect((await api.ask(`/api/v1/requests/${requestId}`)).body).toMatchObject({
      status: 'done',
      result: { hash: HASH },
    });
  });

  it('starts one task for one Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'what-if-once' };
    await api.ask(PATH, { body: { config: NARROWER }, headers });
    await api.ask(PATH, { body: { config: NARROWER }, headers });
    expect(api.gateway.tasks.filter((id) => id === 'what-if-once')).toHaveLength(1);
    const other = await api.ask(PATH, { body: { config: connector('corp') }, headers });
    expect(other).toMatchObject({ status: 422, body: { type: 'urn:rollcall:problem:key-reused' } });
  });

  it('writes into the audit log who asked, and nothing else', async () => {
    const events = await api.store.audit.list({ limit: 1, cursor: null });
    expect(events.items[0]).toMatchObject({ action: 'connector.whatIf', subject: 'corp' });
    expect(Object.keys(events.items[0]?.details ?? {})).toEqual(['requestId']);
  });

  it.each([
    ['a wrong configuration', { ...NARROWER, scopes: {} }, 'scopes'],
    ['another id', connector('other'), 'id'],
    ['another source', { ...NARROWER, source: { type: 'file', users: 'other.csv' } }, 'config.source'],
  ])('refuses %s with 422 and says where', async (_what, config, path) => {
    const refused = await api.ask(PATH, { body: { config } });
    expect(refused.status).toBe(422);
    expect((refused.body as { errors: { path: string }[] }).errors.map((error) => error.path)).toContain(path);
  });

  it('answers 404 for an unknown connector', async () => {
    expect(await api.ask('/api/v1/connectors/nobody/what-if', { body: { config: NARROWER } })).toMatchObject({
      status: 404,
    });
  });

  it('tells why a worker refused', async () => {
    api.gateway.onTask = async (requestId) =>
      api.store.requests.finish(requestId, {
        status: 'failed',
        runId: null,
        result: null,
        error: 'No run has stored what source and Jira hold; make a preview first.',
        finishedAt: '2026-03-02T12:00:00.000Z',
      });
    const refused = await api.ask(PATH, { body: { config: NARROWER } });
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('make a preview first') } });
  });

  describe('people', () => {
    const COUNT = WHAT_IF_PAGE + 50;
    let path: string;
    beforeAll(async () => {
      api.gateway.onTask = answer(2);
      const { body } = await api.ask(PATH, { body: { config: NARROWER } });
      const { requestId } = body as { requestId: string };
      const all = Array.from({ length: COUNT }, (_, n) => person(n));
      await api.store.snapshots.putArtifact('corp-1', whatIfPage(requestId, 0), all.slice(0, WHAT_IF_PAGE));
      await api.store.snapshots.putArtifact('corp-1', whatIfPage(requestId, 1), all.slice(WHAT_IF_PAGE));
      path = `${PATH}/${requestId}/people`;
    });

    const all = async (query: string): Promise<string[]> => {
      const ids: string[] = [];
      for (let cursor: string | null = '0'; cursor !== null;) {
        const { body } = await api.ask(`${path}?${query}&cursor=${cursor}`);
        const page = body as { items: { externalId: string }[]; nextCursor: string | null };
        ids.push(...page.items.map(({ externalId }) => externalId));
        cursor = page.nextCursor;
      }
      return ids;
    };

    it('lists each person once, page by page', async () => {
      expect(await all('limit=70')).toEqual(Array.from({ length: COUNT }, (_, n) => `id-${n}`));
    });

    it('filters by change, by the beginning of a username and by external id', async () => {
      expect(await all('change=renamed&limit=500')).toHaveLength(COUNT / 2);
      expect(await all('q=USER24&limit=100')).toHaveLength(11);
      expect(await all('q=id-240')).toEqual(['id-240']);
    });

    it('answers 400 for a cursor that it did not give out, and 404 for what is no what-if', async () => {
      expect(await api.ask(`${path}?cursor=x`)).toMatchObject({ status: 400 });
      expect(await api.ask(`${PATH}/no-such-request/people`)).toMatchObject({ status: 404 });
    });
  });

  describe('Rollcall-Acknowledge', () => {
    const put = (hash: string, body: unknown, version: string) =>
      api.ask('/api/v1/connectors/corp', {
        method: 'PUT',
        body,
        headers: { 'if-match': version, 'rollcall-acknowledge': hash },
      });
    const know = async (hash: string, settings: string, createdAt = '2026-03-02T11:30:00.000Z'): Promise<void> => {
      const input = { settings, scope: 'scope-of-this' };
      await api.store.requests.open({
        id: acknowledgementId(hash),
        kind: 'acknowledge',
        subject: 'corp',
        input,
        createdAt,
      });
    };
    const settingsOf = (config: unknown): string => decisionFingerprint(api.deps.configuration.parseConnector(config));
    const stored = (version: number) => api.store.connectors.version('corp', version);

    it('is refused where no what-if has this hash, of another configuration, or an old one', async () => {
      const [unknown, other, old] = ['1', '2', '3'].map((digit) => digit.repeat(64));
      await know(other ?? '', settingsOf(connector('corp')));
      await know(old ?? '', settingsOf(NARROWER), '2026-03-01T11:00:00.000Z');
      for (const hash of [unknown, other, old]) {
        expect(await put(hash ?? '', NARROWER, '"1"')).toMatchObject({
          status: 409,
          body: { type: 'urn:rollcall:problem:what-if-changed' },
        });
      }
      expect(await put('no-hash', NARROWER, '"1"')).toMatchObject({ status: 400 });
      expect((await api.store.connectors.get('corp'))?.version).toBe(1);
    });

    it('is kept with the version that it was saved with, and audited', async () => {
      await know(HASH, settingsOf(NARROWER));
      expect(await put(HASH, NARROWER, '"1"')).toMatchObject({ status: 200 });
      expect(await stored(2)).toMatchObject({ acknowledgedScope: 'scope-of-this' });
      const [event] = (await api.store.audit.list({ limit: 1, cursor: null })).items;
      expect(event).toMatchObject({ action: 'connector.change', details: { version: 2, acknowledged: HASH } });
    });

    it('stays with later versions that plan the same, and ends with one that does not', async () => {
      const put2 = (body: unknown, version: string) =>
        api.ask('/api/v1/connectors/corp', { method: 'PUT', body, headers: { 'if-match': version } });
      expect(await put2({ ...NARROWER, name: 'Corp' }, '"2"')).toMatchObject({ status: 200 });
      expect(await stored(3)).toMatchObject({ acknowledgedScope: 'scope-of-this' });
      expect(await put2(connector('corp', { scope: { exclude: ['bob'] } }), '"3"')).toMatchObject({ status: 200 });
      expect(await stored(4)).not.toHaveProperty('acknowledgedScope');
    });
  });
});
