import { z } from 'zod';
import type { ApiDependencies } from '../dependencies';
import { runCommand } from '../commands';
import type { CommandOrder } from '../commands';
import { getConnector, getLiveConnector } from '../connector-access';
import { route } from '../http/route';
import type { Call, Endpoint } from '../http/route';
import { accepted, startTask } from '../tasks';
import { acceptedSchema } from '../views/request';
import { runSchema, runView } from '../views/run';
import { nameId, pageOf, pageQuery } from '../views/schemas';

const params = z.object({ id: nameId });
const tag = 'connectors';
const started = { 202: { description: 'Asked for', schema: acceptedSchema } } as const;

type IdCall = Call<z.output<typeof params>, unknown, unknown>;
const mode = z.enum(['sync', 'preview', 'drift'], { error: 'must be one of sync, preview, drift' });

function commandRoute(deps: ApiDependencies, name: 'pause' | 'resume', summary: string): Endpoint {
  return route({
    method: 'post',
    path: `/connectors/{id}/${name}`,
    tag,
    role: 'operator',
    summary,
    request: { params },
    responses: started,
    handler: async (call) => ({ status: 202, ...accepted(await runCommand(deps, switchOrder(deps, name, call))) }),
  });
}

function switchOrder(deps: ApiDependencies, name: 'pause' | 'resume', call: IdCall): CommandOrder<unknown> {
  const { requestId, principal } = call;
  const { id } = call.params;
  return {
    requestId,
    kind: name,
    subject: id,
    input: {},
    principal,
    action: `connector.${name}`,
    check: async () => {
      await getLiveConnector(deps.store, id);
    },
    send: () => deps.gateway[name](id, { requestId }),
    runIdOf: () => null,
  };
}

function requestRun(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/connectors/{id}/runs',
    tag,
    role: 'operator',
    summary: 'Ask for a run: sync, preview (a plan without any write), or drift (what was changed since, and where)',
    request: { params, body: z.strictObject({ mode }) },
    responses: started,
    handler: async ({ params: { id }, body, requestId, principal }) => {
      const done = await runCommand(deps, {
        requestId,
        kind: 'run',
        subject: id,
        input: { mode: body.mode },
        principal,
        action: 'run.request',
        check: async () => {
          await getLiveConnector(deps.store, id);
        },
        send: () => deps.gateway.requestSync(id, { requestId, mode: body.mode, trigger: 'api' }),
        runIdOf: (answer) => answer.runId,
      });
      return { status: 202, ...accepted(done) };
    },
  });
}

function testConnector(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/connectors/{id}/test',
    tag,
    role: 'operator',
    summary: 'Test the connection to the source of a connector',
    request: { params },
    responses: { 202: { description: 'Started; the request has the result', schema: acceptedSchema } },
    handler: async ({ params: { id }, requestId, principal }) => {
      await getLiveConnector(deps.store, id);
      const order = { requestId, kind: 'testConnector', subject: id, action: 'connector.test', principal } as const;
      return { status: 202, ...(await startTask(deps, order)) };
    },
  });
}

function listRuns(deps: ApiDependencies): Endpoint {
  return route({
    method: 'get',
    path: '/connectors/{id}/runs',
    tag,
    role: 'viewer',
    summary: 'List the runs of a connector, newest first',
    request: { params, query: z.strictObject(pageQuery) },
    responses: { 200: { description: 'Runs', schema: pageOf(runSchema) } },
    handler: async ({ params: { id }, query }) => {
      await getConnector(deps.store, id);
      const page = { connectorId: id, limit: query.limit, cursor: query.cursor ?? null };
      const { items, nextCursor } = await deps.store.runs.list(page);
      return { status: 200, body: { items: items.map(runView), nextCursor } };
    },
  });
}

/** What a connector is told to do, and the runs it made. */
export function connectorCommandRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [
    requestRun(deps),
    listRuns(deps),
    testConnector(deps),
    commandRoute(deps, 'pause', 'Stop the schedule; a run that is under way ends as usual'),
    commandRoute(deps, 'resume', 'Take the schedule up again'),
  ];
}
