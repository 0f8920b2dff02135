import { z } from 'zod';
import { driftOrigin, isDecidable, lastAppliedOf } from '../../domain/drift';
import type { DesiredAccount } from '../../domain/model';
import type { OperationRecord } from '../../store/records';
import { jsonObject, operationKind, operationStatus, pageOf, reason, time } from './schemas';

const image = jsonObject.nullable();

export const driftItemSchema = z
  .object({
    seq: z.int(),
    externalId: z.string().nullable(),
    username: z.string().nullable(),
    kind: operationKind,
    changed: z.enum(['jira', 'source', 'both']),
    lastApplied: image,
    inJira: image,
    atSource: image,
    decidable: z.boolean().meta({ description: 'May be reverted or accepted; the others the next run carries' }),
    status: operationStatus,
    reasons: z.array(reason).readonly(),
  })
  .meta({ id: 'DriftItem', description: 'One difference, and where it comes from since Rollcall wrote last' });

export const driftSchema = z.object({ runId: z.string(), createdAt: time }).extend(pageOf(driftItemSchema).shape);

/** @param linked what was last applied to the account */
export function driftItemView(
  operation: OperationRecord,
  linked: DesiredAccount | null
): z.output<typeof driftItemSchema> {
  const { seq, externalId, username, kind, before, after, status, reasons } = operation;
  return {
    seq: seq ?? 0,
    externalId,
    username,
    kind,
    changed: driftOrigin(reasons),
    lastApplied: lastAppliedOf(operation, linked),
    inJira: before,
    atSource: after,
    decidable: isDecidable(reasons),
    status,
    reasons,
  };
}
