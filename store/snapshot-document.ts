import type { Collection } from 'mongodb';
import type { CollectionIndexes } from './mongo';
import type { KeySpace, SnapshotKind } from './snapshot-records';
import type { JsonText } from './text';

/**
 * One collection holds all that a run read or noted on the way, so that one bounded job can purge a run.
 * `_id` is run:kind:key; the slice is that of the key where no caller gives another.
 */
export interface SnapshotDocument {
  readonly _id: string;
  readonly runId: string;
  readonly kind: NotedKind;
  readonly slice: number;
  readonly key: string;
  /** The record as JSON text. */
  readonly record?: JsonText<unknown>;
  readonly seq?: number;
  readonly place?: string | null;
  /** Of a key of a KeySpace: two of those who hold it. */
  readonly lo?: string;
  readonly hi?: string;
  /** Of an account: the target groups it was found in. */
  readonly groups?: readonly string[];
  /** Of an artifact's first part: how many parts there are. */
  readonly parts?: number;
}
/** The place of a membership that follows from groups within groups (rules 2.8): the source has no such record itself. */
export const NESTED_PLACE = 'nested';
export type Snapshots = Collection<SnapshotDocument>;

/** What the source delivers, and what is noted beside it. */
export type NotedKind = SnapshotKind | KeySpace | 'targetUser' | MembersKind | 'targetGroup' | 'standing' | 'artifact';
/** `memberOf` by key of the account, `nestedIn` (by way of a group within the group alone) by nameKey of its username. */
export type MembersKind = 'memberOf' | 'nestedIn';

const KINDS: Readonly<Record<NotedKind, true>> = {
  user: true,
  group: true,
  membership: true,
  nesting: true,
  change: true,
  sourceName: true,
  sourceEmail: true,
  targetName: true,
  targetEmail: true,
  formerLink: true,
  targetUser: true,
  memberOf: true,
  nestedIn: true,
  targetGroup: true,
  standing: true,
  artifact: true,
};
export const ALL_KINDS = Object.keys(KINDS) as readonly NotedKind[];

export const snapshotIndexes: CollectionIndexes = {
  collection: 'snapshotRecords',
  indexes: [{ keys: ['runId', 'kind', 'slice', '_id'] }],
};
