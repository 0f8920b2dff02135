import { PHASE_OF_KIND } from '../../../domain/operation';
import type { OperationStatus } from '../../../domain/operation';
import { operationId } from '../../../domain/ids';
import type { OperationRecord, OutcomeRecord, RunRecord } from '../../../store/records';
import type { Store } from '../../../store/store';

export const HELD_HASH = 'b'.repeat(64);
export const PLAN_HASH = 'a'.repeat(64);
export const PLANNED_AT = '2026-03-02T11:00:00.000Z';
const SHARD = 's0000';

function operation(runId: string, n: number, status: OperationStatus): OperationRecord {
  const kind = n % 2 === 0 ? 'deactivateUser' : 'removeMembership';
  const phase = PHASE_OF_KIND[kind];
  return {
    id: operationId(runId, phase, SHARD, n),
    runId,
    shard: SHARD,
    n,
    seq: n,
    digest: 'd'.repeat(64),
    phase,
    kind,
    targetKey: `JIRAUSER${n}`,
    externalId: `id-${n}`,
    before: { active: true },
    after: kind === 'removeMembership' ? { group: `team-${n % 3}` } : { active: false },
    reasons: [{ code: 'missing', rule: '3.1' }],
    gateKinds: [kind === 'removeMembership' ? 'removals' : 'absent'],
    follows: [],
    heldByRule: false,
    linkVersion: 1,
    status,
    token: null,
    appliedBy: null,
    error: null,
    username: `Üser${n}`,
  };
}

/** A run that ended with a stored plan of `operations` operations, every third held when the run is. */
export async function seedRun(
  store: Store,
  id: string,
  more: Partial<Omit<RunRecord, 'id' | 'connectorId' | 'n'>> & {
    readonly connectorId?: string;
    readonly operations?: number;
    readonly n?: number;
    /** What is otherwise than usual in an operation. */
    readonly change?: (operation: OperationRecord) => Partial<OperationRecord>;
  } = {}
): Promise<void> {
  const { operations = 30, n = 1, connectorId = 'corp', change, ...set } = more;
  await store.runs.open({
    id,
    connectorId,
    targetId: 'jira',
    n,
    mode: set.mode ?? 'sync',
    trigger: 'manual',
    requestId: null,
    configVersion: 1,
    startedAt: PLANNED_AT,
    missedTicks: 0,
    planRunId: null,
    selection: null,
  });
  const usual = Array.from({ length: operations }, (_, seq) => operation(id, seq, seq % 3 === 0 ? 'held' : 'done'));
  const planned = usual.map((one) => ({ ...one, ...change?.(one) }));
  await store.plans.putShard(
    {
      runId: id,
      shard: SHARD,
      cells: [],
      gateCounts: {},
      removals: {},
      users: operations,
      activeManaged: 0,
      ownedMemberships: 0,
      foreignMemberships: 0,
      touchesExisting: true,
      heldByRule: 0,
    },
    planned
  );
  const sealed = planned.map(({ id: operationOf, seq, status, gateKinds }) => ({
    id: operationOf,
    seq: seq ?? 0,
    status,
    gateKinds,
  }));
  await store.plans.seal(sealed);
  await store.runs.patch(id, {
    status: 'held',
    phase: 'ended',
    finishedAt: '2026-03-02T11:05:00.000Z',
    planHash: PLAN_HASH,
    heldHash: HELD_HASH,
    plan: {
      cells: [],
      total: operations,
      held: Math.ceil(operations / 3),
      heldKinds: ['absent', 'removals'],
      wholePlan: false,
      createdAt: PLANNED_AT,
      expiresAt: '2026-03-05T11:00:00.000Z',
    },
    ...set,
  });
}

/** `count` results of a run: every tenth failed, the others updated. */
export async function seedResults(store: Store, runId: string, count: number): Promise<void> {
  const seen = { updated: 0, failed: 0 };
  const all = Array.from({ length: count }, (_, index): OutcomeRecord => {
    const outcome = index % 10 === 0 ? 'failed' : 'updated';
    seen[outcome] += 1;
    return {
      runId,
      externalId: `id-${index}`,
      username: `Zoë${String(index).padStart(6, '0')}`,
      outcome,
      n: index + 1,
      m: seen[outcome],
      operations: [{ kind: 'updateUser', before: { email: 'a' }, after: { email: 'b' }, status: 'done', error: null }],
      reasons: [],
      error: outcome === 'failed' ? 'refused' : null,
      durationMs: 12,
    };
  });
  for (let start = 0; start < all.length; start += 500) await store.outcomes.put(all.slice(start, start + 500));
}
