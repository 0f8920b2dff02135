import { badRequest } from './error';
import { memberOf } from './json';
import { parseFilter } from './filter';
import type { Filter } from './filter';
import type { ProjectionRequest } from './projection';

/** Resources in one answer at most, and where nothing is asked for. */
export const MAX_PAGE = 200;
export const DEFAULT_PAGE = 100;
/** Where the order of an answer is asked for. */
export interface SortRequest {
  readonly by: string;
  readonly descending: boolean;
}
/** `index`: from the n-th on (from 1) · `cursor`: from a place of an earlier answer on, null for the beginning. */
export type PagePlace =
  { readonly mode: 'index'; readonly startIndex: number } | { readonly mode: 'cursor'; readonly cursor: string | null };

/** What a GET of a list or a search request asks for (RFC 7644 3.4.2, 3.4.3; RFC 9865). */
export interface ListQuery extends ProjectionRequest {
  readonly filter: Filter | null;
  /** As it was written; a cursor belongs to it. */
  readonly filterText: string;
  readonly sort: SortRequest | null;
  readonly place: PagePlace;
  readonly count: number;
}

/**
 * Reads a list query from the members of a query string or a search request; names in any case, unknown ones are nothing.
 * @throws ScimError invalidFilter, invalidValue, invalidCount, invalidCursor
 */
export function parseListQuery(given: Readonly<Record<string, unknown>>): ListQuery {
  const filterText = textOf(given, 'filter').trim();
  const cursor = memberOf(given, 'cursor');
  return {
    filter: filterText === '' ? null : parseFilter(filterText),
    filterText,
    sort: sortOf(given),
    place: cursor === undefined || cursor === null ? indexPlace(given) : cursorPlace(cursor),
    count: countOf(given, cursor !== undefined),
    attributes: memberOf(given, 'attributes'),
    excludedAttributes: memberOf(given, 'excludedAttributes'),
  };
}

function textOf(given: Readonly<Record<string, unknown>>, name: string): string {
  const value = memberOf(given, name);
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw badRequest('invalidValue', `${name} must be given once, as a text.`);
  return value;
}

function sortOf(given: Readonly<Record<string, unknown>>): SortRequest | null {
  const by = textOf(given, 'sortBy').trim();
  if (by === '') return null;
  return { by, descending: textOf(given, 'sortOrder').trim().toLowerCase() === 'descending' };
}

/** A whole number, written as a number or a text; null where none was given. */
function numberOf(given: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = memberOf(given, name);
  if (value === undefined || value === null || value === '') return null;
  const number = typeof value === 'string' && /^[+-]?\d{1,15}$/.test(value.trim()) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) {
    throw badRequest('invalidValue', `${name} must be a whole number.`);
  }
  return number;
}

/** Below 1 counts as 1 (RFC 7644 3.4.2.4). */
const indexPlace = (given: Readonly<Record<string, unknown>>): PagePlace => ({
  mode: 'index',
  startIndex: Math.max(1, numberOf(given, 'startIndex') ?? 1),
});

function cursorPlace(cursor: unknown): PagePlace {
  if (typeof cursor !== 'string') throw badRequest('invalidCursor', 'cursor must be a text.');
  return { mode: 'cursor', cursor: cursor === '' ? null : cursor };
}

/** Below 0 counts as 0 (RFC 7644 3.4.2.4); a page by cursor has to have something on it (RFC 9865). */
function countOf(given: Readonly<Record<string, unknown>>, byCursor: boolean): number {
  const count = numberOf(given, 'count') ?? DEFAULT_PAGE;
  if (byCursor && count < 1) throw badRequest('invalidCount', 'A page by cursor has a count of at least 1.');
  return Math.min(MAX_PAGE, Math.max(0, count));
}
