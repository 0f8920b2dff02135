import type { HandoverOrder } from './handover';
import type { GateKind } from './operation';

export type RunStatus =
  | 'running'
  | 'planned'
  | 'held'
  | 'approved'
  | 'succeeded'
  | 'partial'
  | 'failed'
  | 'cancelled'
  | 'superseded'
  | 'rejected'
  | 'expired';
export type RunMode = 'sync' | 'preview' | 'drift' | 'apply' | 'rollback' | 'handover' | 'import' | 'push' | 'user';
/** Runs that only make a plan: it is applied, if at all, by the run that follows its approval. */
const ONLY_PLANS: ReadonlySet<RunMode> = new Set(['preview', 'drift', 'rollback', 'handover']);
export const onlyPlans = (mode: RunMode): boolean => ONLY_PLANS.has(mode);
export type RunTrigger = 'schedule' | 'manual' | 'api' | 'scim' | 'login' | 'approval';
export type RunPhase = 'open' | 'readSource' | 'readTarget' | 'plan' | 'gate' | 'apply' | 'verify' | 'close' | 'ended';

/** The outcome of one user in one run; design.md lists the order of precedence, domain/outcome.ts implements it. */
export const OUTCOMES = [
  'created',
  'updated',
  'renamed',
  'deactivated',
  'reactivated',
  'pseudonymized',
  'deleted',
  'unchanged',
  'skipped',
  'held',
  'failed',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type RunCounts = Readonly<Record<Outcome | 'groupsCreated' | 'membershipsAdded' | 'membershipsRemoved', number>>;

/** The verdict of the gate on one kind of change. `used` and `limit` count changes in the rolling 24 h (rules 4.1). */
export interface GateVerdict {
  readonly kind: GateKind;
  readonly count: number;
  readonly used: number;
  readonly limit: number;
  readonly denominator: number;
  readonly verdict: 'pass' | 'held';
  /** Reason of the exception that raised the limit; absent: none did (rules 4.5). */
  readonly exception?: string;
}

/** What the source delivered in a run, and whether that is proved to be all. */
export interface SourceReading {
  readonly users: number;
  readonly groups: number;
  readonly memberships: number;
  readonly complete: boolean;
  readonly incompleteReason: string | null;
}

/** A part of a held plan: operations are chosen by gate kind or by their number in the plan. */
export interface PlanSelection {
  readonly kinds?: readonly GateKind[];
  readonly seqs?: readonly number[];
}
export interface Approval {
  readonly by: string;
  /** ISO time. */
  readonly at: string;
  readonly only: PlanSelection | null;
}

/** A run as the API shows it (times are ISO strings in UTC). */
export interface Run {
  readonly id: string;
  readonly connectorId: string;
  readonly trigger: RunTrigger;
  readonly mode: RunMode;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly phase: RunPhase;
  readonly progress: { readonly done: number; readonly total: number };
  readonly counts: RunCounts;
  readonly source: SourceReading | null;
  readonly planHash: string | null;
  readonly heldHash: string | null;
  readonly configVersion: number;
  /** For a run of mode `apply`: the run whose stored plan it applies. */
  readonly planRunId: string | null;
  /** For a run of mode `rollback`: the run that it takes back; absent for the others. */
  readonly ofRunId?: string;
  /** For a run of mode `handover`: what it was asked for; absent for the others. */
  readonly handover?: HandoverOrder;
  /** The first run that was held with the same heldHash (rules 4.6). */
  readonly holdOf: string | null;
  readonly supersededBy: string | null;
  readonly gate: readonly GateVerdict[];
  /** Why the whole plan is held (source health, first run, changed scope), empty when only kinds are. */
  readonly holdReasons: readonly string[];
  readonly approvals: readonly Approval[];
  readonly missedTicks: number;
  readonly warnings: readonly string[];
  readonly error: string | null;
}
