import { createHash } from 'node:crypto';
import { z } from 'zod';

/** How many ids a list had, and a sum of them that does not depend on their order: two lists with one tally are the same. */
export interface Tally {
  readonly count: number;
  readonly sum: number;
}

export const NO_TALLY: Tally = { count: 0, sum: 0 };

export const tallyShape = z.strictObject({ count: z.int().min(0), sum: z.int().min(0) });

const SUM_BYTES = 5;
const SUM_LIMIT = 2 ** 48;

/** The tally of a list that goes on with these ids. */
export function tallied({ count, sum }: Tally, ids: readonly string[]): Tally {
  const total = ids.reduce((before, id) => (before + numberOf(id)) % SUM_LIMIT, sum);
  return { count: count + ids.length, sum: total };
}

export const isSameTally = (a: Tally, b: Tally): boolean => a.count === b.count && a.sum === b.sum;

const numberOf = (id: string): number => createHash('sha256').update(id).digest().readUIntBE(0, SUM_BYTES);
