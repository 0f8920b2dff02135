import { z } from 'zod';
import type { OutcomeRecord } from '../../store/records';
import { jsonObject, operationKind, operationStatus, outcome, reason } from './schemas';

export const resultSchema = z
  .object({
    externalId: z.string(),
    username: z.string().nullable(),
    outcome,
    operations: z
      .array(
        z.object({
          kind: operationKind,
          before: jsonObject.nullable(),
          after: jsonObject.nullable(),
          status: operationStatus,
          error: z.string().nullable(),
        })
      )
      .readonly(),
    reasons: z.array(reason).readonly(),
    error: z.string().nullable(),
    durationMs: z.number().nullable(),
  })
  .meta({ id: 'Result', description: 'What one run did with one person' });

export type ResultView = z.output<typeof resultSchema>;

/** A stored outcome without its numbers. */
export function resultView(record: OutcomeRecord): ResultView {
  const { externalId, username, operations, reasons, error, durationMs } = record;
  return { externalId, username, outcome: record.outcome, operations, reasons, error, durationMs };
}
