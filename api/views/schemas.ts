import { z } from 'zod';
import { NAME_PATTERN } from '../../domain/ids';
import { GATE_KINDS, PHASE_OF_KIND } from '../../domain/operation';
import type { OperationKind } from '../../domain/operation';
import { OUTCOMES } from '../../domain/run';

/** Everything an answer is made of; the schemas are the types of handlers and of /openapi.json. */

export const time = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });
export const nameId = z
  .string()
  .regex(NAME_PATTERN, { error: 'must be lower-case letters, digits and "-", at most 63' });
/** Ids of runs are opaque; this bounds them. */
export const runIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,127}$/);
export const requestIdSchema = z.string().regex(/^[A-Za-z0-9_-]{8,128}$/);
/** Any JSON object; what it holds is checked elsewhere or is data of others. */
export const jsonObject = z.record(z.string(), z.unknown());

const MAX_PAGE = 500;
const DEFAULT_PAGE = 50;
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_PAGE)
    .default(DEFAULT_PAGE)
    .meta({ description: `How many items, at most ${MAX_PAGE}` }),
  cursor: z.string().min(1).max(200).optional().meta({ description: 'nextCursor of the page before' }),
};

/** `{items, nextCursor}`; nextCursor is null on the last page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item).readonly(), nextCursor: z.string().nullable() });
}

export const gateKind = z.enum(GATE_KINDS);
export const outcome = z.enum(OUTCOMES);
export const operationKind = z.enum(Object.keys(PHASE_OF_KIND) as [OperationKind, ...OperationKind[]]);
export const operationStatus = z.enum([
  'planned',
  'held',
  'applying',
  'done',
  'stale',
  'conflict',
  'failed',
  'cancelled',
]);

export const selection = z
  .strictObject({
    kinds: z.array(gateKind).min(1).max(GATE_KINDS.length).readonly().optional(),
    seqs: z.array(z.int().min(0)).min(1).max(10_000).readonly().optional(),
  })
  .refine(({ kinds, seqs }) => kinds !== undefined || seqs !== undefined, { error: 'needs kinds or seqs' })
  .meta({ id: 'PlanSelection', description: 'A part of a plan: by gate kind, by number, or both' });

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

export const reason = z.object({
  code: z.string(),
  rule: z.string(),
  params: z.record(z.string(), z.string()).readonly().optional(),
});
