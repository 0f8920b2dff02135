import { isIncluded, isMapped } from '../../domain/groups-names';
import type { AttributeRecord } from '../../domain/model';
import { isIgnoredGroup, sourceGroupOf } from '../../domain/scim/source';
import { settledGroup } from '../../store/scim-intents';
import type { PendingChange, ScimRecord } from '../../store/scim-store';
import type { ActivityDeps } from '../deps';
import { heartbeat } from '../progress';
import type { ChangesContext } from './context';

/** Finishes what was accepted for these groups and is half-way, before anything of it is carried (durability 4.2). */
export async function settleGroups(
  { store }: ActivityDeps,
  { connector }: ChangesContext,
  changes: readonly PendingChange[]
): Promise<boolean> {
  let isNew = false;
  for (const { id } of changes.filter(({ kind }) => kind === 'group')) {
    const group = await store.scim.groups.get(connector.id, id);
    if (group?.intent === null || group === null) continue;
    await settledGroup(store.scim, connector.id, id);
    isNew = true;
    heartbeat();
  }
  return isNew;
}

/**
 * Ids of groups that a run has to decide about: linked ones, and new ones that the settings let in. Groups are made,
 * adopted and retired by runs alone, which see all of them (rules 2.1 to 2.5).
 */
export async function groupsForRun(
  { store }: ActivityDeps,
  { connector, settings, scim }: ChangesContext,
  changes: readonly PendingChange[]
): Promise<ReadonlySet<string>> {
  const named = changes.flatMap(({ kind, id, groupId }) => (kind === 'group' ? [id] : (groupId ?? [])));
  const ids = [...new Set(named)];
  if (ids.length === 0) return new Set();
  const links = await store.groupLinks.list(connector.id);
  const linked = new Set(links.filter(({ state }) => state === 'active').map(({ groupId }) => groupId));
  const records = await store.scim.groups.byIds(connector.id, ids);
  const takesPart = (record: ScimRecord): boolean => {
    if (record.deleted) return false;
    const attributes = JSON.parse(record.json) as AttributeRecord;
    if (isIgnoredGroup(scim.ignore, attributes)) return false;
    const group = sourceGroupOf(record.id, attributes);
    return isMapped(group, settings.groups) || isIncluded(group, settings);
  };
  const isNew = new Set(records.filter((record) => takesPart(record) && !linked.has(record.id)).map(({ id }) => id));
  const changed = new Set(changes.filter(({ kind }) => kind === 'group').map(({ id }) => id));
  return new Set(ids.filter((id) => isNew.has(id) || (changed.has(id) && linked.has(id))));
}
