import { TARGET, connector, startTestApi } from './support/test-api';
import type { Answer, TestApi } from './support/test-api';

const EXAMPLE = { user: { id: 'a-1', attributes: { username: 'Ada' } }, expect: { username: 'ada' } };
const LOWER = { username: { transforms: [{ type: 'lowercase' }] } };

describe('trying a mapping over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('api-mapping');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('corp', { mapping: LOWER }) });
  });
  afterAll(() => api.stop());

  const attempt = (body: object, id = 'corp'): Promise<Answer> =>
    api.ask(`/api/v1/connectors/${id}/mapping/try`, { body });

  it('shows what a person becomes and each step on the way', async () => {
    const user = {
      attributes: { username: 'ADA', email: 'ada@corp.com' },
      groups: ['dev', { id: 'g-2', name: 'ops' }],
    };
    const { status, body } = await attempt({ user });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      person: { standing: 'inScope', username: 'ada', email: 'ada@corp.com', groups: ['dev', 'ops'] },
      groups: [
        { id: 'dev', name: 'dev' },
        { id: 'g-2', name: 'ops' },
      ],
    });
    const { attributes } = body as { attributes: { attribute: string; steps: unknown[] }[] };
    expect(attributes.find(({ attribute }) => attribute === 'username')?.steps).toContainEqual({
      step: 'lowercase',
      before: ['ADA'],
      after: ['ada'],
      matched: true,
    });
  });

  it('tries sections in place of the stored ones, and what is said to exist', async () => {
    const changes = { mapping: { username: { expression: "existing.username + '!'" } }, scope: { where: 'user.ok' } };
    const tried = { user: { attributes: { ok: true } }, existing: { username: 'old' }, with: changes };
    expect((await attempt(tried)).body).toMatchObject({ person: { standing: 'inScope', username: 'old!' } });
    expect((await attempt({ ...tried, user: {} })).body).toMatchObject({
      person: { standing: 'outOfScope' },
      scope: [{ clause: 'where', says: 'out' }],
    });
    expect((await api.ask('/api/v1/connectors/corp')).body).toMatchObject({ version: 1, config: { mapping: LOWER } });
  });

  it('names the place in an expression that is wrong', async () => {
    const { status, body } = await attempt({ user: {}, with: { scope: { where: "user.a == 'x' &&\n usr.b" } } });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      errors: [{ path: 'scope.where', message: 'unknown variable "usr" (line 2, column 2); did you mean "user"?' }],
    });
  });

  it.each([
    [{}, 'user'],
    [{ user: { atributes: {} } }, 'user.atributes'],
    [{ user: { attributes: nested(25) } }, 'user.attributes'],
    [{ user: { groups: [{ id: 'x' }] } }, 'user.groups[0]'],
    [{ user: {}, with: { safety: {} } }, 'with.safety'],
  ])('answers 422 to %j', async (body, path) => {
    const { status, body: problem } = await attempt(body);
    expect(status).toBe(422);
    expect((problem as { errors: { path: string }[] }).errors.map((error) => error.path)).toContain(path);
  });

  it('survives any depth and any hostile text', async () => {
    const raw = `{"user":{"attributes":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}}`;
    expect((await api.ask('/api/v1/connectors/corp/mapping/try', { raw })).status).toBe(422);
    const evil = { username: { expression: "RegexReplace(user.t, '(a*b)?', 'x')" } };
    const { status, body } = await attempt({
      user: { attributes: { t: 'a'.repeat(50_000) } },
      with: { mapping: evil },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ person: { standing: 'excluded', reasons: [{ code: 'mappingFailed' }] } });
  });

  it('is 404 for a connector that is not there, and keeps nothing of the person', async () => {
    expect((await attempt({ user: { attributes: { username: 'grace-secret' } } }, 'none')).status).toBe(404);
    await attempt({ user: { attributes: { username: 'grace-secret' } } });
    const { body: log } = await api.ask('/api/v1/audit');
    expect([JSON.stringify(log), api.logged.join('')].join('')).not.toMatch(/grace-secret/);
  });
});

describe('golden users over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('api-golden');
    await api.ask('/api/v1/targets', { body: TARGET });
  });
  afterAll(() => api.stop());

  const put = (id: string, more: Record<string, unknown>, query = '') =>
    api.ask(`/api/v1/connectors/${id}${query}`, {
      method: 'PUT',
      body: connector(id, more),
      headers: { 'if-match': '"1"' },
    });
  const events = async () =>
    ((await api.ask('/api/v1/audit')).body as { items: { action: string; subject: string; details: unknown }[] }).items;

  it('a configuration that gets one wrong is not created: 422 with the user and the difference', async () => {
    const answer = await api.ask('/api/v1/connectors', { body: connector('wrong', { golden: [EXAMPLE] }) });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      type: 'urn:rollcall:problem:golden-users',
      errors: [{ path: 'golden[0].expect.username', message: 'a-1: expected "ada", but it would be "Ada"' }],
    });
    expect((await api.ask('/api/v1/connectors/wrong')).status).toBe(404);
  });

  it('one that breaks them later is not saved, unless this is said; the audit log says which', async () => {
    const created = await api.ask('/api/v1/connectors', {
      body: connector('right', { golden: [EXAMPLE], mapping: LOWER }),
    });
    expect(created.status).toBe(201);
    expect((await put('right', { golden: [EXAMPLE] })).status).toBe(422);
    expect((await api.ask('/api/v1/connectors/right')).body).toMatchObject({ version: 1 });
    expect((await put('right', { golden: [EXAMPLE] }, '?acceptGolden=maybe')).status).toBe(400);
    expect((await put('right', { golden: [EXAMPLE] }, '?acceptGolden=true')).status).toBe(200);
    expect((await events()).find(({ action }) => action === 'connector.change')).toMatchObject({
      subject: 'right',
      details: { version: 2, acceptedGolden: [0] },
    });
    expect(JSON.stringify(await events())).not.toContain('a-1');
  });
});

function nested(levels: number): Record<string, unknown> {
  return Array.from({ length: levels }).reduce<Record<string, unknown>>((inner) => ({ a: inner }), {});
}
