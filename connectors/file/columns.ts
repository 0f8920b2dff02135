import type { MappingSettings } from '../../domain/settings';
import { ProviderError } from '../errors';
import type { Table } from './table';

const NAME_LIKE = /^[\p{L}_][\p{L}\p{M}\p{N} _./()#-]{0,39}$/u;
const MAX_SHOWN = 40;
/** Sources of a mapping that are no column. */
const NO_COLUMN = ['externalId', 'active'];

/** @throws ProviderError data when a column is missing, with the columns found */
export function requireColumns(table: Table, required: readonly string[]): void {
  const { columns, name } = table;
  if (columns === null) return;
  const missing = required.filter((column) => !columns.includes(column));
  if (missing.length === 0) return;
  const what = missing.length === 1 ? 'column' : 'columns';
  throw new ProviderError('data', `${name} has no ${what} ${missing.join(', ')}; ${foundColumns(columns)}`);
}

/** @throws ProviderError data when `id`, or every column that the username is mapped from, is missing */
export function requireUserColumns(table: Table, mapping: MappingSettings): void {
  requireColumns(table, ['id']);
  const { columns, name } = table;
  if (columns === null) return;
  const { source, fallback } = mapping.username;
  if (source === undefined) return;
  const sources = [source, ...fallback];
  const derived = columns.includes('givenName') || columns.includes('surname') ? ['fullName'] : [];
  const known = [...columns, ...NO_COLUMN, ...derived];
  if (sources.some((path) => known.includes(path))) return;
  throw new ProviderError(
    'data',
    `${name} has no column for the username: ${sources.join(' or ')}; ${foundColumns(columns)} ` +
      '(name the column under mapping.username.source)'
  );
}

/** The columns as found. A file without a header shows its first person there, whose data must not be repeated. */
export function foundColumns(columns: readonly string[]): string {
  if (!columns.every((column) => NAME_LIKE.test(column))) {
    return 'its first line does not look like names of columns (is the header missing?)';
  }
  const more = columns.length > MAX_SHOWN ? ` and ${columns.length - MAX_SHOWN} more` : '';
  return `columns found: ${columns.slice(0, MAX_SHOWN).join(', ')}${more}`;
}
