import type { SeenRate } from '../domain/call-limiter';
import type { CallPriority } from '../domain/call-slots';
import type { AttributeRecord, LedgerMembership, TargetUser } from '../domain/model';
import type { GateKind, OperationStatus, Phase } from '../domain/operation';
import type { Outcome, RunCounts } from '../domain/run';
import type { SliceRange } from '../domain/ids';
import type {
  AuditEvent,
  ConnectorRecord,
  ConnectorVersionRecord,
  Duplicate,
  KeyHolders,
  KeySpace,
  LeaseRequest,
  LinkNote,
  LinkRelease,
  NewRun,
  OperationRecord,
  OperationResult,
  OutcomeRecord,
  PersonTraces,
  PlanShardRecord,
  RequestRecord,
  RunRecord,
  SealedConfig,
  SnapshotItem,
  SnapshotKind,
  SnapshotRecords,
  StandingRecord,
  StoredGroupLink,
  StoredLink,
  StoredMembership,
  TargetGroupRecord,
  TargetRecord,
} from './records';
import type { ScimStore } from './scim-store';

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

export interface SnapshotCopy {
  readonly from: string;
  readonly to: string;
  readonly kind: 'user' | 'group' | 'membership' | 'nesting';
  readonly range: SliceRange;
  /** Memberships and nestings of these groups are left behind. */
  readonly withoutGroups: readonly string[];
}

export interface SnapshotRepository {
  /**
   * Writes a page. A record whose key is there with the same seq is a repeated page; with another seq it is a duplicate:
   * the first stays, or with `lastWins` the one with the highest seq.
   */
  put<K extends SnapshotKind>(
    runId: string,
    kind: K,
    items: readonly SnapshotItem<SnapshotRecords[K]>[],
    options?: { readonly lastWins: boolean }
  ): Promise<{ duplicates: readonly Duplicate[] }>;
  count(runId: string, kind: SnapshotKind): Promise<number>;
  /** Deletes the records with these keys. */
  drop(runId: string, kind: SnapshotKind, keys: readonly string[]): Promise<void>;
  /** Deletes at most `limit` records of a kind. @returns how many. */
  clear(runId: string, kind: SnapshotKind, limit: number): Promise<number>;
  /** Copies what a later run did not read itself; may be repeated. */
  copy(input: SnapshotCopy): Promise<void>;
  /** Records whose slice lies in the range (for `group` the whole range is what one wants). Ordered by key. */
  inSlices<K extends SnapshotKind>(runId: string, kind: K, range: SliceRange): Promise<readonly SnapshotRecords[K][]>;
  /** Those of the external ids that this run's read of the source contains. */
  seen(runId: string, kind: 'user' | 'group', keys: readonly string[]): Promise<ReadonlySet<string>>;
  putTargetUsers(runId: string, users: readonly TargetUser[]): Promise<void>;
  targetUsers(runId: string, keys: readonly string[]): Promise<ReadonlyMap<string, TargetUser>>;
  /** Notes that these accounts are members of the target group; idempotent. Keeps one list a user, never one a group. */
  putMembers(runId: string, group: string, keys: readonly string[]): Promise<void>;
  /** Target groups (names) of the accounts, among those that were read. */
  groupsOf(runId: string, keys: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Notes who is in a target group by way of a group within it alone, by nameKey of the username; idempotent. */
  putNested(runId: string, group: string, nameKeys: readonly string[]): Promise<void>;
  /** By nameKey of the username, like `groupsOf`; nobody where the target cannot tell. */
  nestedGroupsOf(runId: string, nameKeys: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  putTargetGroup(runId: string, group: TargetGroupRecord): Promise<void>;
  targetGroups(runId: string): Promise<readonly TargetGroupRecord[]>;
  /** Those of the named target groups that the run read. */
  targetGroupsNamed(runId: string, names: readonly string[]): Promise<readonly TargetGroupRecord[]>;
  /** Notes who wants or holds a key, by $min/$max: idempotent and of constant size. */
  putKeys(runId: string, space: KeySpace, entries: readonly { key: string; id: string }[]): Promise<void>;
  holders(runId: string, space: KeySpace, keys: readonly string[]): Promise<ReadonlyMap<string, KeyHolders>>;
  putStandings(runId: string, standings: readonly StandingRecord[]): Promise<void>;
  standings(runId: string, range: SliceRange): Promise<readonly StandingRecord[]>;
  /** One JSON value a run under a name (the decision about groups, the renames). */
  putArtifact(runId: string, name: string, value: unknown): Promise<void>;
  artifact(runId: string, name: string): Promise<unknown>;
  /** Deletes at most `limit` records of a run. @returns how many. */
  purge(runId: string, limit: number): Promise<number>;
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

export interface LinkRepository {
  inSlices(connectorId: string, range: SliceRange): Promise<readonly StoredLink[]>;
  byExternalIds(connectorId: string, externalIds: readonly string[]): Promise<ReadonlyMap<string, StoredLink>>;
  /** The links that own these accounts, by account key. */
  owners(targetId: string, keys: readonly string[]): Promise<ReadonlyMap<string, StoredLink>>;
  /**
   * Takes leases by compare-and-set in one bulk write and reads back which it got. A lease past `now` is free; a name claimed by
   * another link or a lease of another token is busy. @returns the links it got by external id (with the lease), and the busy ones.
   */
  acquire(input: {
    connectorId: string;
    requests: readonly LeaseRequest[];
    owner: string;
    token: string;
    now: number;
    until: number;
  }): Promise<{ got: ReadonlyMap<string, StoredLink>; busy: readonly string[] }>;
  renew(connectorId: string, externalIds: readonly string[], token: string, until: number): Promise<void>;
  /**
   * Fenced by the token. A new link that never got an account is deleted when released with state `pending` and no claim.
   * States `released` and `erased` also drop the claim of the account. @returns the ids of links whose claim another link holds: these
   * were given back without any other change.
   */
  release(releases: readonly LinkRelease[]): Promise<{ readonly conflicts: readonly string[] }>;
  note(notes: readonly LinkNote[]): Promise<void>;
  /** Links of all connectors whose grace ends in the hour of `until` (ISO time) or before, the oldest first. */
  due(until: string, limit: number): Promise<readonly StoredLink[]>;
  /** Removes everything that is stored about a person, the link at last. May be repeated. */
  erase(traces: PersonTraces): Promise<void>;
  /** Makes it due again at `until`, unless it was noted otherwise meanwhile. */
  postpone(link: StoredLink, until: string): Promise<void>;
}

export interface GroupLinkRepository {
  list(connectorId: string): Promise<readonly StoredGroupLink[]>;
  put(link: StoredGroupLink): Promise<void>;
}

export interface MembershipRepository {
  /** Ledger entries of the users whose slice lies in the range, by external id. */
  inSlices(connectorId: string, range: SliceRange): Promise<ReadonlyMap<string, readonly LedgerMembership[]>>;
  put(memberships: readonly StoredMembership[]): Promise<void>;
  remove(connectorId: string, memberships: readonly { externalId: string; group: string }[]): Promise<void>;
}

/** What one single-user sync takes of the limits: counted with its run, recognised by its own key. */
export interface GateReservation {
  readonly connectorId: string;
  /** ISO time cut after the hour. */
  readonly hour: string;
  readonly runId: string;
  readonly key: string;
}
export interface GateUsageRepository {
  /** Sets what a run uses of a kind in an hour bucket; idempotent. `hour` = ISO time cut after the hour. */
  set(connectorId: string, hour: string, runId: string, counts: Partial<Record<GateKind, number>>): Promise<void>;
  /** Adds to what the run uses, in place of what an earlier attempt with the same key reserved. */
  reserve(reservation: GateReservation, counts: Partial<Record<GateKind, number>>): Promise<void>;
  /** Ends a reservation and gives back what was not used of it; a repetition changes nothing. */
  settle(reservation: GateReservation, used: Partial<Record<GateKind, number>>): Promise<void>;
  /** Sum over the 24 buckets that end with `hour`, without the run itself. */
  used(connectorId: string, hour: string, exceptRunId: string): Promise<Record<GateKind, number>>;
}

/** What all processes share about calls to one connection (durability 5.6). Times are epoch milliseconds. */
export interface CallLimitRepository {
  /** Takes the next grants of a window. @returns the number of the last one taken */
  takeGrants(connection: string, priority: CallPriority, start: number, count: number): Promise<number>;
  /** Makes the first `n` grants of a window void. */
  raiseGrants(connection: string, priority: CallPriority, start: number, n: number): Promise<void>;
  /** How many grants of a window were taken. */
  granted(connection: string, priority: CallPriority, start: number): Promise<number>;
  /** Deletes windows that begin before `before` (seconds since the epoch), a bounded number. */
  forgetWindows(connection: string, before: number): Promise<void>;
  /** Takes a lease on the first free one of these slots. @returns its number, or null when all are held */
  takeSlot(input: {
    readonly connection: string;
    readonly numbers: readonly number[];
    readonly holder: string;
    readonly now: number;
    readonly until: number;
  }): Promise<number | null>;
  /** @returns false when the slot has passed to somebody else */
  renewSlot(connection: string, slot: number, holder: string, until: number): Promise<boolean>;
  giveSlotBack(connection: string, slot: number, holder: string): Promise<void>;
  /** Nobody calls before `until`. */
  block(connection: string, until: number): Promise<void>;
  /** Keeps the pace that answers show, so that a new process knows it before its first call. */
  learn(connection: string, rate: SeenRate | null): Promise<void>;
  /** Keeps a slot for calls that somebody waits for. */
  reserve(connection: string, until: number): Promise<void>;
  /** Notes that a process lacks a slot, so that others keep to their share. */
  wait(connection: string, holder: string, until: number): Promise<void>;
  stopWaiting(connection: string, holder: string): Promise<void>;
  connection(
    connection: string,
    now: number
  ): Promise<{
    readonly blockedUntil: number;
    readonly reservedUntil: number;
    readonly rate: SeenRate | null;
    readonly waiting: readonly string[];
  }>;
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
