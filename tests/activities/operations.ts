import { GROUP_SHARD, shardName } from '../../domain/ids';
import { PHASE_OF_KIND } from '../../domain/operation';
import type { DraftOperation, OperationKind } from '../../domain/operation';
import { toShard } from '../../activities/draftShard';
import type { StoredLink } from '../../store/link-records';
import type { OperationRecord } from '../../store/records';

/** An operation as the planner drafts it. */
export function draft(kind: OperationKind, id: string, changes: Partial<DraftOperation> = {}): DraftOperation {
  return {
    kind,
    phase: PHASE_OF_KIND[kind],
    targetKey: null,
    externalId: id,
    before: null,
    after: null,
    reasons: [],
    gateKinds: [],
    follows: [],
    heldByRule: false,
    linkVersion: 3,
    ...changes,
  };
}

/** An operation as stored. */
export function operation(kind: OperationKind, id: string, changes: Partial<OperationRecord> = {}): OperationRecord {
  const shard = kind === 'createGroup' || kind === 'adoptGroup' ? GROUP_SHARD : shardName(0);
  const { operations } = toShard({ runId: 'corp-1', shard, drafts: [draft(kind, id)], username: () => null });
  const [record] = operations;
  if (record === undefined) throw new Error('a draft gives one operation');
  return { ...record, id: `${kind}:${id}`, ...changes };
}

/** A link as stored, with an account. */
export function storedLink(externalId: string, changes: Partial<StoredLink> = {}): StoredLink {
  return {
    id: `corp:${externalId}`,
    slice: 0,
    lease: null,
    connectorId: 'corp',
    externalId,
    targetId: 'jira',
    targetKey: `KEY-${externalId}`,
    state: 'active',
    version: 3,
    versionBy: null,
    lastApplied: { username: externalId, email: null, displayName: null },
    lastDeactivatedBy: null,
    lastDeactivatedCause: null,
    missingSince: null,
    outOfScopeSince: null,
    disabledSince: null,
    ...changes,
  };
}
