import type { AttributeRecord } from '../domain/model';
import type { OperationStatus, Phase } from '../domain/operation';
import type { Outcome, RunCounts } from '../domain/run';
import type { CallLimitRepository, GateUsageRepository } from './limit-repositories';
import type { GroupLinkRepository, LinkRepository, MembershipRepository } from './link-repositories';
import type {
  AuditEvent,
  ConnectorRecord,
  ConnectorVersionRecord,
  NewRun,
  OperationRecord,
  OperationResult,
  OutcomeRecord,
  PlanShardRecord,
  RequestRecord,
  RunRecord,
  SealedConfig,
  TargetRecord,
} from './records';
import type { ScimStore } from './scim-store';
import type { SnapshotRepository } from './snapshot-repository';

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface TargetRepository {
  /** @returns false when the id is taken. */
  insert(record: { id: string; config: SealedConfig; now: string }): Promise<boolean>;
  get(id: string): Promise<TargetRecord | null>;
  list(): Promise<readonly TargetRecord[]>;
  /** Compare-and-set on version. @returns false when another writer came first. */
  replace(id: string, version: number, config: SealedConfig, now: string): Promise<boolean>;
  remove(id: string): Promise<void>;
}

export interface ConnectorRepository {
  /** Writes the connector and version 1. @returns false when the id is taken. */
  insert(input: { id: string; targetId: string; config: SealedConfig; by: string; now: string }): Promise<boolean>;
  get(id: string): Promise<ConnectorRecord | null>;
  list(): Promise<readonly ConnectorRecord[]>;
  version(id: string, version: number): Promise<ConnectorVersionRecord | null>;
  /** Moves to version + 1 by compare-and-set and keeps both versions. @returns the new version, or null when another writer came first. */
  saveVersion(input: {
    id: string;
    version: number;
    targetId: string;
    config: SealedConfig;
    by: string;
    now: string;
    /** Fingerprint of the scope whose what-if was acknowledged. */
    acknowledgedScope?: string | undefined;
  }): Promise<number | null>;
  /** Sets the given fields (no compare: one writer, the connector's workflow). */
  patch(
    id: string,
    set: Partial<
      Pick<
        ConnectorRecord,
        | 'paused'
        | 'deleting'
        | 'references'
        | 'firstRunOver'
        | 'acknowledged'
        | 'openHold'
        | 'planned'
        | 'lastSuccessAt'
        | 'heldOperations'
        | 'leftToRun'
        | 'sourceMark'
      >
    >
  ): Promise<void>;
  /** Notes a run of a day that is to be closed when the day is over; idempotent. */
  openDayRun(id: string, runId: string): Promise<void>;
  closeDayRun(id: string, runId: string): Promise<void>;
  /** Compare-and-set of the open hold by its run id (null: none). @returns false when it has changed. */
  replaceHold(id: string, expectedRunId: string | null, hold: ConnectorRecord['openHold']): Promise<boolean>;
  /** Raises lastRun to at least n. */
  raiseLastRun(id: string, n: number): Promise<void>;
  /** Removes the connector, its versions, links, group links, memberships and gate usage in bounded steps; runs stay. */
  remove(id: string): Promise<void>;
}

export interface RunRepository {
  /** Idempotent: a run that is there stays as it is. */
  open(run: NewRun): Promise<RunRecord>;
  get(id: string): Promise<RunRecord | null>;
  /** Sets top-level fields. */
  patch(id: string, set: Partial<Omit<RunRecord, 'id' | 'connectorId' | 'n'>>): Promise<void>;
  /** Compare-and-set of the status. @returns false when the status is not one of `from`. */
  move(
    id: string,
    from: readonly RunRecord['status'][],
    set: Partial<Omit<RunRecord, 'id' | 'connectorId' | 'n'>>
  ): Promise<boolean>;
  /** Adds to the counts. */
  count(id: string, added: RunCounts): Promise<void>;
  addApproval(id: string, approval: RunRecord['approvals'][number]): Promise<void>;
  /** Newest first; of one connector or of all. */
  list(input: { connectorId?: string; limit: number; cursor: string | null }): Promise<ListPage<RunRecord>>;
}

export interface PlanRepository {
  /** Writes a planned shard: operations first, then its record; a repetition overwrites both. */
  putShard(shard: PlanShardRecord, operations: readonly OperationRecord[]): Promise<void>;
  shards(runId: string): Promise<readonly PlanShardRecord[]>;
  /** Operations n = from..to (both included) of a cell, by computed ids, in order. */
  cell(runId: string, phase: Phase, shard: string, from: number, to: number): Promise<readonly OperationRecord[]>;
  seal(
    updates: readonly (Pick<OperationRecord, 'id' | 'status' | 'gateKinds' | 'noSeats'> & { readonly seq: number })[]
  ): Promise<void>;
  /** Operations seq = from..to (both included), in order. */
  page(runId: string, from: number, to: number): Promise<readonly OperationRecord[]>;
  /** Write-ahead: marks operations `applying` for this attempt, those of status planned | held | applying only. One bulk write. */
  markApplying(ids: readonly string[], token: string, appliedBy: string): Promise<void>;
  /** Stores results of operations that carry the token; others are left alone (a fenced attempt). */
  flush(results: readonly OperationResult[]): Promise<void>;
  /** Sets a status on operations of status `from`, whatever their token. */
  setStatus(ids: readonly string[], from: readonly OperationStatus[], status: OperationStatus): Promise<void>;
  /** Deletes at most `limit` operations and shard records of a run. @returns how many. */
  purge(runId: string, limit: number): Promise<number>;
}

export interface OutcomeRepository {
  put(outcomes: readonly OutcomeRecord[]): Promise<void>;
  /** One more result of a run of a day, numbered after the others. @returns false when it is there already */
  append(result: Omit<OutcomeRecord, 'n' | 'm'>, requestId: string): Promise<boolean>;
  /** `q`: prefix of the username (nameKey) or the exact external id. Pages are closed ranges over n or m. */
  list(
    runId: string,
    input: { outcome?: Outcome; q?: string; limit: number; cursor: string | null }
  ): Promise<ListPage<OutcomeRecord>>;
  purge(runId: string, limit: number): Promise<number>;
}

export interface RequestRepository {
  /** Idempotent by id. `keptUntil` (ISO time): from then on it may go. @returns the stored request, this one or the earlier. */
  open(
    request: Pick<RequestRecord, 'id' | 'kind' | 'subject' | 'input' | 'createdAt'> & { readonly keptUntil?: string }
  ): Promise<RequestRecord>;
  get(id: string): Promise<RequestRecord | null>;
  /** Notes how far the work on a waiting request is, once a step (from 1). @returns what stands there: this, or what came before */
  note(id: string, step: number, progress: AttributeRecord): Promise<AttributeRecord>;
  finish(id: string, end: Pick<RequestRecord, 'status' | 'runId' | 'result' | 'error' | 'finishedAt'>): Promise<void>;
  /** Deletes at most `limit` requests whose time is over. @returns how many */
  expire(until: string, limit: number): Promise<number>;
}

export interface AuditRepository {
  /** Appends to the hash chain: insert by seq with prevHash, a duplicate key is retried (durability 5.7). */
  append(event: Pick<AuditEvent, 'at' | 'by' | 'action' | 'subject' | 'details'>): Promise<AuditEvent>;
  list(input: { limit: number; cursor: string | null }): Promise<ListPage<AuditEvent>>;
  /** @returns the seq of the first event whose hash does not follow, or null. */
  verify(): Promise<number | null>;
}

export interface Store {
  readonly targets: TargetRepository;
  readonly connectors: ConnectorRepository;
  readonly runs: RunRepository;
  readonly snapshots: SnapshotRepository;
  readonly plans: PlanRepository;
  readonly outcomes: OutcomeRepository;
  readonly links: LinkRepository;
  readonly groupLinks: GroupLinkRepository;
  readonly memberships: MembershipRepository;
  readonly gateUsage: GateUsageRepository;
  readonly requests: RequestRepository;
  readonly callLimits: CallLimitRepository;
  readonly audit: AuditRepository;
  readonly scim: ScimStore;
  /** Answers when the database does. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
