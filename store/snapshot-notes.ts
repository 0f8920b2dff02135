import { sliceOf, snapshotId } from '../domain/ids';
import type { TargetUser } from '../domain/model';
import { nameKey } from '../domain/names';
import { findByIds, putAll, upsertAll } from './mongo';
import type { StandingRecord } from './records';
import type { KeyHolders, KeySpace, TargetGroupRecord } from './snapshot-records';
import type { MembersKind, NotedKind, SnapshotDocument, Snapshots } from './snapshot-document';
import { fromText, toText } from './text';

interface Note {
  readonly key: string;
  readonly record: unknown;
}

function toDocument(runId: string, kind: NotedKind, { key, record }: Note): SnapshotDocument {
  return { _id: snapshotId(runId, kind, key), runId, kind, slice: sliceOf(key), key, record: toText(record) };
}

function putNotes(snapshots: Snapshots, runId: string, kind: NotedKind, notes: readonly Note[]): Promise<void> {
  const latest = new Map(notes.map((note) => [note.key, note]));
  return putAll(
    snapshots,
    [...latest.values()].map((note) => toDocument(runId, kind, note))
  );
}

async function find(
  snapshots: Snapshots,
  runId: string,
  kind: NotedKind,
  keys: readonly string[]
): Promise<readonly SnapshotDocument[]> {
  return findByIds(
    snapshots,
    [...new Set(keys)].map((key) => snapshotId(runId, kind, key))
  );
}

export function putTargetUsers(snapshots: Snapshots, runId: string, users: readonly TargetUser[]): Promise<void> {
  return putNotes(
    snapshots,
    runId,
    'targetUser',
    users.map((user) => ({ key: user.key, record: user }))
  );
}

export async function readTargetUsers(
  snapshots: Snapshots,
  runId: string,
  keys: readonly string[]
): Promise<ReadonlyMap<string, TargetUser>> {
  const found = await find(snapshots, runId, 'targetUser', keys);
  return new Map(
    found.flatMap(({ key, record }) => (record === undefined ? [] : [[key, fromText(record) as TargetUser]]))
  );
}

export function putStandings(snapshots: Snapshots, runId: string, standings: readonly StandingRecord[]): Promise<void> {
  return putNotes(
    snapshots,
    runId,
    'standing',
    standings.map((record) => ({ key: record.externalId, record }))
  );
}

/** One record a group, whatever the case in which its name was met (rules 1.5). */
export function putTargetGroup(snapshots: Snapshots, runId: string, group: TargetGroupRecord): Promise<void> {
  return putNotes(snapshots, runId, 'targetGroup', [{ key: nameKey(group.name), record: group }]);
}

export async function readTargetGroups(
  snapshots: Snapshots,
  runId: string,
  names: readonly string[]
): Promise<readonly TargetGroupRecord[]> {
  const found = await find(snapshots, runId, 'targetGroup', names.map(nameKey));
  return found.flatMap(({ record }) => (record === undefined ? [] : [fromText(record) as TargetGroupRecord]));
}

/** Adds a group to the list of each account. */
export async function putMembers(
  snapshots: Snapshots,
  { runId, kind, group }: { readonly runId: string; readonly kind: MembersKind; readonly group: string },
  keys: readonly string[]
): Promise<void> {
  const operations = [...new Set(keys)].map((key) => ({
    updateOne: {
      filter: { _id: snapshotId(runId, kind, key) },
      update: { $addToSet: { groups: group }, $setOnInsert: { runId, kind, slice: sliceOf(key), key } },
      upsert: true,
    },
  }));
  await upsertAll(snapshots, operations);
}

export async function readGroupsOf(
  snapshots: Snapshots,
  runId: string,
  kind: MembersKind,
  keys: readonly string[]
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await find(snapshots, runId, kind, keys);
  return new Map(found.map(({ key, groups }) => [key, [...(groups ?? [])].sort()]));
}

/** Each holder is an operation of its own: the server must compare all texts, for its order is not that of this process. */
export async function putKeys(
  snapshots: Snapshots,
  runId: string,
  space: KeySpace,
  entries: readonly { readonly key: string; readonly id: string }[]
): Promise<void> {
  const operations = entries.map(({ key, id }) => ({
    updateOne: {
      filter: { _id: snapshotId(runId, space, key) },
      update: { $min: { lo: id }, $max: { hi: id }, $setOnInsert: { runId, kind: space, slice: sliceOf(key), key } },
      upsert: true,
    },
  }));
  await upsertAll(snapshots, operations);
}

export async function readHolders(
  snapshots: Snapshots,
  runId: string,
  space: KeySpace,
  keys: readonly string[]
): Promise<ReadonlyMap<string, KeyHolders>> {
  const found = await find(snapshots, runId, space, keys);
  return new Map(found.flatMap(({ key, lo, hi }) => (lo === undefined || hi === undefined ? [] : [[key, { lo, hi }]])));
}
