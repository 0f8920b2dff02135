import { TARGET, connector, startTestApi } from './support/test-api';
import type { Answer, TestApi } from './support/test-api';
import { HELD_HASH, PLANNED_AT, PLAN_HASH, seedRun } from './support/seed';

const TIME = '2026-03-02T12:00:00.000Z';

describe('decisions about a run', () => {
  let api: TestApi;
  let runs = 0;
  beforeAll(async () => {
    api = await startTestApi('api-decisions');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('corp') });
    await api.ask('/api/v1/connectors', { body: connector('watcher', { mode: 'observe' }) });
  });
  beforeEach(() => {
    api.setTime(TIME);
  });
  afterAll(() => api.stop());

  /** A run that is the open hold of the connector. */
  async function held(more: Parameters<typeof seedRun>[2] = {}): Promise<string> {
    runs += 1;
    const id = `corp-${runs}`;
    await seedRun(api.store, id, { n: runs, operations: 6, ...more });
    await api.store.connectors.patch('corp', {
      openHold: { runId: id, heldHash: HELD_HASH, firstHeldAt: PLANNED_AT, lastPlannedAt: PLANNED_AT },
    });
    return id;
  }
  const approve = (id: string, body: unknown, headers = {}): Promise<Answer> =>
    api.ask(`/api/v1/runs/${id}/approve`, { body, headers });
  const reject = (id: string): Promise<Answer> => api.ask(`/api/v1/runs/${id}/reject`, { method: 'POST' });
  const expectRefusal = (answer: Answer, status: number, kind: string): void => {
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ type: `urn:rollcall:problem:${kind}` });
  };

  it('rule 4.6: approving what is held starts an apply run of exactly that plan', async () => {
    const id = await held();
    const answer = await approve(id, { hash: HELD_HASH });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ runId: expect.stringMatching(/^corp-/) });
    const told = api.gateway.told.at(-1);
    expect(told).toMatchObject({ update: 'applyPlan', input: { runId: id, hash: HELD_HASH, only: null } });
    const run = (await api.ask(`/api/v1/runs/${id}`)).body;
    expect(run).toMatchObject({ approvals: [{ by: 'admin', at: TIME, only: null }] });
  });

  it('rule 4.6: a part is approved by gate kinds and numbers, several times', async () => {
    const id = await held();
    expect((await approve(id, { hash: HELD_HASH, only: { kinds: ['absent'] } })).status).toBe(202);
    expect((await approve(id, { hash: HELD_HASH, only: { seqs: [3] } })).status).toBe(202);
    const { approvals } = (await api.ask(`/api/v1/runs/${id}`)).body as { approvals: { only: unknown }[] };
    expect(approvals.map(({ only }) => only)).toEqual([{ kinds: ['absent'] }, { seqs: [3] }]);
  });

  it('rule 4.6: approving a repeated hold acts on the first', async () => {
    const first = await held();
    runs += 1;
    await seedRun(api.store, `corp-${runs}`, { n: runs, operations: 6, holdOf: first });
    await approve(`corp-${runs}`, { hash: HELD_HASH });
    expect(api.gateway.told.at(-1)).toMatchObject({ input: { runId: first } });
  });

  it('rule 4.6: a preview is approved by its plan hash', async () => {
    const id = await held({ status: 'planned', mode: 'preview', heldHash: null });
    expectRefusal(await approve(id, { hash: HELD_HASH }), 409, 'plan-changed');
    expect((await approve(id, { hash: PLAN_HASH })).status).toBe(202);
  });

  it('rule 4.6: refuses another hash than the one that was shown', async () => {
    const id = await held();
    expectRefusal(await approve(id, { hash: PLAN_HASH }), 409, 'plan-changed');
    expect((await api.ask(`/api/v1/runs/${id}`)).body).toMatchObject({ approvals: [] });
  });

  it('rule 4.6: refuses a plan that waited too long', async () => {
    const id = await held();
    api.setTime('2026-03-03T11:00:00.000Z');
    expectRefusal(await approve(id, { hash: HELD_HASH }), 409, 'plan-expired');
  });

  it('rule 6: refuses to apply what an observing connector planned', async () => {
    await seedRun(api.store, 'watcher-1', { connectorId: 'watcher', operations: 3, status: 'planned', heldHash: null });
    expectRefusal(await approve('watcher-1', { hash: PLAN_HASH }), 409, 'observe-only');
  });

  it.each(['succeeded', 'rejected', 'approved', 'running'] as const)(
    'refuses to approve a run that is %s',
    async (status) => {
      expectRefusal(await approve(await held({ status }), { hash: HELD_HASH }), 409, 'not-waiting');
    }
  );

  it('names what is wrong with an approval', async () => {
    const id = await held();
    for (const [body, path] of [
      [{}, 'hash'],
      [{ hash: 'abc' }, 'hash'],
      [{ hash: HELD_HASH, only: {} }, 'only'],
      [{ hash: HELD_HASH, only: { kinds: [] } }, 'only.kinds'],
      [{ hash: HELD_HASH, only: { kinds: ['everything'] } }, 'only.kinds[0]'],
      [{ hash: HELD_HASH, only: { seqs: [-1] } }, 'only.seqs[0]'],
      [{ hash: HELD_HASH, force: true }, 'force'],
    ] as const) {
      const answer = await approve(id, body);
      expect(answer.status).toBe(422);
      expect((answer.body as { errors: { path: string }[] }).errors.map((error) => error.path)).toEqual([path]);
    }
  });

  it('an approval sent twice with one key is one approval', async () => {
    const id = await held();
    const headers = { 'idempotency-key': 'approve-once-1' };
    const first = await approve(id, { hash: HELD_HASH }, headers);
    api.setTime('2026-03-02T12:00:05.000Z');
    expect((await approve(id, { hash: HELD_HASH }, headers)).body).toEqual(first.body);
    const { approvals } = (await api.ask(`/api/v1/runs/${id}`)).body as { approvals: unknown[] };
    expect(approvals).toHaveLength(1);
  });

  it('rejecting ends the hold, once and for all, and leaves the plan readable', async () => {
    const id = await held();
    const answer = await reject(id);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id, status: 'rejected' });
    expect((await api.store.connectors.get('corp'))?.openHold).toBeNull();
    expect((await api.ask(`/api/v1/runs/${id}/plan`)).status).toBe(200);
    expect((await reject(id)).status).toBe(200);
    expectRefusal(await approve(id, { hash: HELD_HASH }), 409, 'not-waiting');
  });

  it('rejecting twice after a crash in between makes up for what was left', async () => {
    const id = await held();
    await api.store.runs.move(id, ['held'], { status: 'rejected' });
    expect((await reject(id)).status).toBe(200);
    expect((await api.store.connectors.get('corp'))?.openHold).toBeNull();
  });

  it('refuses to reject what was decided already', async () => {
    const id = await held({ status: 'approved' });
    expectRefusal(await reject(id), 409, 'not-waiting');
    expectRefusal(await reject('corp-99999'), 404, 'not-found');
  });

  it('cancels a run that is running, or waits for its turn', async () => {
    const id = await held({ status: 'running' });
    expect((await api.ask(`/api/v1/runs/${id}/cancel`, { method: 'POST' })).status).toBe(202);
    expect(api.gateway.told.at(-1)).toMatchObject({ update: 'cancelRun', connectorId: 'corp', input: { runId: id } });
    expect((await api.ask('/api/v1/runs/corp-4711/cancel', { method: 'POST' })).status).toBe(202);
    expect(api.gateway.told.at(-1)).toMatchObject({ input: { runId: 'corp-4711' } });
    expectRefusal(await api.ask('/api/v1/runs/nobody-1/cancel', { method: 'POST' }), 404, 'not-found');
    const ended = await held({ status: 'succeeded' });
    expectRefusal(await api.ask(`/api/v1/runs/${ended}/cancel`, { method: 'POST' }), 409, 'not-running');
  });

  it('audits who approved and rejected what', async () => {
    const { items } = (await api.ask('/api/v1/audit?limit=500')).body as {
      items: { action: string; by: string; at: string; details: Record<string, unknown> }[];
    };
    const approved = items.filter(({ action }) => action === 'plan.approve');
    expect(approved.length).toBeGreaterThan(0);
    expect(approved[0]).toMatchObject({ by: 'admin', details: { hash: expect.any(String) } });
    expect(items.some(({ action }) => action === 'plan.reject')).toBe(true);
    expect(items.some(({ action }) => action === 'run.cancel')).toBe(true);
  });
});
