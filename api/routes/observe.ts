import { z } from 'zod';
import type { ApiDependencies } from '../dependencies';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { observeReport } from '../observe';
import { observeSchema, observedCause, observedVerdict } from '../views/observe';
import { nameId, runIdSchema } from '../views/schemas';
import { shardQuery } from './adoption';

/** Beside another product: what Rollcall would have done (rules 6). */
export function observeRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'get',
      path: '/connectors/{id}/observe-report',
      tag: 'migration',
      role: 'viewer',
      summary: 'Show where Jira is not as Rollcall would have it, and what happened there since the run before',
      request: {
        params: z.object({ id: nameId }),
        query: z.strictObject({
          ...shardQuery,
          run: runIdSchema.optional().meta({ description: 'An earlier run whose data are kept' }),
          cause: observedCause.optional(),
          verdict: observedVerdict.optional(),
        }),
      },
      responses: { 200: { description: 'Counts and a page; it may hold fewer than asked for', schema: observeSchema } },
      handler: async ({ params: { id }, query }) => ({ status: 200, body: await observeReport(deps.store, id, query) }),
    }),
  ];
}
