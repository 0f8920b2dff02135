import { z } from 'zod';
import type { AuditEvent, RequestRecord } from '../../store/records';
import { jsonObject, requestIdSchema, time } from './schemas';

/** The answer to a command: where to ask how it went, and the run it leads to once that is known. */
export const acceptedSchema = z.object({ requestId: requestIdSchema, runId: z.string().nullable() }).meta({
  id: 'Accepted',
  description: 'Ask GET /requests/{requestId}; runId is null until the connector has answered',
});

export const requestSchema = z
  .object({
    id: requestIdSchema,
    kind: z.string(),
    subject: z.string(),
    status: z.enum(['waiting', 'done', 'failed']),
    runId: z.string().nullable(),
    result: jsonObject.nullable(),
    error: z.string().nullable(),
    createdAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Request' });

/** A request without its input. */
export function requestView(record: RequestRecord): z.output<typeof requestSchema> {
  const { id, kind, subject, status, runId, result, error, createdAt, finishedAt } = record;
  return { id, kind, subject, status, runId, result, error, createdAt, finishedAt };
}

export const auditEventSchema = z
  .object({
    seq: z.int(),
    at: time,
    by: z.string(),
    action: z.string(),
    subject: z.string(),
    details: jsonObject,
    hash: z.string(),
    prevHash: z.string(),
  })
  .meta({ id: 'AuditEvent', description: 'hash covers the event and prevHash: a change of an old event shows' });

/** An audit event as it is stored. */
export function auditEventView(event: AuditEvent): z.output<typeof auditEventSchema> {
  return event;
}
