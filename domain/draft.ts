import type { UserFacts } from './facts';
import type { AttributeRecord } from './model';
import { PHASE_OF_KIND } from './operation';
import type { DraftOperation, GateKind, OperationKind, Reason } from './operation';
import { canonicalOperation, compareOperations } from './plan-hash';

export interface DraftParts {
  readonly targetKey: string | null;
  readonly before?: AttributeRecord | null;
  readonly after?: AttributeRecord | null;
  readonly reasons: readonly Reason[];
  readonly gateKinds?: readonly GateKind[];
  readonly follows?: readonly GateKind[];
  readonly heldByRule?: boolean;
}

/** An operation on one user, planned on the version of his link. */
export function draftForUser(
  kind: OperationKind,
  facts: Pick<UserFacts, 'externalId' | 'link'>,
  parts: DraftParts
): DraftOperation {
  return draft(kind, facts.externalId, facts.link?.version ?? 0, parts);
}

/** An operation on a group; `groupId` is the source group, null for a group that only the configuration names. */
export function draftForGroup(
  kind: 'adoptGroup' | 'createGroup',
  groupId: string | null,
  parts: DraftParts
): DraftOperation {
  return draft(kind, groupId, 0, parts);
}

/** The operations in the order in which plans are hashed and applied, so that input order never shows. */
export function inPlanOrder(operations: readonly DraftOperation[]): readonly DraftOperation[] {
  if (operations.length < 2) return operations;
  return operations
    .map((operation) => ({ operation, phase: operation.phase, canonical: canonicalOperation(operation) }))
    .sort(compareOperations)
    .map(({ operation }) => operation);
}

function draft(kind: OperationKind, externalId: string | null, linkVersion: number, parts: DraftParts): DraftOperation {
  return {
    phase: PHASE_OF_KIND[kind],
    kind,
    targetKey: parts.targetKey,
    externalId,
    before: parts.before ?? null,
    after: parts.after ?? null,
    reasons: parts.reasons,
    gateKinds: parts.gateKinds ?? [],
    follows: parts.follows ?? [],
    heldByRule: parts.heldByRule ?? false,
    linkVersion,
  };
}
