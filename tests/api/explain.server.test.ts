import { TARGET, connector, startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

const PATH = '/api/v1/connectors/corp/users/ada%40example.com/explain';
const because = { code: 'disabled', rule: '3.1' };
const EXPLAINED = {
  at: '2026-03-02T11:00:00.000Z',
  runId: null,
  configVersion: 1,
  explanation: {
    externalId: '1',
    presence: 'present',
    source: { active: false, attributes: { username: 'ada', groups: ['a'] } },
    groups: [{ externalId: 'g', name: 'dev', standsFor: ['jira-dev'] }],
    scope: [{ clause: 'exclude', says: 'in', reason: null, matched: [] }],
    mapping: [
      {
        attribute: 'username',
        steps: [{ step: 'source', before: ['username'], after: ['ada'] }],
        result: { kind: 'values', texts: ['ada'] },
      },
    ],
    prepared: { standing: 'inScope', reasons: [] },
    contests: { username: null, email: null },
    candidates: [],
    link: null,
    desired: { username: 'ada', email: 'keep', displayName: { set: 'Ada' } },
    desiredGroups: [{ group: 'jira-dev', reason: { code: 'assertedBySource', rule: '2.6' } }],
    actual: null,
    operations: [
      {
        kind: 'deactivateUser',
        before: { active: true },
        after: { active: false },
        status: 'planned',
        reasons: [because],
        error: null,
        appliedBy: null,
      },
    ],
    standing: 'unchanged',
    reasons: [because],
    outcome: 'deactivated',
    error: null,
  },
};

describe('/connectors/{id}/users/{identifier}/explain', () => {
  let api: TestApi;
  /** What a worker answers, or how it refuses. */
  const answers =
    (result: object | null, error: string | null = null) =>
    async (requestId: string): Promise<void> => {
      const status = error === null ? 'done' : 'failed';
      const finishedAt = '2026-03-02T12:00:00.000Z';
      await api.store.requests.finish(requestId, { status, runId: null, result: result as never, error, finishedAt });
    };
  const inputOf = async (): Promise<unknown> => (await api.store.requests.get(api.gateway.tasks.at(-1) ?? ''))?.input;
  beforeAll(async () => {
    api = await startTestApi('explain');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('corp') });
  });
  beforeEach(() => {
    api.gateway.onTask = answers(EXPLAINED);
  });
  afterAll(async () => api.stop());

  it('answers with every step, and each reason in words', async () => {
    const { status, body } = await api.ask(PATH);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      externalId: '1',
      runId: null,
      operations: [
        { kind: 'deactivateUser', reasons: [{ ...because, words: 'is disabled at the source (rule 3.1)' }] },
      ],
      reasons: [{ words: 'is disabled at the source (rule 3.1)' }],
    });
    expect(await inputOf()).toEqual({ identifier: 'ada@example.com', run: null, at: null });
  });

  it('asks for a run, for the end of a day, or for a moment', async () => {
    await api.ask(`${PATH}?run=corp-7`);
    expect(await inputOf()).toMatchObject({ run: 'corp-7', at: null });
    await api.ask(`${PATH}?at=2026-05-03`);
    expect(await inputOf()).toMatchObject({ run: null, at: '2026-05-03T23:59:59.999Z' });
    await api.ask(`${PATH}?at=2026-05-03T10:00:00.000Z`);
    expect(await inputOf()).toMatchObject({ at: '2026-05-03T10:00:00.000Z' });
  });

  it.each(['run=corp-7&at=2026-05-03', 'at=yesterday', 'at=2026-13-01', 'when=now'])('refuses ?%s', async (query) => {
    expect(await api.ask(`${PATH}?${query}`)).toMatchObject({ status: 400 });
  });

  it('writes into the audit log who read it, and not about whom', async () => {
    await api.ask(PATH);
    const [event] = (await api.store.audit.list({ limit: 1, cursor: null })).items;
    expect(event).toMatchObject({ action: 'user.explain', subject: 'corp' });
    expect(JSON.stringify(event)).not.toContain('ada');
  });

  it('answers 202 where it takes longer', async () => {
    api.gateway.onTask = null;
    expect(await api.ask(PATH)).toMatchObject({ status: 202, body: { requestId: expect.any(String) } });
  });

  it.each([
    ['not-found', 404],
    ['ambiguous-user', 409],
    ['refused', 409],
  ])('answers what the worker calls %s with %d', async (problem, status) => {
    api.gateway.onTask = answers({ problem }, 'why');
    expect(await api.ask(PATH)).toMatchObject({ status, body: { detail: 'why' } });
  });

  it('answers 404 for an unknown connector', async () => {
    expect(await api.ask('/api/v1/connectors/nobody/users/ada/explain')).toMatchObject({ status: 404 });
  });
});
