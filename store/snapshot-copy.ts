import { encodePart, snapshotId } from '../domain/ids';
import { chunks, insertMissing } from './mongo';
import { sliceFilter } from './ranges';
import { NESTED_PLACE } from './snapshot-document';
import type { SnapshotDocument, Snapshots } from './snapshot-document';
import type { SnapshotCopy } from './snapshot-repository';

const WRITTEN_AT_ONCE = 1_000;

/**
 * Copies what an earlier run read; what the later run has stays as it is. Memberships that follow from groups within groups
 * are left behind: they are worked out anew.
 */
export async function copyRecords(snapshots: Snapshots, input: SnapshotCopy): Promise<void> {
  const { from, to, kind, range, withoutGroups } = input;
  const left = new Set(withoutGroups.map(encodePart));
  const isCopied = ({ key, place }: SnapshotDocument): boolean =>
    place !== NESTED_PLACE && (left.size === 0 || !left.has(groupOfKey(key)));
  const found = await snapshots.find({ runId: from, kind, slice: sliceFilter(range) }).toArray();
  const copies = found
    .filter(isCopied)
    .map((document) => ({ ...document, _id: snapshotId(to, kind, document.key), runId: to }));
  for (const part of chunks(copies, WRITTEN_AT_ONCE)) await insertMissing(snapshots, part);
}

/** Keys of memberships and nestings are member:group, each encoded. */
const groupOfKey = (key: string): string => key.slice(key.indexOf(':') + 1);
