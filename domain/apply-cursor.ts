import { GROUP_SHARD, NAMES_SHARD } from './ids';
import { PHASES } from './operation';
import type { Phase } from './operation';

/** How many operations of one cell (phase and shard) a plan has. */
export interface ApplyCell {
  readonly phase: Phase;
  readonly shard: string;
  readonly count: number;
}
/** Where applying goes on: cells before `phase` are done, of that phase those in `next` from there, `done` ones not at all. */
export interface ApplyCursor {
  readonly phase: Phase;
  /** Shard -> first operation that is not applied yet; equal to the count when the cell is done. */
  readonly next: Readonly<Record<string, number>>;
}

/** A batch holds at most this many operations (durability 3.3). */
export const APPLY_BATCH_LIMIT = 200;

export const FIRST_CURSOR: ApplyCursor = { phase: PHASES[0], next: {} };

/**
 * The lanes of a phase in the order they are started. A lane is applied batch after batch; lanes run side by side, since
 * their people differ. Each inner list is a step that ends before the next begins: the connected renames come first and
 * alone (durability 3.2).
 */
export function lanesOf(cells: readonly ApplyCell[], phase: Phase): readonly (readonly ApplyCell[])[] {
  const ofPhase = cells.filter((cell) => cell.phase === phase);
  const first = ofPhase.filter((cell) => cell.shard === NAMES_SHARD || cell.shard === GROUP_SHARD);
  const others = ofPhase.filter((cell) => !first.includes(cell));
  return [first, others].filter((step) => step.length > 0);
}

/** How many operations of a plan are behind the cursor, whatever came of them, and how many there are. */
export function progressOf(
  cells: readonly ApplyCell[],
  { phase, next }: ApplyCursor
): { readonly done: number; readonly total: number } {
  const doneOf = (cell: ApplyCell): number => {
    if (cell.phase !== phase) return cell.phase < phase ? cell.count : 0;
    return Math.min(next[cell.shard] ?? 0, cell.count);
  };
  const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  return { done: sum(cells.map(doneOf)), total: sum(cells.map(({ count }) => count)) };
}

/** The next batch of a lane: operations from..to, both included, or null at its end. */
export function nextBatch(cell: ApplyCell, next: number): { readonly from: number; readonly to: number } | null {
  return next >= cell.count ? null : { from: next, to: Math.min(next + APPLY_BATCH_LIMIT, cell.count) - 1 };
}
