import { z } from 'zod';
import { HANDOVER_KEYS } from '../../domain/handover';
import { runCommand } from '../commands';
import type { ApiDependencies } from '../dependencies';
import { checkHandover, handoverReport } from '../handover';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { accepted } from '../tasks';
import { handoverKeyList, handoverSchema, handoverSide } from '../views/handover';
import { acceptedSchema } from '../views/request';
import { nameId, runIdSchema } from '../views/schemas';
import { shardQuery } from './adoption';

/** Another connector takes over (rules 1.6): a plan that is looked at and approved like any other. */
export function handoverRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [planHandover(deps), showHandover(deps)];
}

function planHandover(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/connectors/{id}/handover',
    tag: 'migration',
    role: 'operator',
    summary: 'Plan how this connector takes over the links of another one; nothing in Jira is changed by it',
    request: {
      params: z.object({ id: nameId }),
      body: z.strictObject({ from: nameId, matchBy: handoverKeyList.default([...HANDOVER_KEYS]) }),
    },
    responses: { 202: { description: 'Asked for; runId is the run that has the plan', schema: acceptedSchema } },
    handler: async ({ params: { id }, body: { from, matchBy }, requestId, principal }) => {
      const done = await runCommand(deps, {
        requestId,
        kind: 'run',
        subject: id,
        input: { mode: 'handover', from, matchBy },
        principal,
        action: 'connector.handover',
        check: () => checkHandover(deps, id, { from, matchBy }),
        send: () => deps.gateway.requestSync(id, { requestId, mode: 'handover', trigger: 'api' }),
        runIdOf: (answer) => answer.runId,
      });
      return { status: 202, ...accepted(done) };
    },
  });
}

function showHandover(deps: ApiDependencies): Endpoint {
  return route({
    method: 'get',
    path: '/runs/{id}/handover',
    tag: 'migration',
    role: 'viewer',
    summary: 'Show what a hand-over moves, and who is left on which side',
    request: {
      params: z.object({ id: runIdSchema }),
      query: z.strictObject({ ...shardQuery, side: handoverSide.optional() }),
    },
    responses: { 200: { description: 'Counts and a page of those who are left', schema: handoverSchema } },
    handler: async ({ params: { id }, query }) => ({ status: 200, body: await handoverReport(deps.store, id, query) }),
  });
}
