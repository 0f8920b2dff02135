import { SLICES } from '../domain/ids';
import type { SliceRange } from '../domain/ids';

/** A cursor that this list did not give out; the API answers 400. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
  constructor() {
    super('the cursor is not one that this list gave out');
  }
}

/** Cursors are positions, never personal data: they stand in addresses and logs. */
export const encodeCursor = (position: number): string => String(position);

/** @throws InvalidCursorError */
export function decodeCursor(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) throw new InvalidCursorError();
  return Number(cursor);
}

/** Both ends belong to it: the only kind of page that is quick on every store (durability 1.1). */
export interface ClosedRange<T> {
  readonly $gte: T;
  readonly $lte: T;
}

export const closedRange = (from: number, to: number): ClosedRange<number> => ({ $gte: from, $lte: to });
export const sliceFilter = (range: SliceRange): ClosedRange<number> => closedRange(range.from, range.to);
/** More than any plan or run numbers. */
export const HIGHEST_NUMBER = 2 ** 31;
export const ALL_SLICES: SliceRange = { from: 0, to: SLICES - 1 };

/** Ids whose first part is this one: ';' follows ':'. The part must need no encoding (ids of connectors do not). */
export const idsUnder = (part: string): { readonly $gte: string; readonly $lt: string } => ({
  $gte: `${part}:`,
  $lt: `${part};`,
});

/** Keys that begin with the hour of this ISO time or an earlier one (domain/ids dueKey, requestExpiry). */
export const keysUntil = (time: string): { readonly $gte: string; readonly $lt: string } => ({
  $gte: '',
  $lt: idsUnder(time.slice(0, 'yyyy-mm-ddThh'.length)).$lt,
});

const LAST_BEFORE_SURROGATES = 0xd7ff;
const FIRST_AFTER_SURROGATES = 0xe000;
const LAST_CODE_POINT = 0x10ffff;

/**
 * The texts that begin with `prefix`: from it to the first text beyond them, which is the prefix with its last code point
 * raised by one. A bound of '\uffff' would do on the embedded store, which compares UTF-16 units, but miss what follows
 * the basic plane on a real server, which compares UTF-8. `prefix` must not be empty.
 */
export function prefixRange(prefix: string): { readonly $gte: string; readonly $lt: string } {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  const last = points.pop() ?? 0;
  const next = last === LAST_BEFORE_SURROGATES ? FIRST_AFTER_SURROGATES : Math.min(last + 1, LAST_CODE_POINT);
  return { $gte: prefix, $lt: String.fromCodePoint(...points, next) };
}

/** Sorts texts by UTF-16 code units: the same order on every store and in every locale. */
export function byText<T>(text: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const [left, right] = [text(a), text(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
}
