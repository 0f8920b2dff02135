import fc from 'fast-check';
import { APPLY_BATCH_LIMIT, FIRST_CURSOR, lanesOf, nextBatch } from '../../domain/apply-cursor';
import type { ApplyCell, ApplyCursor } from '../../domain/apply-cursor';
import { GROUP_SHARD, NAMES_SHARD } from '../../domain/ids';
import { PHASES } from '../../domain/operation';

interface Batch {
  readonly phase: number;
  readonly shard: string;
  readonly from: number;
  readonly to: number;
}

/** Applies from a cursor on and stops after so many batches. @returns the batches, and where to go on (null: done) */
function walk(
  cells: readonly ApplyCell[],
  cursor: ApplyCursor,
  most: number
): { batches: Batch[]; at: ApplyCursor | null } {
  const batches: Batch[] = [];
  let next: Record<string, number> = { ...cursor.next };
  for (const phase of PHASES.filter((each) => each >= cursor.phase)) {
    for (const cell of lanesOf(cells, phase).flat()) {
      for (;;) {
        const batch = nextBatch(cell, next[cell.shard] ?? 0);
        if (batch === null) break;
        if (batches.length >= most) return { batches, at: { phase, next } };
        batches.push({ phase, shard: cell.shard, ...batch });
        next[cell.shard] = batch.to + 1;
      }
    }
    next = {};
  }
  return { batches, at: null };
}

const cells: fc.Arbitrary<ApplyCell[]> = fc.uniqueArray(
  fc.record({
    phase: fc.constantFrom(...PHASES),
    shard: fc.constantFrom(GROUP_SHARD, NAMES_SHARD, 's0000', 's0001', 's0002'),
    count: fc.integer({ min: 1, max: 3 * APPLY_BATCH_LIMIT }),
  }),
  { selector: ({ phase, shard }) => `${phase} ${shard}`, maxLength: 12 }
);

describe('durability 3.6: the order in which a plan is applied', () => {
  it('takes at most 200 operations a batch and none beyond the end', () => {
    const cell: ApplyCell = { phase: 6, shard: 's0000', count: 401 };
    expect([nextBatch(cell, 0), nextBatch(cell, 200), nextBatch(cell, 400), nextBatch(cell, 401)]).toEqual([
      { from: 0, to: 199 },
      { from: 200, to: 399 },
      { from: 400, to: 400 },
      null,
    ]);
  });

  it('durability 3.2: applies groups and connected renames before, and apart from, everybody else', () => {
    const all: ApplyCell[] = ['s0000', NAMES_SHARD, 's0001'].map((shard) => ({ phase: 5, shard, count: 1 }));
    const lanes = lanesOf([...all, { phase: 6, shard: 's0000', count: 1 }], 5);
    expect(lanes.map((step) => step.map(({ shard }) => shard))).toEqual([[NAMES_SHARD], ['s0000', 's0001']]);
    expect(lanesOf(all, 6)).toEqual([]);
  });

  it('applies every operation once, phase after phase, wherever histories end', () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 1, max: 4 }), (plan, perHistory) => {
        const batches: Batch[] = [];
        for (let at: ApplyCursor | null = FIRST_CURSOR; at !== null;) {
          const part = walk(plan, at, perHistory);
          batches.push(...part.batches);
          at = part.at;
        }
        expect(batches).toEqual(walk(plan, FIRST_CURSOR, Infinity).batches);
        expect(batches.map(({ phase }) => phase)).toEqual(batches.map(({ phase }) => phase).toSorted((a, b) => a - b));
        for (const { phase, shard, count } of plan) {
          const own = batches.filter((batch) => batch.phase === phase && batch.shard === shard);
          expect(own.reduce((sum, { from, to }) => sum + to - from + 1, 0)).toBe(count);
          expect(own.every(({ from, to }) => to - from < APPLY_BATCH_LIMIT)).toBe(true);
        }
      })
    );
  });
});
