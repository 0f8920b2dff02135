import { LimitError } from '../budget';
import type { Budget } from '../budget';
import type { AttributeRecord, AttributeValue } from '../model';
import { own } from '../records';

/** What expressions work on: the values of JSON. */
export type Value = AttributeValue;
export type Kind = 'text' | 'number' | 'truth' | 'list' | 'record' | 'nothing';
/** What is known of a part of an expression before it runs. */
export type StaticKind = Kind | 'any';

const KIND_WORDS: Readonly<Record<StaticKind, string>> = {
  text: 'a text',
  number: 'a number',
  truth: 'true or false',
  list: 'a list',
  record: 'a record',
  nothing: 'null',
  any: 'any value',
};

/** A kind of value as a message names it. */
export const kindWords = (kind: StaticKind): string => KIND_WORDS[kind];

export function kindOf(value: Value): Kind {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'truth';
  return isList(value) ? 'list' : 'record';
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isRecord(value: Value): value is AttributeRecord {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** True for null, a blank text and an empty list. */
export function isEmpty(value: Value): boolean {
  if (value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return isList(value) && value.length === 0;
}

/** Records and lists within each other are compared so deep. */
const DEPTH_LIMIT = 64;

/**
 * Whether two values are the same, entry by entry; lists and records deeply.
 * @throws LimitError when the budget or the depth does not suffice
 */
export function isSame(a: Value, b: Value, budget: Budget, depth = 0): boolean {
  budget.spend(1);
  if (depth > DEPTH_LIMIT) throw new LimitError('compares what lies too deep');
  if (isList(a)) {
    return isList(b) && a.length === b.length && a.every((entry, n) => isSame(entry, b[n] ?? null, budget, depth + 1));
  }
  if (!isRecord(a)) {
    if (typeof a === 'string') budget.pass(a.length);
    return a === b;
  }
  if (!isRecord(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every(
    (name) => Object.hasOwn(b, name) && isSame(a[name] ?? null, own(b, name) ?? null, budget, depth + 1)
  );
}
