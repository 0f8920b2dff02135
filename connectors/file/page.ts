import type { Page, Placed } from '../provider';
import { decodeCursor, encodeCursor } from './cursor';
import type { Row } from './rows';
import type { Table } from './table';

/** No page has more items. */
export const PAGE_ITEMS = 500;
/** Rows read for one page at most, where most rows give no item (memberships of people without groups). */
const PAGE_ROWS = 5000;

export interface ReadPageInput<T> {
  readonly table: Table;
  readonly cursor: string | null;
  readonly signal: AbortSignal;
  /** The items of a row, always the same for the same row. */
  readonly itemsOf: (row: Row, place: string) => readonly T[];
}

/** Reads one page of the items that the rows of a table give, in the order of the file. */
export async function readPage<T>({ table, cursor, signal, itemsOf }: ReadPageInput<T>): Promise<Page<T>> {
  const from = decodeCursor(cursor, table.name, table.fingerprint);
  const items: Placed<T>[] = [];
  let skip = from.skip;
  let rows = 0;
  for await (const row of table.rows(from.position, signal)) {
    const full = items.length >= PAGE_ITEMS || rows >= PAGE_ROWS;
    if (full) return { items, cursor: encodeCursor({ position: row.start, skip: 0 }, table.fingerprint) };
    const place = `${table.name} line ${row.line}`;
    const all = itemsOf(row, place);
    const taken = all.slice(skip, skip + PAGE_ITEMS - items.length);
    items.push(...taken.map((record) => ({ record, place })));
    if (skip + taken.length < all.length) {
      const next = { position: row.start, skip: skip + taken.length };
      return { items, cursor: encodeCursor(next, table.fingerprint) };
    }
    skip = 0;
    rows += 1;
  }
  return { items, cursor: null };
}
