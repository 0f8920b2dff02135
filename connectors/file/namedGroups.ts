import type { SourceGroup } from '../../domain/model';
import { ProviderError } from '../errors';
import type { Placed } from '../provider';
import type { MembershipsOfRow } from './files';
import { START } from './rows';
import type { Table } from './table';

/** Memory grows with the groups here, so there is a bound. */
const MAX_NAMED_GROUPS = 100_000;

/**
 * The groups that rows only name, where there is no groups file: the name is the id.
 * Reads the whole table once; the order is that of first appearance.
 */
export async function readNamedGroups(
  table: Table,
  membershipsOf: MembershipsOfRow,
  signal: AbortSignal
): Promise<readonly Placed<SourceGroup>[]> {
  const groups = new Map<string, Placed<SourceGroup>>();
  for await (const row of table.rows(START, signal)) {
    const place = `${table.name} line ${row.line}`;
    for (const { groupId: name } of membershipsOf(row, place)) {
      if (!groups.has(name)) groups.set(name, { record: { externalId: name, name, attributes: {} }, place });
    }
    if (groups.size > MAX_NAMED_GROUPS) {
      throw new ProviderError('data', `${table.name} names more than ${MAX_NAMED_GROUPS} groups`);
    }
  }
  return [...groups.values()];
}
