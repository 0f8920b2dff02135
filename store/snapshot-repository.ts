import type { SliceRange } from '../domain/ids';
import type { TargetUser } from '../domain/model';
import type { StandingRecord } from './records';
import type {
  Duplicate,
  KeyHolders,
  KeySpace,
  SnapshotItem,
  SnapshotKind,
  SnapshotRecords,
  TargetGroupRecord,
} from './snapshot-records';

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
