import type { AttributeRecord, AttributeValue, SourceUser } from './model';

/**
 * The value at a path of a source user, or undefined. Dots go into nested records, a number into a list
 * (without one, into its first entry).
 * At every level the longest name wins: a flat attribute `a.b` comes before `b` within `a`.
 * `active` and `externalId` name the user's own fields unless there is an attribute of that name.
 */
export function valueAt(user: SourceUser, path: string): AttributeValue | undefined {
  return valueOfParts(user, path.split('.'));
}

/** `valueAt` for a path that is taken apart already. */
export function valueOfParts(user: SourceUser, parts: readonly string[]): AttributeValue | undefined {
  const value = descend(user.attributes, parts);
  if (value !== undefined || parts.length !== 1) return value;
  if (parts[0] === 'active') return user.active;
  return parts[0] === 'externalId' ? user.externalId : undefined;
}

/** No attribute is read further than this: a list without end must not hold up a run. */
const MAX_VALUES = 1_000;

/** The first text at a path, or null where there is none. */
export function textAt(user: SourceUser, path: string): string | null {
  return textsAt(user, path)[0] ?? null;
}

/**
 * The texts at a path in their order: one for a single value, those of a list for a list, none for a record or for a list
 * within a list. Numbers and truth values are written out; blank texts are none. The first 1,000 entries of a list count.
 */
export function textsAt(user: SourceUser, path: string): readonly string[] {
  const value = valueAt(user, path);
  return (isList(value) ? value.slice(0, MAX_VALUES) : [value]).flatMap(textsOf);
}

function descend(value: AttributeValue | undefined, parts: readonly string[]): AttributeValue | undefined {
  if (parts.length === 0) return value;
  if (isList(value)) return descendList(value, parts);
  if (!isRecord(value)) return undefined;
  for (let taken = parts.length; taken > 0; taken--) {
    const name = parts.slice(0, taken).join('.');
    if (Object.hasOwn(value, name)) return descend(value[name], parts.slice(taken));
  }
  return undefined;
}

/** Without a number the first entry speaks for the list, as it does for its text. */
function descendList(list: readonly AttributeValue[], parts: readonly string[]): AttributeValue | undefined {
  const index = /^\d{1,4}$/.exec(parts[0] ?? '');
  return index === null ? descend(list[0], parts) : descend(list[Number(index[0])], parts.slice(1));
}

function textsOf(value: AttributeValue | undefined): readonly string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  return [];
}

function isList(value: AttributeValue | undefined): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

function isRecord(value: AttributeValue | undefined): value is AttributeRecord {
  return typeof value === 'object' && value !== null && !isList(value);
}
