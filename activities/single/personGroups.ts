import { LOOK_UP_LIMIT } from '../../connectors/provider';
import type { GroupsDecision } from '../../domain/facts';
import { decideGroups } from '../../domain/groups';
import type { GroupLink, LedgerMembership, SourceGroup } from '../../domain/model';
import { nameKey } from '../../domain/names';
import { groupsInPlay, groupsLeft } from '../../domain/single-user';
import { inChunks } from '../chunks';
import type { ActivityDeps } from '../deps';
import { cancellation } from '../progress';
import type { SingleContext } from './order';

export interface PersonGroups {
  /** The person's groups at the source; null where the provider cannot tell them all. */
  readonly own: readonly SourceGroup[] | null;
  readonly decision: GroupsDecision;
}
interface Memberships {
  readonly own: readonly SourceGroup[] | 'unknown';
  readonly ledger: readonly LedgerMembership[];
  /** Groups of the account in the target. */
  readonly accountGroups: readonly string[];
}

/**
 * The decision about the groups that concern one person: those of the source, of the ledger and of the account, as far
 * as a run has linked them. Groups are made and adopted by runs alone, which see all of them (rules 2.1 to 2.5).
 */
export async function decidePersonGroups(
  deps: ActivityDeps,
  context: SingleContext,
  { own, ledger, accountGroups }: Memberships
): Promise<PersonGroups> {
  const known = own === 'unknown' ? [] : own;
  const links = concerning(await deps.store.groupLinks.list(context.order.connectorId), known, [
    ...ledger.map((entry) => entry.group),
    ...accountGroups,
  ]);
  const gone = await lookUpLeft(context, groupsLeft(known, links, ledger));
  const decision = decideGroups({
    settings: context.settings,
    groups: groupsInPlay(known, links, gone.all),
    links,
    existingNames: await existingNames(deps, context, links),
    complete: { users: true, groups: true, memberships: own !== 'unknown' },
    provedMissing: gone.proved,
  });
  return { own: own === 'unknown' ? null : own, decision: { ...decision, operations: [] } };
}

/** Links of these groups, and all links that share a target group with one of them or name one of `names`. */
function concerning(links: readonly GroupLink[], own: readonly SourceGroup[], names: readonly string[]): GroupLink[] {
  const ids = new Set(own.map((group) => group.externalId));
  const keys = new Set([
    ...names.map(nameKey),
    ...links.filter((link) => ids.has(link.groupId)).map((link) => nameKey(link.targetName)),
  ]);
  return links.filter((link) => ids.has(link.groupId) || keys.has(nameKey(link.targetName)));
}

/** Whether a group was left or is gone as a whole: the second takes nothing away without a person's decision. */
async function lookUpLeft(
  { provider }: SingleContext,
  ids: readonly string[]
): Promise<{ readonly all: ReadonlySet<string>; readonly proved: readonly string[] }> {
  const all = new Set<string>();
  const proved: string[] = [];
  for (const chunk of inChunks(ids, LOOK_UP_LIMIT)) {
    const answers = await provider.lookUpGroups(chunk, cancellation());
    for (const id of chunk) {
      if (answers.get(id) === 'present') continue;
      all.add(id);
      if (answers.get(id) === 'absent') proved.push(id);
    }
  }
  return { all, proved };
}

/** What the latest run found in the target; a group of `alwaysAdd` that it did not read is looked up. */
async function existingNames(
  deps: ActivityDeps,
  { settings, connector, target }: SingleContext,
  links: readonly GroupLink[]
): Promise<string[]> {
  const always = settings.groups.alwaysAdd.map(({ group }) => group);
  const names = [...links.map((link) => link.targetName), ...always];
  const read =
    connector.planned === undefined ? [] : await deps.store.snapshots.targetGroupsNamed(connector.planned.runId, names);
  const seen = new Set(read.map((group) => nameKey(group.name)));
  const existing = read.filter((group) => group.exists).map((group) => group.name);
  for (const name of always.filter((group) => !seen.has(nameKey(group)))) {
    if (await target.groupExists(name, cancellation())) existing.push(name);
  }
  return existing;
}
