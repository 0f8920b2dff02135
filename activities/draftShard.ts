import { operationId } from '../domain/ids';
import { groupKeyOf } from '../domain/operation';
import type { DraftOperation, GateKind, Phase } from '../domain/operation';
import { canonicalOperation, compareOperations, operationDigest } from '../domain/plan-hash';
import type { OperationRecord, PlanShardRecord } from '../store/records';

interface DraftShardInput {
  readonly runId: string;
  readonly shard: string;
  readonly drafts: readonly DraftOperation[];
  readonly username: (externalId: string | null) => string | null;
  /** Counts of the people in the shard; none for the shards of groups and of connected names. */
  readonly people?: Pick<PlanShardRecord, 'users' | 'activeManaged' | 'ownedMemberships' | 'foreignMemberships'>;
}
const NO_PEOPLE = { users: 0, activeManaged: 0, ownedMemberships: 0, foreignMemberships: 0 };
/** Kinds that only bring in what was not there before (rules 4.4: such a first run passes). */
const ONLY_ADDS: ReadonlySet<DraftOperation['kind']> = new Set([
  'createUser',
  'createGroup',
  'addMembership',
  'addOrganization',
]);
const onlyAdds = ({ kind, targetKey }: DraftOperation): boolean =>
  ONLY_ADDS.has(kind) || (targetKey === null && (kind === 'setProperty' || kind === 'setAvatar'));

/** Puts the drafts of a shard into the order of the plan and numbers them within their phase. */
export function toShard(input: DraftShardInput): { record: PlanShardRecord; operations: OperationRecord[] } {
  const sorted = input.drafts
    .map((draft) => ({ draft, phase: draft.phase, canonical: canonicalOperation(draft) }))
    .sort(compareOperations);
  const counts = new Map<Phase, number>();
  const operations = sorted.map(({ draft }) => {
    const n = counts.get(draft.phase) ?? 0;
    counts.set(draft.phase, n + 1);
    return toRecord(input, draft, n);
  });
  const record: PlanShardRecord = {
    runId: input.runId,
    shard: input.shard,
    cells: [...counts].map(([phase, count]) => ({ phase, count })),
    gateCounts: countKinds(input.drafts),
    removals: countRemovals(input.drafts),
    ...(input.people ?? NO_PEOPLE),
    touchesExisting: !input.drafts.every(onlyAdds),
    heldByRule: input.drafts.filter((draft) => draft.heldByRule).length,
  };
  return { record, operations };
}

function toRecord({ runId, shard, username }: DraftShardInput, draft: DraftOperation, n: number): OperationRecord {
  return {
    ...draft,
    id: operationId(runId, draft.phase, shard, n),
    runId,
    shard,
    n,
    seq: null,
    digest: operationDigest(draft),
    status: 'planned',
    token: null,
    appliedBy: null,
    error: null,
    username: username(draft.externalId),
  };
}

function countKinds(drafts: readonly DraftOperation[]): Partial<Record<GateKind, number>> {
  const counts: Partial<Record<GateKind, number>> = {};
  for (const kind of drafts.filter((draft) => !draft.heldByRule).flatMap((draft) => draft.gateKinds))
    counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function countRemovals(drafts: readonly DraftOperation[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const draft of drafts) {
    if (draft.kind !== 'removeMembership' || draft.heldByRule) continue;
    const group = groupKeyOf(draft);
    counts[group] = (counts[group] ?? 0) + 1;
  }
  return counts;
}
