import { z } from 'zod';
import type { ApiDependencies } from '../dependencies';
import { notFound } from '../http/problem';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { auditEventSchema, auditEventView, requestSchema, requestView } from '../views/request';
import { pageOf, pageQuery, requestIdSchema } from '../views/schemas';

/** What was asked for, and what was done: requests and audit events. */
export function recordRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'get',
      path: '/requests/{requestId}',
      tag: 'requests',
      role: 'viewer',
      summary: 'Show how a request went',
      request: { params: z.object({ requestId: requestIdSchema }) },
      responses: { 200: { description: 'The request', schema: requestSchema } },
      handler: async ({ params: { requestId } }) => {
        const record = await deps.store.requests.get(requestId);
        if (record === null) throw notFound('request', requestId);
        return { status: 200, body: requestView(record) };
      },
    }),
    route({
      method: 'get',
      path: '/audit',
      tag: 'audit',
      role: 'admin',
      summary: 'List what was done by whom, newest first',
      request: { query: z.strictObject(pageQuery) },
      responses: { 200: { description: 'Audit events', schema: pageOf(auditEventSchema) } },
      handler: async ({ query }) => {
        const { items, nextCursor } = await deps.store.audit.list({ limit: query.limit, cursor: query.cursor ?? null });
        return { status: 200, body: { items: items.map(auditEventView), nextCursor } };
      },
    }),
  ];
}
