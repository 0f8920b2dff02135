import type { ScimKindName } from '../domain/scim/kinds';
import type { ResourceKeys } from '../domain/scim/keys';
import type { ScimMember } from '../domain/scim/members';
import type { SliceRange } from '../domain/ids';

/** Several memberships that one request changes: accepted with it, applied behind it (durability 4.2). */
export interface MemberIntent {
  readonly id: string;
  /** The version of the group that accepted it; a membership that was changed later stays as it is. */
  readonly revision: number;
  /** Documents of `scimIntents` that hold what is too much for the group's own. */
  readonly chunks: number;
  readonly add: readonly ScimMember[];
  readonly remove: readonly string[];
  /** ULID of the marks under which the memberships wait to be carried. */
  readonly moment: string;
}

/** A change that could not be carried and waits for a person. */
export interface ParkedChange {
  /** Its key in lists and in the address of a retry. */
  readonly id: string;
  readonly error: string;
  readonly at: string;
}

/** A user or a group as it was pushed. A deleted one stays as a tombstone without attributes. */
export interface ScimRecord {
  readonly kind: ScimKindName;
  readonly connectorId: string;
  readonly id: string;
  /** Dense over the connector and the kind, from 1. */
  readonly seq: number;
  readonly version: number;
  /** JSON text of the attributes, as they are answered. */
  readonly json: string;
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly deleted: boolean;
  /** Mark of the change that waits to be carried; null: everything is carried, or parked. */
  readonly pending: string | null;
  /** Whether what waits takes something away, so that it settles first (rules 4.7). */
  readonly takesAway: boolean;
  /** About how many memberships the group has, for the size of pages. */
  readonly members: number;
  readonly intent: MemberIntent | null;
  readonly parked: ParkedChange | null;
}

export interface NewScimRecord {
  readonly connectorId: string;
  readonly id: string;
  readonly json: string;
  readonly keys: ResourceKeys;
  /** ULID of the moment it was accepted. */
  readonly moment: string;
  readonly now: string;
  readonly takesAway: boolean;
  readonly intent: MemberIntent | null;
}
export interface ScimUpdate {
  readonly connectorId: string;
  readonly id: string;
  /** Compare-and-set: the version that was read. */
  readonly version: number;
  readonly moment: string;
  readonly now: string;
  readonly takesAway: boolean;
  /** Absent: the attributes stay as they are. */
  readonly attributes?: { readonly json: string; readonly keys: ResourceKeys };
  readonly intent?: MemberIntent;
}

/** What one key of a list finds. */
export type ScimKey = { readonly by: 'name' | 'externalId' | 'email'; readonly value: string };

export interface ScimPage {
  readonly items: readonly ScimRecord[];
  readonly total: number;
}

/** Users or groups of all connectors. */
export interface ScimResourceRepository {
  /** @returns `taken` when another one has the name */
  insert(record: NewScimRecord): Promise<ScimRecord | 'taken'>;
  /** @returns the record after it; `stale` when another writer came first, `taken` when another one has the name */
  update(update: ScimUpdate): Promise<ScimRecord | 'stale' | 'taken'>;
  /** Leaves a tombstone. @returns false when another writer came first */
  remove(input: Omit<ScimUpdate, 'attributes' | 'intent' | 'takesAway'>): Promise<boolean>;
  /** Notes a changed membership at its group: version + 1. */
  noteMember(connectorId: string, id: string, change: 1 | -1, now: string): Promise<void>;
  /** Ends an intent whose memberships are all written. */
  endIntent(connectorId: string, id: string, intent: MemberIntent, members: number): Promise<void>;
  /** Tombstones too. */
  get(connectorId: string, id: string): Promise<ScimRecord | null>;
  /** Tombstones too; those that are not there are left out. */
  byIds(connectorId: string, ids: readonly string[]): Promise<readonly ScimRecord[]>;
  /** Without tombstones; `value` is normalised. At most `limit`. */
  find(connectorId: string, key: ScimKey, limit: number): Promise<readonly ScimRecord[]>;
  /** Those with a number of the sequence in from..to, in order, without tombstones. */
  between(connectorId: string, from: number, to: number): Promise<readonly ScimRecord[]>;
  /** The highest number of the sequence, 0 when none. */
  last(connectorId: string): Promise<number>;
  count(connectorId: string): Promise<number>;
  /** `count` from the `start`-th on (from 1), in the order of the sequence. */
  page(connectorId: string, start: number, count: number): Promise<ScimPage>;
  /** Counts the blocks of these numbers anew, where a crash may have left them wrong. */
  recount(connectorId: string, seqs: readonly number[]): Promise<void>;
}

/** One membership as it is stored. */
export interface ScimMembership extends ScimMember {
  readonly groupId: string;
  readonly removed: boolean;
  readonly pending: string | null;
}
export interface MemberWrite {
  readonly connectorId: string;
  readonly groupId: string;
  /** The version of the group that was read. */
  readonly revision: number;
  readonly moment: string;
}

export interface ScimMemberRepository {
  /** @returns whether the membership was not there before */
  add(write: MemberWrite, member: ScimMember): Promise<boolean>;
  /** @returns whether the membership was there before */
  remove(write: MemberWrite, id: string): Promise<boolean>;
  /** Writes an intent's part; repeated, or late, it changes nothing that came after it. */
  apply(write: MemberWrite, add: readonly ScimMember[], remove: readonly string[]): Promise<void>;
  /** Of these ids, those that are members. */
  among(connectorId: string, groupId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Members whose slice lies in the range. */
  inSlices(connectorId: string, groupId: string, range: SliceRange): Promise<readonly ScimMembership[]>;
  /** Memberships of one user or group. */
  of(connectorId: string, memberId: string): Promise<readonly ScimMembership[]>;
  putChunk(connectorId: string, groupId: string, intent: MemberIntent, n: number, part: MemberPart): Promise<void>;
  chunk(connectorId: string, groupId: string, intent: MemberIntent, n: number): Promise<MemberPart>;
  dropChunks(connectorId: string, groupId: string, intent: MemberIntent): Promise<void>;
}
export interface MemberPart {
  readonly add: readonly ScimMember[];
  readonly remove: readonly string[];
}

/** What waits to be carried to the target. `member`: a membership of the group `groupId`. */
export interface PendingChange {
  readonly kind: 'user' | 'group' | 'member';
  readonly connectorId: string;
  /** Of the user or group; of a membership, of its member. */
  readonly id: string;
  readonly groupId: string | null;
  readonly mark: string;
  /** Epoch milliseconds at which it was accepted. */
  readonly acceptedAt: number;
  readonly takesAway: boolean;
}

export interface ScimPendingRepository {
  /** The oldest changes of a connector, in the order in which they were accepted; about `limit`. @param now epoch milliseconds */
  oldest(connectorId: string, limit: number, now: number): Promise<readonly PendingChange[]>;
  /** Whether anything waits. */
  any(connectorId: string, now: number): Promise<boolean>;
  /** Changes that were carried, unless they changed again meanwhile. */
  carried(changes: readonly PendingChange[]): Promise<void>;
  /** The request by which a person was carried last, which may have been left half-way; null: none. */
  earlier(connectorId: string, userId: string): Promise<string | null>;
  /** Notes by which request a person is carried from now on. */
  begin(connectorId: string, userId: string, requestId: string): Promise<void>;
  /** Sets a user or group aside, and what waits for it with it. */
  park(
    connectorId: string,
    kind: 'user' | 'group',
    parked: ParkedChange,
    changes: readonly PendingChange[]
  ): Promise<void>;
  /** At most `limit` of each kind. */
  parked(connectorId: string, limit: number): Promise<readonly (ParkedChange & { readonly kind: 'user' | 'group' })[]>;
  /** Lets what was set aside wait again. @returns false when nothing of this id is set aside */
  retry(connectorId: string, id: string, moment: string): Promise<boolean>;
}

/** A secret that opens one connector, as far as it is stored: its digest, never itself. */
export interface ScimToken {
  readonly id: string;
  readonly connectorId: string;
  /** bearer: sent with each request · client: the secret of the token endpoint, whose client id is `id` */
  readonly kind: 'bearer' | 'client';
  readonly name: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}
export interface ScimTokenRepository {
  /** @param digest of the secret, hexadecimal */
  insert(token: ScimToken, digest: string): Promise<void>;
  byDigest(digest: string): Promise<ScimToken | null>;
  get(connectorId: string, id: string): Promise<ScimToken | null>;
  list(connectorId: string): Promise<readonly ScimToken[]>;
  used(id: string, at: string): Promise<void>;
  /** @returns false when there is none */
  remove(connectorId: string, id: string): Promise<boolean>;
}

/** Everything about SCIM. */
export interface ScimStore {
  readonly users: ScimResourceRepository;
  readonly groups: ScimResourceRepository;
  readonly members: ScimMemberRepository;
  readonly pending: ScimPendingRepository;
  readonly tokens: ScimTokenRepository;
}
