import type { OperationRecord } from '../../store/records';
import { seedRun } from './support/seed';
import { TARGET, connector, startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

const PLAN_HASH = 'a'.repeat(64);

/** Two differences that were made in Jira: an account (2) and a membership (3); the others come from the source. */
function compared({ seq, reasons }: OperationRecord): Partial<OperationRecord> {
  const code = seq === 2 || seq === 3 ? 'driftInJira' : 'driftAtSource';
  return {
    ...(seq === 2 && { status: 'planned' }),
    ...(seq === 3 && { before: { group: 'team-0' }, after: null }),
    reasons: [...reasons, { code, rule: '4.6' }],
  };
}

describe('/runs/{id}/drift', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('drift');
    api.setTime('2026-03-02T11:30:00.000Z');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('corp') });
    const drift = { mode: 'drift', status: 'planned', planHash: PLAN_HASH, operations: 6 } as const;
    await seedRun(api.store, 'corp-1', { ...drift, change: compared });
    await seedRun(api.store, 'corp-2', { status: 'succeeded', n: 2 });
  });
  afterAll(async () => api.stop());

  const decide = (seq: number, how: 'revert' | 'accept', run = 'corp-1') =>
    api.ask(`/api/v1/runs/${run}/drift/${seq}/${how}`, { method: 'POST' });

  it('lists each difference with what was last written, what Jira has, what the source says, and who changed it', async () => {
    const { status, body } = await api.ask('/api/v1/runs/corp-1/drift?limit=3');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      runId: 'corp-1',
      nextCursor: '4',
      items: [
        { seq: 1, changed: 'source', decidable: false },
        {
          seq: 2,
          changed: 'jira',
          decidable: true,
          kind: 'deactivateUser',
          lastApplied: { active: false },
          inJira: { active: true },
          atSource: { active: false },
        },
        { seq: 3, changed: 'jira' },
      ],
    });
  });

  it('reverts one by approving its number alone, and writes it into the audit log', async () => {
    const { status, body } = await decide(2, 'revert');
    expect(status).toBe(202);
    expect(body).toMatchObject({ runId: expect.any(String) });
    expect(api.gateway.told.at(-1)).toMatchObject({
      update: 'applyPlan',
      input: { runId: 'corp-1', hash: PLAN_HASH, only: { seqs: [2] } },
    });
    expect((await api.store.runs.get('corp-1'))?.approvals).toMatchObject([{ only: { seqs: [2] } }]);
    const [event] = (await api.store.audit.list({ limit: 1, cursor: null })).items;
    expect(event).toMatchObject({ action: 'drift.revert', subject: 'corp-1' });
  });

  it('accepts a membership that was added by hand: the ledger knows it, and it is decided', async () => {
    expect(await decide(3, 'accept')).toMatchObject({ status: 200, body: { seq: 3, status: 'cancelled' } });
    const [operation] = await api.store.plans.page('corp-1', 3, 3);
    expect(operation?.status).toBe('cancelled');
    const ledger = await api.store.memberships.inSlices('corp', { from: 0, to: 4095 });
    expect([...ledger.values()].flat()).toMatchObject([{ addedBy: 'foreign' }]);
    const again = await decide(3, 'accept');
    expect(again).toMatchObject({ status: 409, body: { type: 'urn:rollcall:problem:not-waiting' } });
  });

  it.each([
    [1, 'corp-1', 409, 'Only the source has changed'],
    [99, 'corp-1', 404, 'difference'],
    [1, 'corp-2', 409, 'no comparison'],
    [1, 'corp-9', 404, 'run'],
  ])('refuses to decide number %d of %s with %d', async (seq, run, status, why) => {
    for (const how of ['revert', 'accept'] as const) {
      expect(await decide(seq, how, run)).toMatchObject({ status, body: { detail: expect.stringContaining(why) } });
    }
  });

  it('is not approved as a whole', async () => {
    const refused = await api.ask('/api/v1/runs/corp-1/approve', { body: { hash: PLAN_HASH } });
    expect(refused).toMatchObject({ status: 409, body: { type: 'urn:rollcall:problem:not-waiting' } });
  });
});
