import type { AttributeRecord } from './model';
import { nameKey } from './names';

/** The kinds of operations and the phase in which each is applied, leavers before joiners (rules 5.1). */
export const PHASE_OF_KIND = {
  adoptUser: 0,
  adoptGroup: 0,
  moveLink: 0,
  createGroup: 1,
  replaceLead: 2,
  endSessions: 3,
  deactivateUser: 3,
  pseudonymizeUser: 3,
  anonymizeUser: 3,
  deleteUser: 3,
  removeMembership: 4,
  removeOrganization: 4,
  renameUser: 5,
  createUser: 6,
  reactivateUser: 6,
  updateUser: 6,
  setProperty: 7,
  setAvatar: 7,
  addMembership: 8,
  addOrganization: 8,
} as const;

export type OperationKind = keyof typeof PHASE_OF_KIND;
export const PHASES = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
export type Phase = (typeof PHASES)[number];

export type OperationStatus = 'planned' | 'held' | 'applying' | 'done' | 'stale' | 'conflict' | 'failed' | 'cancelled';

/** One vocabulary for limits, exceptions, gate usage and partial approvals (rules 4.2). */
export const GATE_KINDS = [
  'disabled',
  'absent',
  'removals',
  'groupLoss',
  'renames',
  'emails',
  'creates',
  'groupsCreated',
  'reactivations',
  'sensitive',
] as const;
export type GateKind = (typeof GATE_KINDS)[number];

/** Why something is planned or held: a code, the number of the rule, and parameters without dates, ages or counts. */
export interface Reason {
  readonly code: string;
  readonly rule: string;
  readonly params?: Readonly<Record<string, string>>;
}

/** What of an operation is hashed: nothing that depends on the run or the moment (durability 3.1). */
export interface OperationContent {
  readonly phase: Phase;
  readonly kind: OperationKind;
  /** The account's immutable key; null while it does not exist; for group operations null. */
  readonly targetKey: string | null;
  /** External id of the user, or of the source group for group operations (null for a group that no source group backs). */
  readonly externalId: string | null;
  readonly before: AttributeRecord | null;
  readonly after: AttributeRecord | null;
  readonly reasons: readonly Reason[];
}

/** An operation as the planner returns it. */
export interface DraftOperation extends OperationContent {
  /** Every gate kind this operation counts for; it is held if one of them is. */
  readonly gateKinds: readonly GateKind[];
  /** Kinds of the operations it depends on (a membership of an account that is to be created): held with them, not counted. */
  readonly follows: readonly GateKind[];
  /** Held by a rule whatever the counts (ambiguous match, swap, protected, ...), with the reason among `reasons`. */
  readonly heldByRule: boolean;
  /** Version of the user's link on which this was planned; 0 where there is none yet. */
  readonly linkVersion: number;
  /** Applications of which it gives somebody a seat; absent: none (rules 5.2). */
  readonly takesSeats?: readonly string[];
  /** Applications of which it leaves a seat free. */
  readonly freesSeats?: readonly string[];
}

/** nameKey of the target group that a membership operation is about. */
export function groupKeyOf({ before, after }: Pick<OperationContent, 'before' | 'after'>): string {
  const group = (after ?? before)?.['group'];
  return typeof group === 'string' ? nameKey(group) : '';
}
