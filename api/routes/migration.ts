import { z } from 'zod';
import type { ApiDependencies } from '../dependencies';
import { notFound } from '../http/problem';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { migrationReport } from '../migration';
import { startTask } from '../tasks';
import { migrationFinding, migrationSchema } from '../views/migration';
import { acceptedSchema } from '../views/request';
import { nameId } from '../views/schemas';
import { shardQuery } from './adoption';

const path = '/targets/{id}/migration-report';
const params = z.object({ id: nameId });
const tag = 'migration';

/** What to know of the accounts of a Jira before they are brought under Rollcall (rules 6). */
export function migrationRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'post',
      path,
      tag,
      role: 'operator',
      summary: 'Read all accounts of a target for a migration report; reads only',
      request: { params },
      responses: {
        202: { description: 'Started; the report is there when the request is done', schema: acceptedSchema },
      },
      handler: async ({ params: { id }, requestId, principal }) => {
        if ((await deps.store.targets.get(id)) === null) throw notFound('target', id);
        const order = { requestId, kind: 'migrationReport', subject: id, action: 'target.report', principal } as const;
        return { status: 202, ...(await startTask(deps, order)) };
      },
    }),
    route({
      method: 'get',
      path,
      tag,
      role: 'viewer',
      summary: 'Show the latest migration report: where accounts lie, what they hide and lead',
      request: { params, query: z.strictObject({ ...shardQuery, finding: migrationFinding.optional() }) },
      responses: {
        200: { description: 'Counts and a page; it may hold fewer than asked for', schema: migrationSchema },
      },
      handler: async ({ params: { id }, query }) => ({
        status: 200,
        body: await migrationReport(deps.store, id, query),
      }),
    }),
  ];
}
