import type { Collection } from 'mongodb';
import type { CollectionIndexes } from './mongo';
import type { SnapshotKind } from './records';
import type { JsonText } from './text';

/**
 * One collection holds all that a run read or noted on the way, so that one bounded job can purge a run.
 * `_id` is run:kind:key; records that are not read by slice have slice 0.
 */
export interface SnapshotDocument {
  readonly _id: string;
  readonly runId: string;
  readonly kind: string;
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
export type Snapshots = Collection<SnapshotDocument>;

/** Kinds beside those of the source; a KeySpace is one too. */
export type NotedKind = SnapshotKind | 'targetUser' | 'memberOf' | 'targetGroup' | 'standing' | 'artifact';

export const NO_SLICE = 0;

export const snapshotIndexes: CollectionIndexes = {
  collection: 'snapshotRecords',
  indexes: [{ keys: ['runId', 'kind', 'slice', '_id'] }],
};
