import type { AttributeRecord, AttributeValue } from '../model';
import { nameKey } from '../names';
import { subAttribute } from './attribute';
import { isPrimary } from './coerce';
import { ScimError, invalidValue } from './error';
import { parseAttributePath } from './filter';
import type { AttributePath } from './filter';
import { isList, isRecord } from './json';
import { findAttribute } from './kinds';
import type { ScimKind } from './kinds';
import type { SortRequest } from './list-query';

/** What a resource is sorted by; null sorts last in ascending order (RFC 7644 3.4.2.3). */
export type SortKey = string | number | boolean | null;

/** @throws ScimError invalidValue when the attribute cannot be sorted by */
export function sortKeyOf(kind: ScimKind, { by }: SortRequest): (resource: AttributeRecord) => SortKey {
  const path = pathOf(by);
  const found = findAttribute(kind, path.schema, path.name);
  if (found === undefined) return () => null;
  const { schema, definition } = found;
  const sub = path.sub ?? (subAttribute(definition, 'value') === undefined ? null : 'value');
  const sorted = sub === null ? definition : subAttribute(definition, sub);
  if (sorted === undefined || sorted.type === 'complex') throw invalidValue('sortBy names no attribute to sort by.');
  return (resource) => {
    const home = schema === null ? resource : resource[schema];
    const value = isRecord(home) ? home[definition.name] : undefined;
    return keyOf(sub === null ? value : partOf(value, sorted.name), sorted.caseExact);
  };
}

function pathOf(by: string): AttributePath {
  try {
    return parseAttributePath(by);
  } catch (error) {
    throw error instanceof ScimError ? invalidValue('sortBy is not written as an attribute name.') : error;
  }
}

/** Of a list the primary element counts, else the first. */
function partOf(value: AttributeValue | undefined, name: string): AttributeValue | undefined {
  const element = isList(value) ? (value.find(isPrimary) ?? value[0]) : value;
  return isRecord(element) ? element[name] : undefined;
}

function keyOf(value: AttributeValue | undefined, caseExact: boolean): SortKey {
  const first = isList(value) ? value[0] : value;
  if (typeof first === 'string') return caseExact ? first : nameKey(first);
  return typeof first === 'number' || typeof first === 'boolean' ? first : null;
}

/** Compares two keys and, where they are equal, two positions, so that an order is the same every time. */
export function compareSorted(
  a: { readonly key: SortKey; readonly seq: number },
  b: { readonly key: SortKey; readonly seq: number },
  descending: boolean
): number {
  const order = compareKeys(a.key, b.key);
  if (order !== 0) return descending ? -order : order;
  return a.seq - b.seq;
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
