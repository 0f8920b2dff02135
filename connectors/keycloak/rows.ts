import { ProviderError } from '../errors';
import { ANCHORS, behind, fingerprint, type Position } from './position';

/** Rows of one request. Keycloak has no largest page; 500 full users are about 200 kB. */
export const PAGE_ROWS = 500;

interface Identified {
  readonly id: string;
}

/** Reads `max` rows of a list from the row `first` on; null when what has the list is gone. */
export type FetchRows<T> = (first: number, max: number) => Promise<readonly T[] | null>;

/** The next rows of a list; `positions[n]` is the place behind `rows[n]`. */
export interface NextRows<T> {
  readonly rows: readonly T[];
  readonly positions: readonly Position[];
  /** The place behind everything that was read. */
  readonly position: Position;
  /** The list ends there. */
  readonly ended: boolean;
}

/**
 * The rows that follow a place. A page begins with rows that were read before: when they moved forward, because rows before
 * them were deleted, those that follow them moved too and are still read, each once. When they moved out of the page it
 * looks further back.
 * @throws ProviderError cursorExpired when none of them is left, so that nobody can tell what was read
 */
export async function nextRows<T extends Identified>(fetch: FetchRows<T>, from: Position): Promise<NextRows<T>> {
  const max = PAGE_ROWS + ANCHORS;
  const known = new Set(from.anchors);
  let first = Math.max(0, from.offset - from.anchors.length);
  for (;;) {
    const window = await fetch(first, max);
    if (window === null) return { rows: [], positions: [], position: from, ended: true };
    const marks = window.map(({ id }) => fingerprint(id));
    const begin = known.size === 0 ? 0 : marks.findIndex((mark) => known.has(mark));
    if (begin >= 0) return rowsAfter(window, { first, begin, known, marks, from, ended: window.length < max });
    if (first === 0) {
      throw new ProviderError('cursorExpired', 'the realm changed too much while it was read: read it from the start');
    }
    first = Math.max(0, first - PAGE_ROWS);
  }
}

interface Found {
  readonly first: number;
  /** Index in the window from which on every row is either one of the known ones or not read yet. */
  readonly begin: number;
  readonly known: ReadonlySet<string>;
  readonly marks: readonly string[];
  readonly from: Position;
  readonly ended: boolean;
}

function rowsAfter<T extends Identified>(window: readonly T[], found: Found): NextRows<T> {
  const { first, begin, known, marks, from, ended } = found;
  const rows: T[] = [];
  const positions: Position[] = [];
  let position = from;
  for (const [n, row] of window.entries()) {
    if (n < begin || known.has(marks[n] ?? '')) continue;
    rows.push(row);
    position = behind(position, [row.id], first + n + 1);
    positions.push(position);
  }
  // Also without new rows the place may have moved.
  return { rows, positions, position: { ...position, offset: first + window.length }, ended };
}
