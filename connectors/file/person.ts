import type { SourceGroup, SourceMembership, SourceUser } from '../../domain/model';
import { emailKey, nameKey } from '../../domain/names';
import { textAt } from '../../domain/paths';
import type { UserKey } from '../provider';
import { requireColumns } from './columns';
import { requiredText } from './fields';
import { requireGroupsTable, userOfRow, withMembershipsTable } from './files';
import { groupOf } from './records';
import { START } from './rows';
import type { FileSettings } from './settings';
import { withTable } from './table';

/** Enough to tell one from several. */
const MOST = 2;

/** Users whose column of this name has the value, letter case aside; reads the file until it has two of them. */
export async function findFileUsers(
  settings: FileSettings,
  by: UserKey,
  value: string,
  signal: AbortSignal
): Promise<readonly SourceUser[]> {
  const keyOf = by === 'email' ? emailKey : (text: string) => nameKey(text.trim());
  const wanted = keyOf(value);
  const found: SourceUser[] = [];
  await withTable(settings.users, signal, async (table) => {
    requireColumns(table, ['id']);
    if (table.columns !== null && !table.columns.includes(by)) return;
    for await (const row of table.rows(START, signal)) {
      // As text, so that a number in JSON is found by what the mapping makes of it.
      const held = textAt({ externalId: '', active: true, attributes: row.values }, by);
      if (held === null || keyOf(held) !== wanted) continue;
      found.push(userOfRow(row.values, `${table.name} line ${row.line}`, settings));
      if (found.length === MOST) return;
    }
  });
  return found;
}

/**
 * The groups of one user: by his row where the users file names groups, else from the whole memberships file; joined
 * with the groups file where there is one.
 */
export async function groupsOfFileUser(
  settings: FileSettings,
  userId: string,
  signal: AbortSignal
): Promise<readonly SourceGroup[]> {
  const ids = await groupIdsOf(settings, userId, signal);
  const { groups } = settings;
  if (groups === null) return ids.map((id) => ({ externalId: id, name: id, attributes: {} }));
  if (ids.length === 0) return [];
  const wanted = new Set(ids);
  return withTable(groups, signal, async (table) => {
    requireGroupsTable(table);
    const found: SourceGroup[] = [];
    for await (const row of table.rows(START, signal)) {
      const group = groupOf(row.values, `${table.name} line ${row.line}`);
      if (wanted.has(group.externalId)) found.push(group);
    }
    return found;
  });
}

function groupIdsOf(settings: FileSettings, userId: string, signal: AbortSignal): Promise<readonly string[]> {
  const ofOneRow = settings.memberships === null;
  return withMembershipsTable(settings, signal, async (table, membershipsOf) => {
    const ids = new Set<string>();
    for await (const row of table.rows(START, signal)) {
      const place = `${table.name} line ${row.line}`;
      if (ofOneRow && requiredText(row.values, 'id', place) !== userId) continue;
      const own = membershipsOf(row, place).filter((membership: SourceMembership) => membership.userId === userId);
      for (const { groupId } of own) ids.add(groupId);
      if (ofOneRow) break;
    }
    return [...ids];
  });
}
