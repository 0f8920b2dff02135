import { z } from 'zod';
import type { ApiDependencies } from '../dependencies';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { planPage } from '../plan-pages';
import { getPlannedRun } from '../runs';
import { planHead, planItemView, planSchema } from '../views/plan';
import { operationKind, operationStatus, pageQuery, runIdSchema } from '../views/schemas';

const MAX_SEARCH = 255;
const query = z.strictObject({
  ...pageQuery,
  cursor: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(0)
    .meta({ description: 'nextCursor of the page before' }),
  kind: operationKind.optional(),
  status: operationStatus.optional(),
  q: z
    .string()
    .max(MAX_SEARCH)
    .optional()
    .meta({ description: 'The beginning of a username, or an external id, target key or group name' }),
});

/** The stored plan of a run: what it did, or would do. */
export function planRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'get',
      path: '/runs/{id}/plan',
      tag: 'runs',
      role: 'viewer',
      summary: 'Show the plan of a run, operation by operation',
      request: { params: z.object({ id: runIdSchema }), query },
      responses: {
        200: { description: 'A page of the plan; of an apply run, of the plan it applies', schema: planSchema },
      },
      handler: async ({ params: { id }, query: { limit, cursor, ...filter } }) => {
        const { run, plan } = await getPlannedRun(deps.store, id);
        const input = { runId: run.id, total: plan.total, filter, limit, from: cursor };
        const { items, next } = await planPage(deps.store.plans, input);
        const page = { items: items.map(planItemView), nextCursor: next === null ? null : String(next) };
        return { status: 200, body: { ...planHead(run, plan), ...page } };
      },
    }),
  ];
}
