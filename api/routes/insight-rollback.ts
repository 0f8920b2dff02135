import { z } from 'zod';
import { onlyPlans } from '../../domain/run';
import { runCommand } from '../commands';
import { getLiveConnector } from '../connector-access';
import type { ApiDependencies } from '../dependencies';
import { Problem } from '../http/problem';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { getRun } from '../runs';
import { accepted } from '../tasks';
import { acceptedSchema } from '../views/request';
import { runIdSchema } from '../views/schemas';

/** Taking a run back: a plan that is looked at and approved like any other. */
export function rollbackRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'post',
      path: '/runs/{id}/rollback',
      tag: 'insight',
      role: 'operator',
      summary: 'Plan the way back of what a run did; nothing is changed until that plan is approved',
      request: { params: z.object({ id: runIdSchema }) },
      responses: { 202: { description: 'Asked for; runId is the run that has the plan', schema: acceptedSchema } },
      handler: async ({ params: { id }, requestId, principal }) => {
        const { connectorId } = await getRun(deps.store, id);
        const done = await runCommand(deps, {
          requestId,
          kind: 'run',
          subject: connectorId,
          input: { mode: 'rollback', ofRunId: id },
          principal,
          action: 'run.rollback',
          check: () => refuseRollback(deps, id),
          send: () =>
            deps.gateway.requestSync(connectorId, { requestId, mode: 'rollback', trigger: 'api', ofRunId: id }),
          runIdOf: (answer) => answer.runId,
        });
        return { status: 202, ...accepted(done) };
      },
    }),
  ];
}

/** @throws Problem refused, connector-removed, not-found */
async function refuseRollback(deps: ApiDependencies, id: string): Promise<void> {
  const { connectorId, status, mode } = await getRun(deps.store, id);
  await getLiveConnector(deps.store, connectorId);
  if (status === 'running') throw new Problem('refused', 'The run is not over yet: cancel it, or wait for its end.');
  if (onlyPlans(mode)) {
    throw new Problem(
      'refused',
      'This run only made a plan. Take back the run of mode apply that followed its approval.'
    );
  }
}
