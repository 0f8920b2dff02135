import type { GroupsDecision } from '../../domain/facts';
import type { SliceRange } from '../../domain/ids';
import { WHOLE_RANGE, sliceOf } from '../../domain/ids';
import type { KeyIndex } from '../../domain/key-index';
import type { StoredLink } from '../../store/link-records';
import type { RunRecord } from '../../store/records';
import type { KeySpace, SnapshotKind, SnapshotRecords } from '../../store/snapshot-records';
import type { SnapshotRepository } from '../../store/snapshot-repository';
import type { Store } from '../../store/store';
import type { ActivityDeps } from '../deps';
import type { SpecialAccounts } from '../protectedAccounts';
import { changesSince } from './changesSince';
import { remembered } from './memo';

/** What one configuration makes of a whole snapshot, beside the people. */
export interface Decided {
  readonly groups: GroupsDecision;
  readonly special: SpecialAccounts;
  /** Who wants which name and address under it. */
  readonly names: KeyIndex;
  readonly emails: KeyIndex;
}

/**
 * A store whose snapshots answer for one shard of people as a run with another configuration would find them: what was
 * applied since the read lies over it, and what a run decides for all comes from `decided`. Everything is read once.
 */
export interface ShardReads {
  deps(decided: Decided): ActivityDeps;
}

interface ShardReadsInput {
  readonly deps: ActivityDeps;
  readonly run: RunRecord;
  readonly index: number;
  readonly range: SliceRange;
}

export function createShardReads({ deps, run, index, range }: ShardReadsInput): ShardReads {
  const { store } = deps;
  const links = shardLinks(store.links, run.connectorId, range);
  const memberships: Store['memberships'] = {
    ...store.memberships,
    inSlices: remembered((connectorId: string, slices: SliceRange) => store.memberships.inSlices(connectorId, slices)),
  };
  const read = shardSnapshots(store.snapshots, run.id, range);
  const since = changesSince({ store: { ...store, links, memberships }, run, index, range });
  const overlay: Pick<SnapshotRepository, 'targetUsers' | 'groupsOf'> = {
    targetUsers: async (runId, keys) => since.accounts(keys, await read.targetUsers(runId, keys)),
    groupsOf: async (runId, keys) => since.groups(keys, await read.groupsOf(runId, keys)),
  };
  return {
    deps: (decided) => {
      const snapshots = { ...read, ...decidedReads(read, decided), ...overlay };
      return { ...deps, store: { ...store, links, memberships, snapshots } };
    },
  };
}

/** The same store, whose source groups are read once for all shards. */
export function withGroupsRead(deps: ActivityDeps, runId: string): ActivityDeps {
  const { snapshots } = deps.store;
  const groups = remembered(() => snapshots.inSlices(runId, 'group', WHOLE_RANGE));
  const inSlices = async <K extends SnapshotKind>(id: string, kind: K, range: SliceRange) =>
    kind === 'group' && id === runId
      ? ((await groups()) as readonly SnapshotRecords[K][])
      : snapshots.inSlices(id, kind, range);
  return { ...deps, store: { ...deps.store, snapshots: { ...snapshots, inSlices } } };
}

/** Who owns an account that a link of the shard has claimed is known without asking. */
function shardLinks(links: Store['links'], connectorId: string, range: SliceRange): Store['links'] {
  const inSlices = remembered((id: string, slices: SliceRange) => links.inSlices(id, slices));
  const byAccount = remembered(async (targetId: string) => {
    const own = (await inSlices(connectorId, range)).filter(
      (link) => link.targetId === targetId && link.state !== 'released' && link.state !== 'pending'
    );
    return new Map(own.flatMap((link) => (link.targetKey === null ? [] : [[link.targetKey, link] as const])));
  });
  const others = remembered((targetId: string, keys: readonly string[]) => links.owners(targetId, keys));
  return {
    ...links,
    inSlices,
    owners: async (targetId, keys) => {
      const own = await byAccount(targetId);
      const asked = keys.filter((key) => !own.has(key));
      const found = asked.length === 0 ? new Map<string, StoredLink>() : await others(targetId, asked);
      return new Map(
        keys.flatMap((key) => {
          const link = own.get(key) ?? found.get(key);
          return link === undefined ? [] : [[key, link] as const];
        })
      );
    },
  };
}

function shardSnapshots(snapshots: SnapshotRepository, runId: string, range: SliceRange): SnapshotRepository {
  const inSlices = remembered((id: string, kind: SnapshotKind, slices: SliceRange) =>
    snapshots.inSlices(id, kind, slices)
  );
  const own = remembered(
    async () => new Set((await snapshots.inSlices(runId, 'user', range)).map(({ externalId }) => externalId))
  );
  const isOwn = (id: string): boolean => range.from <= sliceOf(id) && sliceOf(id) <= range.to;
  return {
    ...snapshots,
    // The answer of a kind is of that kind.
    inSlices: <K extends SnapshotKind>(id: string, kind: K, slices: SliceRange) =>
      inSlices(id, kind, slices) as Promise<readonly SnapshotRecords[K][]>,
    targetUsers: remembered((id: string, keys: readonly string[]) => snapshots.targetUsers(id, keys)),
    groupsOf: remembered((id: string, keys: readonly string[]) => snapshots.groupsOf(id, keys)),
    holders: remembered((id: string, space: KeySpace, keys: readonly string[]) => snapshots.holders(id, space, keys)),
    standings: remembered((id: string, slices: SliceRange) => snapshots.standings(id, slices)),
    seen: async (id, kind, keys) => {
      if (id !== runId || kind !== 'user' || !keys.every(isOwn)) return snapshots.seen(id, kind, keys);
      const there = await own();
      return new Set(keys.filter((key) => there.has(key)));
    },
  };
}

function decidedReads(
  read: SnapshotRepository,
  { groups, special, names, emails }: Decided
): Pick<SnapshotRepository, 'artifact' | 'holders'> {
  return {
    artifact: async (runId, name) => {
      if (name === 'groups') return groups;
      return name === 'special' ? special : read.artifact(runId, name);
    },
    holders: async (runId, space, keys) => {
      if (space === 'sourceName') return names.holders(keys);
      return space === 'sourceEmail' ? emails.holders(keys) : read.holders(runId, space, keys);
    },
  };
}
