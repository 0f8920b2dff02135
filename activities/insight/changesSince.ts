import type { SliceRange } from '../../domain/ids';
import { shardName } from '../../domain/ids';
import type { TargetUser } from '../../domain/model';
import { groupKeyOf, PHASE_OF_KIND } from '../../domain/operation';
import { accountSince, groupsSince } from '../../domain/state-since';
import type { StoredLink } from '../../store/link-records';
import type { OperationRecord, RunRecord } from '../../store/records';
import type { Store } from '../../store/store';
import { remembered } from './memo';

export interface ChangesSince {
  /** The accounts as they are now, as far as Rollcall changed them after the read. */
  accounts(keys: readonly string[], seen: ReadonlyMap<string, TargetUser>): Promise<ReadonlyMap<string, TargetUser>>;
  /** The same for the groups of accounts. */
  groups(
    keys: readonly string[],
    seen: ReadonlyMap<string, readonly string[]>
  ): Promise<ReadonlyMap<string, readonly string[]>>;
}

interface ChangesInput {
  readonly store: Pick<Store, 'links' | 'memberships' | 'plans'>;
  readonly run: RunRecord;
  readonly index: number;
  readonly range: SliceRange;
}

/** What was applied to the people of a shard after the run read the target. */
export function changesSince({ store, run, index, range }: ChangesInput): ChangesSince {
  const later = remembered(async () => {
    const links = (await store.links.inSlices(run.connectorId, range)).filter((link) => isLater(link, run));
    return new Map(links.flatMap((link) => (link.targetKey === null ? [] : [[link.targetKey, link] as const])));
  });
  const removed = remembered(() => removedGroups(store.plans, run, index));
  return {
    accounts: async (keys, seen) => {
      const links = await later();
      return new Map(
        keys.flatMap((key) => {
          const [account = null, link] = [seen.get(key), links.get(key)];
          const now = link === undefined ? account : accountSince({ seen: account, link });
          return now === null ? [] : [[key, now] as const];
        })
      );
    },
    groups: async (keys, seen) => {
      const links = await later();
      if (!keys.some((key) => links.has(key))) return seen;
      const ledger = await store.memberships.inSlices(run.connectorId, range);
      const gone = await removed();
      return new Map(
        keys.map((key) => {
          const [groups = [], link] = [seen.get(key), links.get(key)];
          if (link === undefined) return [key, groups] as const;
          const { externalId } = link;
          return [key, groupsSince(groups, ledger.get(externalId) ?? [], gone.get(externalId) ?? new Set())] as const;
        })
      );
    },
  };
}

/** Changed by this run's plan, by the first plan of the same hold, or by a single sync of that day or later. */
function isLater({ connectorId, versionBy }: StoredLink, run: RunRecord): boolean {
  if (versionBy === null) return false;
  if (versionBy === run.id || versionBy === run.holdOf) return true;
  const day = new RegExp(`^${connectorId}-user-(\\d{8})$`).exec(versionBy)?.[1];
  return day !== undefined && day >= run.startedAt.slice(0, 10).replaceAll('-', '');
}

const CELL_PAGE = 500;

/** Groups from which the run's plan has removed people of the shard, as nameKeys by external id. */
async function removedGroups(
  plans: Store['plans'],
  run: RunRecord,
  index: number
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const phase = PHASE_OF_KIND.removeMembership;
  const shard = shardName(index);
  const count = run.plan?.cells.find((cell) => cell.phase === phase && cell.shard === shard)?.count ?? 0;
  const removed = new Map<string, Set<string>>();
  for (let from = 0; from < count; from += CELL_PAGE) {
    const operations = await plans.cell(run.id, phase, shard, from, Math.min(from + CELL_PAGE, count) - 1);
    for (const operation of operations.filter(wasRemoved)) {
      const own = removed.get(operation.externalId ?? '') ?? new Set();
      removed.set(operation.externalId ?? '', own.add(groupKeyOf(operation)));
    }
  }
  return removed;
}

const wasRemoved = ({ kind, status }: OperationRecord): boolean => kind === 'removeMembership' && status === 'done';
