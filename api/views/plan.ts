import { z } from 'zod';
import { reasonsWithSeats } from '../../domain/seats';
import type { OperationRecord, RunRecord } from '../../store/records';
import { gateVerdict } from './run';
import { gateKind, jsonObject, operationKind, operationStatus, reason, runIdSchema, time } from './schemas';

export const planItem = z
  .object({
    seq: z.int(),
    phase: z.int(),
    kind: operationKind,
    gateKinds: z.array(gateKind).readonly(),
    targetKey: z.string().nullable(),
    externalId: z.string().nullable(),
    username: z.string().nullable(),
    before: jsonObject.nullable(),
    after: jsonObject.nullable(),
    reasons: z.array(reason).readonly(),
    status: operationStatus,
    error: z.string().nullable(),
  })
  .meta({ id: 'PlanItem', description: 'One write on the target or on a link' });

export const planSchema = z
  .object({
    runId: runIdSchema,
    planHash: z.string().nullable(),
    heldHash: z.string().nullable(),
    createdAt: time,
    expiresAt: time,
    total: z.int().meta({ description: 'Operations of the whole plan' }),
    held: z.int().meta({ description: 'Operations that the gate held when the plan was made' }),
    gate: z.array(gateVerdict).readonly(),
    items: z.array(planItem).readonly(),
    nextCursor: z.string().nullable().meta({ description: 'A page may hold fewer items than asked for, even none' }),
  })
  .meta({ id: 'Plan' });

export type PlanItem = z.output<typeof planItem>;
export type PlanView = z.output<typeof planSchema>;

/** A sealed operation as shown; `seq` is given once the plan is sealed. */
export function planItemView(operation: OperationRecord): PlanItem {
  const { phase, kind, gateKinds, targetKey, externalId, username, before, after, status, error } = operation;
  const seq = operation.seq ?? -1;
  return {
    seq,
    phase,
    kind,
    gateKinds,
    targetKey,
    externalId,
    username,
    before,
    after,
    reasons: reasonsWithSeats(operation),
    status,
    error,
  };
}

/** The head of a plan, without its items. */
export function planHead(run: RunRecord, plan: NonNullable<RunRecord['plan']>): Omit<PlanView, 'items' | 'nextCursor'> {
  const { createdAt, expiresAt, total, held } = plan;
  return {
    runId: run.id,
    planHash: run.planHash,
    heldHash: run.heldHash,
    createdAt,
    expiresAt,
    total,
    held,
    gate: run.gate,
  };
}
