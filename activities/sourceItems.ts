import { encodePart, sliceOf } from '../domain/ids';
import type { SourceGroup, SourceMembership, SourceNesting, SourceUser } from '../domain/model';
import type { SnapshotItem, SourceChange } from '../store/snapshot-records';

/** How the records of a source lie in a snapshot: the one place that knows their keys. */
interface Position {
  readonly seq: number;
  readonly place: string | null;
}

export const userItem = (record: SourceUser, at: Position): SnapshotItem<SourceUser> => ({
  ...at,
  key: record.externalId,
  slice: sliceOf(record.externalId),
  record,
});
export const groupItem = (record: SourceGroup, at: Position): SnapshotItem<SourceGroup> => ({
  ...at,
  key: record.externalId,
  slice: 0,
  record,
});
export const membershipItem = (record: SourceMembership, at: Position): SnapshotItem<SourceMembership> => ({
  ...at,
  key: membershipKey(record),
  slice: sliceOf(record.userId),
  record,
});
export const nestingItem = (record: SourceNesting): SnapshotItem<SourceNesting> => ({
  seq: 0,
  place: null,
  key: `${encodePart(record.childId)}:${encodePart(record.groupId)}`,
  slice: 0,
  record,
});
export const changeItem = (record: SourceChange): SnapshotItem<SourceChange> => ({
  seq: 0,
  place: null,
  key: changeKey(record),
  slice: 0,
  record,
});

export const membershipKey = ({ userId, groupId }: SourceMembership): string =>
  `${encodePart(userId)}:${encodePart(groupId)}`;
export const changeKey = ({ gone, id }: SourceChange): string => `${gone}:${encodePart(id)}`;
