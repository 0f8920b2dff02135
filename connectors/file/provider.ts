import type { MappingSettings } from '../../domain/settings';
import type { SourceGroup, SourceMembership, SourceUser } from '../../domain/model';
import {
  LOOK_UP_LIMIT,
  type CheckStep,
  type IdentityProvider,
  type LookUp,
  type Page,
  type Placed,
  type ProviderCapabilities,
  type UserKey,
} from '../provider';
import { checkFiles } from './check';
import { requireColumns, requireUserColumns } from './columns';
import { decodeCursor, encodeCursor } from './cursor';
import { requiredText } from './fields';
import { fileChecks, requireGroupsTable, userOfRow, withMembershipsTable, type MembershipsOfRow } from './files';
import { readNamedGroups } from './namedGroups';
import { PAGE_ITEMS, readPage } from './page';
import { findFileUsers, groupsOfFileUser } from './person';
import { groupOf } from './records';
import { START, type Row } from './rows';
import type { FileSettings } from './settings';
import { withTable, type Table } from './table';

type Presence = 'present' | 'absent' | 'unknown';

/**
 * Users, groups and memberships from CSV or JSON files, streamed: memory does not grow with the number of users.
 * Listings resume at the byte of a row; a file that changed since is refused as cursorExpired.
 */
export function createFileProvider(settings: FileSettings, mapping: MappingSettings): IdentityProvider {
  return new FileProvider(settings, mapping);
}

class FileProvider implements IdentityProvider {
  readonly capabilities: ProviderCapabilities = {
    delta: false,
    counts: false,
    nested: false,
    delivers: ['users', 'groups', 'memberships'],
    refusesDuplicates: true,
  };
  /** The groups that one content of a file only names: its pages must not read the file again and again. */
  #named: { readonly fingerprint: string; readonly groups: readonly Placed<SourceGroup>[] } | null = null;

  constructor(
    private readonly settings: FileSettings,
    private readonly mapping: MappingSettings
  ) {}

  listUsers(cursor: string | null, signal: AbortSignal): Promise<Page<SourceUser>> {
    return withTable(this.settings.users, signal, (table) => {
      requireUserColumns(table, this.mapping);
      const itemsOf = (row: Row, place: string) => [userOfRow(row.values, place, this.settings)];
      return readPage({ table, cursor, signal, itemsOf });
    });
  }

  listGroups(cursor: string | null, signal: AbortSignal): Promise<Page<SourceGroup>> {
    const { groups } = this.settings;
    if (groups === null) return this.#listNamedGroups(cursor, signal);
    return withTable(groups, signal, (table) => {
      requireGroupsTable(table);
      return readPage({ table, cursor, signal, itemsOf: (row, place) => [groupOf(row.values, place)] });
    });
  }

  listMemberships(cursor: string | null, signal: AbortSignal): Promise<Page<SourceMembership>> {
    return withMembershipsTable(this.settings, signal, (table, itemsOf) =>
      readPage({ table, cursor, signal, itemsOf })
    );
  }

  /** Reads the file once; `absent` is said only after its end. */
  async lookUpUsers(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, LookUp>> {
    refuseTooMany(ids);
    const found = new Map<string, LookUp>();
    const wanted = new Set(ids);
    await withTable(this.settings.users, signal, async (table) => {
      requireColumns(table, ['id']);
      for await (const row of table.rows(START, signal)) {
        if (found.size === wanted.size) return;
        const place = `${table.name} line ${row.line}`;
        const id = requiredText(row.values, 'id', place);
        if (wanted.has(id)) found.set(id, { found: userOfRow(row.values, place, this.settings) });
      }
    });
    return new Map(ids.map((id) => [id, found.get(id) ?? 'absent']));
  }

  async lookUpGroups(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
    refuseTooMany(ids);
    const present = new Set<string>();
    const wanted = new Set(ids);
    await this.#eachGroupId(signal, (id) => {
      if (wanted.has(id)) present.add(id);
    });
    return new Map(ids.map((id) => [id, present.has(id) ? 'present' : 'absent']));
  }

  findUsers(by: UserKey, value: string, signal: AbortSignal): Promise<readonly SourceUser[]> {
    return findFileUsers(this.settings, by, value, signal);
  }

  groupsOf(userId: string, signal: AbortSignal): Promise<readonly SourceGroup[]> {
    return groupsOfFileUser(this.settings, userId, signal);
  }

  counts(): Promise<Record<string, never>> {
    return Promise.resolve({});
  }

  identity(): string {
    const { users, groups, memberships } = this.settings;
    return `file:${JSON.stringify([users, groups, memberships])}`;
  }

  test(signal: AbortSignal): Promise<readonly CheckStep[]> {
    return checkFiles(fileChecks(this.settings, this.mapping), signal);
  }

  close(): Promise<void> {
    this.#named = null;
    return Promise.resolve();
  }

  #listNamedGroups(cursor: string | null, signal: AbortSignal): Promise<Page<SourceGroup>> {
    return withMembershipsTable(this.settings, signal, async (table, membershipsOf) => {
      const { skip } = decodeCursor(cursor, table.name, table.fingerprint);
      const all = await this.#namedGroups(table, membershipsOf, signal);
      const end = skip + PAGE_ITEMS;
      const next = end < all.length ? encodeCursor({ position: START, skip: end }, table.fingerprint) : null;
      return { items: all.slice(skip, end), cursor: next };
    });
  }

  async #namedGroups(
    table: Table,
    membershipsOf: MembershipsOfRow,
    signal: AbortSignal
  ): Promise<readonly Placed<SourceGroup>[]> {
    if (this.#named?.fingerprint === table.fingerprint) return this.#named.groups;
    const groups = await readNamedGroups(table, membershipsOf, signal);
    this.#named = { fingerprint: table.fingerprint, groups };
    return groups;
  }

  #eachGroupId(signal: AbortSignal, visit: (id: string) => void): Promise<void> {
    const { groups } = this.settings;
    if (groups === null) {
      return withMembershipsTable(this.settings, signal, async (table, membershipsOf) => {
        for (const { record } of await this.#namedGroups(table, membershipsOf, signal)) visit(record.externalId);
      });
    }
    return withTable(groups, signal, async (table) => {
      requireGroupsTable(table);
      for await (const row of table.rows(START, signal)) {
        visit(requiredText(row.values, 'id', `${table.name} line ${row.line}`));
      }
    });
  }
}

function refuseTooMany(ids: readonly string[]): void {
  if (ids.length > LOOK_UP_LIMIT) throw new RangeError(`a look-up takes at most ${LOOK_UP_LIMIT} ids`);
}
