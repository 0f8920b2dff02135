import type { Db } from 'mongodb';
import { snapshotId } from '../domain/ids';
import type { SliceRange } from '../domain/ids';
import { deleteByIds, purgeSome } from './mongo';
import { createPurge } from './purge';
import { ALL_SLICES, byText } from './ranges';
import type { StandingRecord } from './records';
import type { SnapshotKind, SnapshotRecords, TargetGroupRecord } from './snapshot-records';
import { putArtifact, readArtifact } from './snapshot-artifacts';
import { ALL_KINDS, snapshotIndexes } from './snapshot-document';
import type { SnapshotDocument, Snapshots } from './snapshot-document';
import {
  putKeys,
  putMembers,
  putStandings,
  putTargetGroup,
  putTargetUsers,
  readGroupsOf,
  readHolders,
  readTargetGroups,
  readTargetUsers,
} from './snapshot-notes';
import { copyRecords } from './snapshot-copy';
import { presentKeys, putPage, readSlices } from './snapshot-source';
import type { SnapshotRepository } from './snapshot-repository';

/** A large run has some 200 records a slice. */
const PURGED_SLICES = 4;

async function targetGroups(snapshots: Snapshots, runId: string): Promise<readonly TargetGroupRecord[]> {
  const found = await readSlices<TargetGroupRecord>(snapshots, runId, 'targetGroup', ALL_SLICES);
  return [...found].sort(byText(({ name }) => name));
}

/** What source and target held at a run, as read; every write may be repeated. */
export function createSnapshotRepository(db: Db): SnapshotRepository {
  const snapshots = db.collection<SnapshotDocument>(snapshotIndexes.collection);
  return {
    put: (runId, kind, items, options) =>
      putPage(snapshots, { runId, kind, lastWins: options?.lastWins ?? false }, items),
    count: (runId, kind) => snapshots.countDocuments({ runId, kind }),
    drop: async (runId, kind, keys) => {
      await deleteByIds(
        snapshots,
        keys.map((key) => snapshotId(runId, kind, key))
      );
    },
    clear: (runId, kind, limit) => purgeSome(snapshots, { runId, kind }, limit),
    copy: (input) => copyRecords(snapshots, input),
    inSlices: <K extends SnapshotKind>(runId: string, kind: K, range: SliceRange) =>
      readSlices<SnapshotRecords[K]>(snapshots, runId, kind, range),
    seen: (runId, kind, keys) => presentKeys(snapshots, runId, kind, keys),
    putTargetUsers: (runId, users) => putTargetUsers(snapshots, runId, users),
    targetUsers: (runId, keys) => readTargetUsers(snapshots, runId, keys),
    putMembers: (runId, group, keys) => putMembers(snapshots, { runId, kind: 'memberOf', group }, keys),
    groupsOf: (runId, keys) => readGroupsOf(snapshots, runId, 'memberOf', keys),
    putNested: (runId, group, nameKeys) => putMembers(snapshots, { runId, kind: 'nestedIn', group }, nameKeys),
    nestedGroupsOf: (runId, nameKeys) => readGroupsOf(snapshots, runId, 'nestedIn', nameKeys),
    putTargetGroup: (runId, group) => putTargetGroup(snapshots, runId, group),
    targetGroups: (runId) => targetGroups(snapshots, runId),
    targetGroupsNamed: (runId, names) => readTargetGroups(snapshots, runId, names),
    putKeys: (runId, space, entries) => putKeys(snapshots, runId, space, entries),
    holders: (runId, space, keys) => readHolders(snapshots, runId, space, keys),
    putStandings: (runId, standings) => putStandings(snapshots, runId, standings),
    standings: (runId, range) => readSlices<StandingRecord>(snapshots, runId, 'standing', range),
    putArtifact: (runId, name, value) => putArtifact(snapshots, runId, name, value),
    artifact: (runId, name) => readArtifact(snapshots, runId, name),
    purge: createPurge({
      collection: snapshots,
      run: (runId) => ({ runId, kind: { $in: ALL_KINDS } }),
      key: 'slice',
      lowest: ALL_SLICES.from,
      highest: ALL_SLICES.to,
      width: PURGED_SLICES,
    }),
  };
}
