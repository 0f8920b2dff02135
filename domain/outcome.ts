import type { OperationKind, OperationStatus } from './operation';
import type { Outcome } from './run';

/** The first of these that fits is the outcome of a user (docs/architecture.md, "Outcomes"). */
const PRECEDENCE = [
  'failed',
  'held',
  'deleted',
  'pseudonymized',
  'deactivated',
  'created',
  'reactivated',
  'renamed',
  'updated',
  'skipped',
  'unchanged',
] as const satisfies readonly Outcome[];

export interface OutcomeInput {
  /** The operations of one user in one run. */
  readonly operations: readonly { readonly kind: OperationKind; readonly status: OperationStatus }[];
  /** What the plan says of the user beside its operations. */
  readonly standing: 'unchanged' | 'skipped' | 'held';
  /** True: a preview, in which a planned operation stands for what would happen. Default false: it was not reached. */
  readonly preview?: boolean;
}

function outcomeOfDone(kind: OperationKind): Outcome {
  switch (kind) {
    case 'deactivateUser':
      return 'deactivated';
    case 'pseudonymizeUser':
      return 'pseudonymized';
    case 'anonymizeUser':
    case 'deleteUser':
      return 'deleted';
    case 'createUser':
      return 'created';
    case 'reactivateUser':
      return 'reactivated';
    case 'renameUser':
      return 'renamed';
    case 'adoptUser':
    case 'adoptGroup':
    case 'moveLink':
    case 'createGroup':
    case 'replaceLead':
    case 'endSessions':
    case 'removeMembership':
    case 'updateUser':
    case 'addMembership':
    case 'setProperty':
    case 'setAvatar':
    case 'addOrganization':
    case 'removeOrganization':
      return 'updated';
  }
}

function outcomeOfOperation(kind: OperationKind, status: OperationStatus, preview: boolean): Outcome {
  switch (status) {
    case 'done':
      return outcomeOfDone(kind);
    case 'failed':
    case 'conflict':
      return 'failed';
    case 'held':
      return 'held';
    case 'planned':
      return preview ? outcomeOfDone(kind) : 'skipped';
    case 'applying':
    case 'stale':
    case 'cancelled':
      return 'skipped';
  }
}

/** The one outcome of a user in a run: the first in the order of precedence that an operation or the standing gives. */
export function outcomeOf(input: OutcomeInput): Outcome {
  const found = new Set<Outcome>([input.standing]);
  for (const { kind, status } of input.operations) found.add(outcomeOfOperation(kind, status, input.preview ?? false));
  return PRECEDENCE.find((outcome) => found.has(outcome)) ?? 'unchanged';
}
