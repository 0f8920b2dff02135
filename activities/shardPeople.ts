import { shardSlices } from '../domain/ids';
import type { SliceRange } from '../domain/ids';
import { nameGroups } from '../domain/group-name';
import type { SourceGroup } from '../domain/model';
import { existingRecord, linkRecord } from '../domain/expression/subject';
import { looksAtAccounts } from '../domain/expression/uses';
import { preparePerson } from '../domain/prepare';
import type { KnownOfPerson, PreparedPerson } from '../domain/prepare';
import { WHOLE_RANGE } from '../domain/ids';
import type { DecisionSettings } from '../domain/settings';
import type { ActivityDeps } from './deps';
import type { RunContext } from './runContext';

export interface ShardInput {
  readonly runId: string;
  readonly index: number;
  readonly shards: number;
}
/** One person of this run's read, with what scope and mapping make of him. */
export interface ShardPerson extends PreparedPerson {
  readonly groupIds: readonly string[];
  readonly groupNames: readonly string[];
}
export interface ShardPeople {
  readonly range: SliceRange;
  readonly people: ReadonlyMap<string, ShardPerson>;
}

/** Reads the people of one shard from the snapshot and applies scope and mapping. */
export async function shardPeople(deps: ActivityDeps, context: RunContext, input: ShardInput): Promise<ShardPeople> {
  const { snapshots } = deps.store;
  const range = shardSlices(input.index, input.shards);
  const groups = new Map(
    (await snapshots.inSlices(input.runId, 'group', WHOLE_RANGE)).map((group) => [group.externalId, group])
  );
  const memberOf = new Map<string, string[]>();
  for (const { userId, groupId } of await snapshots.inSlices(input.runId, 'membership', range)) {
    memberOf.set(userId, [...(memberOf.get(userId) ?? []), groupId]);
  }
  const known = looksAtAccounts(context.settings) ? await accountsOf(deps, context, range) : () => ({});
  const people = new Map<string, ShardPerson>();
  for (const source of await snapshots.inSlices(input.runId, 'user', range)) {
    const groupIds = (memberOf.get(source.externalId) ?? []).sort();
    const own = namedGroups(groupIds, groups);
    const person = preparePerson(source, own, context.settings, known(source.externalId));
    people.set(source.externalId, { ...person, groupIds, groupNames: namesFor(own, context.settings) });
  }
  return { range, people };
}

/** The names of groups as conditions about leavers see them; none where there is no such condition. */
export function namesFor(groups: readonly SourceGroup[], { groups: naming, lifecycle }: DecisionSettings): string[] {
  return lifecycle.keepIf === '' ? [] : nameGroups(groups, naming).map(({ name }) => name);
}

/** What expressions may look at besides the source: the account and the link of each person. */
async function accountsOf(
  { store }: ActivityDeps,
  { run }: RunContext,
  range: SliceRange
): Promise<(externalId: string) => KnownOfPerson> {
  const found = await store.links.inSlices(run.connectorId, range);
  const links = new Map(found.map((link) => [link.externalId, link]));
  const keys = found.flatMap((link) => link.targetKey ?? []);
  const accounts = await store.snapshots.targetUsers(run.id, keys);
  const groups = await store.snapshots.groupsOf(run.id, keys);
  return (externalId) => {
    const link = links.get(externalId) ?? null;
    const key = link?.targetKey ?? '';
    return { link: linkRecord(link), existing: existingRecord(accounts.get(key) ?? null, groups.get(key)) };
  };
}

function namedGroups(ids: readonly string[], groups: ReadonlyMap<string, SourceGroup>): SourceGroup[] {
  return ids.map((id) => groups.get(id)).filter((group) => group !== undefined);
}
