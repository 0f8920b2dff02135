import type { ConnectorConfig } from '../../config/connector';
import { decideGroups, groupsToRead } from '../../domain/groups';
import { WHOLE_RANGE } from '../../domain/ids';
import { createKeyIndex } from '../../domain/key-index';
import type { GroupLink } from '../../domain/model';
import { nameKey } from '../../domain/names';
import { own } from '../../domain/records';
import type { RunRecord } from '../../store/records';
import { completenessOf } from '../completeness';
import { storedGroups } from '../decideGroups';
import type { ActivityDeps } from '../deps';
import { storedSpecialAccounts } from '../protectedAccounts';
import type { ConnectorContext, RunContext } from '../runContext';
import type { Decided } from './storedState';

/** One configuration over the stored snapshot of a run. */
export interface Side {
  readonly context: RunContext;
  readonly decided: Decided;
  /** Target groups that this configuration names and the run did not read: whether they exist is not known. */
  readonly unreadGroups: readonly string[];
}

/** What a run under these settings would decide about groups and special accounts, had it read what `run` has read. */
export async function decideSide(
  deps: ActivityDeps,
  connector: ConnectorContext,
  run: RunRecord,
  settings: ConnectorConfig
): Promise<Side> {
  const { snapshots, groupLinks } = deps.store;
  const context: RunContext = { ...connector, settings, run };
  const groups = await snapshots.inSlices(run.id, 'group', WHOLE_RANGE);
  const links = await groupLinks.list(run.connectorId);
  const read = await snapshots.targetGroups(run.id);
  const stored = await storedGroups(deps, run.id);
  const seen = new Set(read.map((group) => nameKey(group.name)));
  const decision = decideGroups({
    settings,
    groups,
    links,
    existingNames: [
      ...read.filter((group) => group.exists).map((group) => group.name),
      ...madeSince(links, stored.byTargetKey),
    ],
    complete: completenessOf(context),
    provedMissing: links.flatMap((link) => {
      const frozen = own(stored.frozen, nameKey(link.targetName));
      return frozen?.reason.code === 'groupMissing' ? [link.groupId] : [];
    }),
  });
  return {
    context,
    decided: {
      groups: decision,
      special: await specialUnder(deps, run, settings),
      names: createKeyIndex(),
      emails: createKeyIndex(),
    },
    unreadGroups: groupsToRead(settings, groups, links).filter((name) => !seen.has(nameKey(name))),
  };
}

/** Groups that the run's own plan has created since. */
function madeSince(
  links: readonly GroupLink[],
  decided: Readonly<Record<string, { readonly exists: boolean; readonly held: unknown }>>
): readonly string[] {
  return links
    .filter(({ state, targetName }) => {
      const planned = own(decided, nameKey(targetName));
      return state === 'active' && planned?.exists === false && planned.held === null;
    })
    .map(({ targetName }) => targetName);
}

/** The special accounts that the run found, and the users whom these settings protect besides. */
async function specialUnder(
  deps: ActivityDeps,
  run: RunRecord,
  settings: ConnectorConfig
): Promise<Decided['special']> {
  const special = await storedSpecialAccounts(deps, run.id);
  const names = settings.protected.users.map(nameKey);
  const named = await deps.store.snapshots.holders(run.id, 'targetName', names);
  const keys = [...named.values()].map(({ lo }) => lo);
  return { ...special, protectedKeys: [...new Set([...special.protectedKeys, ...keys])].sort() };
}
