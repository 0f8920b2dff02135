import { basename } from 'node:path';
import type { MappingSettings } from '../../domain/settings';
import type { AttributeRecord, SourceMembership, SourceUser } from '../../domain/model';
import { ProviderError } from '../errors';
import type { FileCheck } from './check';
import { requireColumns, requireUserColumns } from './columns';
import { valueOf } from './fields';
import { groupOf, membershipOf, membershipsOfUser, userOf } from './records';
import type { Row } from './rows';
import type { FileSettings } from './settings';
import { withTable, type Table } from './table';

/** The memberships that a row gives. */
export type MembershipsOfRow = (row: Row, place: string) => readonly SourceMembership[];

/**
 * The user of a row of the users file.
 * @throws ProviderError data, also where the row names groups beside a memberships file
 */
export function userOfRow(values: AttributeRecord, place: string, settings: FileSettings): SourceUser {
  if (settings.memberships !== null && valueOf(values, 'groups') !== undefined) {
    const other = basename(settings.memberships);
    throw new ProviderError(
      'data',
      `${place}: has groups, but the memberships come from ${other}: leave one of the two out`
    );
  }
  return userOf(values, place);
}

export function requireGroupsTable(table: Table): void {
  requireColumns(table, ['id', 'name']);
}

function requireMembershipsTable(table: Table): void {
  requireColumns(table, ['group', 'user']);
}

/** Opens the file that says who is in which group: the memberships file, else the users file with its `groups`. */
export function withMembershipsTable<T>(
  settings: FileSettings,
  signal: AbortSignal,
  use: (table: Table, membershipsOf: MembershipsOfRow) => Promise<T>
): Promise<T> {
  const { users, memberships } = settings;
  if (memberships === null) {
    return withTable(users, signal, (table) => {
      requireColumns(table, ['id']);
      return use(table, (row, place) => membershipsOfUser(row.values, place));
    });
  }
  return withTable(memberships, signal, (table) => {
    requireMembershipsTable(table);
    return use(table, (row, place) => [membershipOf(row.values, place)]);
  });
}

/** What a connection test looks at, file by file. */
export function fileChecks(settings: FileSettings, mapping: MappingSettings): readonly FileCheck[] {
  const { users, groups, memberships } = settings;
  const usersCheck: FileCheck = {
    kind: 'users',
    path: users,
    requireColumns: (table) => {
      requireUserColumns(table, mapping);
    },
    attributesOf: (values, place) => userOfRow(values, place, settings).attributes,
  };
  const groupsCheck = (path: string): FileCheck => ({
    kind: 'groups',
    path,
    requireColumns: requireGroupsTable,
    attributesOf: (values, place) => ({ name: groupOf(values, place).name }),
  });
  const membershipsCheck = (path: string): FileCheck => ({
    kind: 'memberships',
    path,
    requireColumns: requireMembershipsTable,
    attributesOf: (values, place) => {
      const { groupId, userId } = membershipOf(values, place);
      return { group: groupId, user: userId };
    },
  });
  return [
    usersCheck,
    ...(groups === null ? [] : [groupsCheck(groups)]),
    ...(memberships === null ? [] : [membershipsCheck(memberships)]),
  ];
}
