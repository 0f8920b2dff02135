import { z } from 'zod';
import { adoptionReport } from '../adoption';
import type { ApiDependencies } from '../dependencies';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { SHARD_CURSOR } from '../shard-pages';
import { adoptionKind, adoptionSchema } from '../views/adoption';
import { nameId, pageQuery } from '../views/schemas';

const MAX_SEARCH = 255;

/** Query of a list that the shards of a run noted. */
export const shardQuery = {
  ...pageQuery,
  cursor: z.string().regex(SHARD_CURSOR).optional().meta({ description: 'nextCursor of the page before' }),
  q: z.string().max(MAX_SEARCH).optional().meta({ description: 'The beginning of a username, or an external id' }),
};

/** What adopting the accounts that exist would mean (rules 1.2). */
export function adoptionRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'get',
      path: '/connectors/{id}/adoption',
      tag: 'migration',
      role: 'viewer',
      summary: 'Show what the people of the source find among the accounts of Jira, from what the last run has read',
      request: {
        params: z.object({ id: nameId }),
        query: z.strictObject({ ...shardQuery, kind: adoptionKind.optional() }),
      },
      responses: {
        200: { description: 'Counts and a page; it may hold fewer than asked for', schema: adoptionSchema },
      },
      handler: async ({ params: { id }, query }) => ({
        status: 200,
        body: await adoptionReport(deps.store, id, query),
      }),
    }),
  ];
}
