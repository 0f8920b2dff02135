import type { Filter } from 'mongodb';
import { snapshotId } from '../domain/ids';
import type { SliceRange } from '../domain/ids';
import { findByIds, insertMissing, replaceAll } from './mongo';
import { byText, sliceFilter } from './ranges';
import type { Duplicate, SnapshotItem, SnapshotKind } from './snapshot-records';
import type { NotedKind, SnapshotDocument, Snapshots } from './snapshot-document';
import { fromText, toText } from './text';

type Items = readonly SnapshotItem<unknown>[];

/** Parts a page into the first record of each key and the later ones of keys it holds twice. */
function withinPage(items: Items): { readonly first: Items; readonly duplicates: readonly Duplicate[] } {
  const first = new Map<string, SnapshotItem<unknown>>();
  const duplicates: Duplicate[] = [];
  for (const item of items) {
    const earlier = first.get(item.key);
    if (!earlier) first.set(item.key, item);
    else if (earlier.seq !== item.seq) duplicates.push({ key: item.key, place: item.place, firstPlace: earlier.place });
  }
  return { first: [...first.values()], duplicates };
}

function toDocument(runId: string, kind: SnapshotKind, item: SnapshotItem<unknown>): SnapshotDocument {
  const { key, slice, seq, place, record } = item;
  return { _id: snapshotId(runId, kind, key), runId, kind, slice, key, seq, place, record: toText(record) };
}

interface PageInput {
  readonly runId: string;
  readonly kind: SnapshotKind;
  /** Which record of a key stays. */
  readonly lastWins: boolean;
}

/** Writes a page: same key and same seq is the page again, same key and another seq a duplicate. */
export async function putPage(
  snapshots: Snapshots,
  { runId, kind, lastWins }: PageInput,
  items: Items
): Promise<{ duplicates: readonly Duplicate[] }> {
  const ordered = lastWins ? [...items].reverse() : items;
  const { first, duplicates } = withinPage(ordered);
  const there = await insertMissing(
    snapshots,
    first.map((item) => toDocument(runId, kind, item))
  );
  if (there.length === 0) return { duplicates };

  const stored = await findByIds(
    snapshots,
    there.map(({ _id }) => _id),
    ['seq', 'place']
  );
  const byId = new Map(stored.map((document) => [document._id, document]));
  const isRepeated = ({ _id, seq }: SnapshotDocument): boolean => byId.get(_id)?.seq === seq;
  const isLater = ({ _id, seq = 0 }: SnapshotDocument): boolean => lastWins && seq > (byId.get(_id)?.seq ?? 0);
  const replaced = there.filter((document) => isRepeated(document) || isLater(document));
  await replaceAll(snapshots, replaced, ({ _id }) => ({ seq: byId.get(_id)?.seq }) as Filter<SnapshotDocument>);
  const others = there
    .filter((document) => !isRepeated(document))
    .map(({ _id, key, place }) => ({ key, place: place ?? null, firstPlace: byId.get(_id)?.place ?? null }));
  return { duplicates: [...duplicates, ...others] };
}

/** The records of a kind in a range of slices, ordered by key. */
export async function readSlices<T>(
  snapshots: Snapshots,
  runId: string,
  kind: NotedKind,
  range: SliceRange
): Promise<readonly T[]> {
  const filter = { runId, kind, slice: sliceFilter(range) };
  const found = await snapshots.find(filter, { projection: { _id: 0, key: 1, record: 1 } }).toArray();
  return found
    .sort(byText(({ key }) => key))
    .flatMap(({ record }) => (record === undefined ? [] : [fromText(record) as T]));
}

/** Those of the keys that have a record of the kind. */
export async function presentKeys(
  snapshots: Snapshots,
  runId: string,
  kind: NotedKind,
  keys: readonly string[]
): Promise<ReadonlySet<string>> {
  const ids = keys.map((key) => snapshotId(runId, kind, key));
  const found = await findByIds(snapshots, ids, ['key']);
  return new Set(found.map(({ key }) => key));
}
