import type { AdoptionCounts, AdoptionFinding } from '../domain/adoption';
import type { GateDenominators } from '../domain/gate-limits';
import type { HandoverCounts, HandoverOrder } from '../domain/handover';
import type { AttributeRecord, TargetUser } from '../domain/model';
import type { Observation, ObserveCounts } from '../domain/observe';
import type { GateKind, OperationContent, OperationStatus, Phase, Reason } from '../domain/operation';
import type { Outcome, Run, RunMode, RunTrigger } from '../domain/run';
import type { SourceReference } from '../domain/source-health';

/** A stored configuration: plain JSON in which every secret is replaced by `{ $sealed: text }` (store/secrets.ts). */
export type SealedConfig = AttributeRecord;

export interface TargetRecord {
  readonly id: string;
  readonly config: SealedConfig;
  /** Compare-and-set version; the API's ETag. */
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What of a connector changes from run to run. Its configuration lies in connectorVersions. */
export interface ConnectorRecord {
  readonly id: string;
  readonly targetId: string;
  /** The current configuration version; also the API's ETag. */
  readonly version: number;
  readonly paused: boolean;
  /** Set when removal was asked for; the connector takes no further runs. */
  readonly deleting: boolean;
  /** The highest run number given out. */
  readonly lastRun: number;
  readonly references: readonly SourceReference[];
  /** Absent: the next read is a full one. */
  readonly sourceMark?: SourceMark;
  /** False until a first applying run is over (rules 4.4). */
  readonly firstRunOver: boolean;
  /** Fingerprint of source, key, match and scope of the last acknowledged or applied configuration (rules 4.4). */
  readonly acknowledged: string | null;
  readonly openHold: OpenHold | null;
  /** The latest planning over everybody; absent before the first. */
  readonly planned?: LatestPlanning;
  /** Epoch milliseconds: what was pushed until then was left to a run that starts later; absent: nothing was. */
  readonly leftToRun?: number;
  /** Runs of a day that are not closed yet; absent: none. */
  readonly dayRuns?: readonly string[];
  /** ISO time of the end of the last run over everybody that succeeded; absent before the first. */
  readonly lastSuccessAt?: string;
  /** Operations that the open hold had at the end of the latest run; says nothing where no hold is open. */
  readonly heldOperations?: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What the gate measures the sync of one person against, as the latest run over everybody counted it (rules 4.1). */
export interface LatestPlanning {
  /** Its snapshot has the sizes of the groups. */
  readonly runId: string;
  readonly denominators: GateDenominators;
}

/** The hold that waits for a decision: one a connector at most (rules 4.6). */
export interface OpenHold {
  /** The first run that was held with this heldHash. */
  readonly runId: string;
  readonly heldHash: string;
  readonly firstHeldAt: string;
  /** The latest planning that led to the same heldHash. */
  readonly lastPlannedAt: string;
}

export interface ConnectorVersionRecord {
  readonly connectorId: string;
  readonly version: number;
  readonly config: SealedConfig;
  readonly createdAt: string;
  readonly by: string;
  /** Fingerprint of source, match and scope whose what-if was acknowledged when this was saved; absent: none (rules 4.4). */
  readonly acknowledgedScope?: string;
}

/** How many operations a shard has in a phase; only non-zero entries. */
export interface PlanCell {
  readonly phase: Phase;
  readonly shard: string;
  readonly count: number;
}

/** A run as stored: what the API shows, and what the run needs to go on after a crash. */
export interface RunRecord extends Run {
  readonly targetId: string;
  readonly requestId: string | null;
  /** Its number within the connector; 0 for a run of a day, which has none. */
  readonly n: number;
  readonly shards: number;
  /** Set when the plan is sealed. */
  readonly plan: {
    readonly cells: readonly PlanCell[];
    readonly total: number;
    readonly held: number;
    readonly heldKinds: readonly GateKind[];
    readonly wholePlan: boolean;
    readonly createdAt: string;
    readonly expiresAt: string;
  } | null;
  /** For a run of mode apply: which part of the stored plan. */
  readonly selection: { readonly kinds?: readonly GateKind[]; readonly seqs?: readonly number[] } | null;
  /** Apply runs that have taken up one of `approvals`; absent: none. */
  readonly approvalRuns?: readonly string[];
  /** Operations found `applying` from an older attempt and read from the target before anything was repeated. */
  readonly recovered: number;
}

export interface NewRun {
  readonly id: string;
  readonly connectorId: string;
  readonly targetId: string;
  readonly n: number;
  readonly mode: RunMode;
  readonly trigger: RunTrigger;
  readonly requestId: string | null;
  readonly configVersion: number;
  readonly startedAt: string;
  readonly missedTicks: number;
  readonly planRunId: string | null;
  readonly selection: RunRecord['selection'];
  readonly ofRunId?: string;
  readonly handover?: HandoverOrder;
}

export interface OperationRecord extends OperationContent {
  readonly id: string;
  readonly runId: string;
  readonly shard: string;
  readonly n: number;
  /** Dense over the plan; null until the plan is sealed. */
  readonly seq: number | null;
  readonly digest: string;
  readonly gateKinds: readonly GateKind[];
  readonly follows: readonly GateKind[];
  readonly heldByRule: boolean;
  readonly linkVersion: number;
  readonly status: OperationStatus;
  /** The attempt that marked it `applying`. */
  readonly token: string | null;
  /** The run that applied (or tried to apply) it. */
  readonly appliedBy: string | null;
  readonly error: string | null;
  /** Username shown in results; never hashed. */
  readonly username: string | null;
  /** Applications of which the plan found no free seat for it: held until somebody decides (rules 5.2). */
  readonly noSeats?: readonly string[];
}

/** What one planned shard counted. */
export interface PlanShardRecord {
  readonly runId: string;
  readonly shard: string;
  readonly cells: readonly { readonly phase: Phase; readonly count: number }[];
  readonly gateCounts: Readonly<Partial<Record<GateKind, number>>>;
  /** Removals planned per target group key. */
  readonly removals: Readonly<Record<string, number>>;
  readonly users: number;
  readonly activeManaged: number;
  readonly ownedMemberships: number;
  readonly foreignMemberships: number;
  /** True when an operation adopts, changes or removes what existed before the connector's first run. */
  readonly touchesExisting: boolean;
  readonly heldByRule: number;
  /** People by what they find among the accounts that exist; absent: the shard has no people. */
  readonly adoption?: AdoptionCounts;
  /** Of a run of mode handover: how it ends for the shard; absent for the others. */
  readonly handover?: HandoverCounts;
  /** Of a connector of mode observe: how its people compare with their accounts; absent for the others. */
  readonly observe?: ObserveCounts;
}

/** The run that an observing run compared with; null: it was the first. */
export interface ObservedSince {
  readonly since: { readonly runId: string; readonly readAt: string } | null;
}

/** Somebody whom a hand-over leaves where he is: of the new connector, or a link or group link of the former one. */
export interface HandoverLeft {
  readonly side: 'new' | 'old';
  readonly what: 'person' | 'group';
  readonly externalId: string;
  /** Of a group: its name in the target. */
  readonly name: string | null;
  readonly reasons: readonly Reason[];
}

/** A line of the adoption report, with the accounts that it is about as they were read. */
export interface AdoptionRecord extends Omit<AdoptionFinding, 'accountKeys'> {
  readonly accounts: readonly TargetUser[];
}

export interface OperationResult {
  readonly id: string;
  readonly token: string;
  readonly status: OperationStatus;
  readonly error: string | null;
}

/** What planning said of a person, kept for the result. */
export interface StandingRecord {
  readonly externalId: string;
  readonly username: string | null;
  readonly standing: 'unchanged' | 'skipped' | 'held';
  readonly reasons: readonly Reason[];
  /** Of a connector of mode observe: what the next run compares with. */
  readonly observed?: Observation;
}

export interface ResultOperation {
  readonly kind: OperationContent['kind'];
  readonly before: AttributeRecord | null;
  readonly after: AttributeRecord | null;
  readonly status: OperationStatus;
  readonly error: string | null;
}

/** The result of one person in one run; `n` is dense over the run, `m` over the run and outcome, both from 1. */
export interface OutcomeRecord {
  readonly runId: string;
  readonly externalId: string;
  readonly username: string | null;
  readonly outcome: Outcome;
  readonly n: number;
  readonly m: number;
  readonly operations: readonly ResultOperation[];
  readonly reasons: readonly Reason[];
  readonly error: string | null;
  readonly durationMs: number | null;
}

/** From where the next reading of changes goes on, as the last complete read left it. */
export interface SourceMark {
  readonly mark: string;
  /** The run whose snapshot belongs to it. */
  readonly runId: string;
  /** ISO time of the last read of everything. */
  readonly fullReadAt: string;
  /** Another configuration may read other things. */
  readonly configVersion: number;
}

export type RequestStatus = 'waiting' | 'done' | 'failed';

/** A request whose answer comes later: its input and its result stay out of Temporal payloads. */
export interface RequestRecord {
  readonly id: string;
  readonly kind:
    | 'run'
    | 'apply'
    | 'testConnector'
    | 'testTarget'
    | 'pause'
    | 'resume'
    | 'cancel'
    | 'remove'
    | 'createTarget'
    | 'createConnector'
    | 'syncUser'
    | 'whatIf'
    | 'explain'
    | 'migrationReport'
    | 'acknowledge';
  readonly subject: string;
  readonly status: RequestStatus;
  readonly input: AttributeRecord;
  /** How far the work on it is, for the next attempt after a crash; null: nothing was begun. */
  readonly progress: AttributeRecord | null;
  readonly runId: string | null;
  readonly result: AttributeRecord | null;
  readonly error: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

export interface AuditEvent {
  readonly seq: number;
  /** ISO time. */
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly subject: string;
  readonly details: AttributeRecord;
  readonly prevHash: string;
  readonly hash: string;
}
