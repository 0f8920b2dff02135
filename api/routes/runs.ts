import { z } from 'zod';
import type { ApiDependencies } from '../dependencies';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { resultDocument, resultLines } from '../results';
import { getRun } from '../runs';
import { resultSchema, resultView } from '../views/result';
import { runSchema, runView } from '../views/run';
import { outcome, pageOf, pageQuery, runIdSchema } from '../views/schemas';

const params = z.object({ id: runIdSchema });
const tag = 'runs';
const MAX_SEARCH = 255;

function readRuns(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'get',
      path: '/runs',
      tag,
      role: 'viewer',
      summary: 'List the runs of all connectors, newest first',
      request: { query: z.strictObject(pageQuery) },
      responses: { 200: { description: 'Runs', schema: pageOf(runSchema) } },
      handler: async ({ query }) => {
        const { items, nextCursor } = await deps.store.runs.list({ limit: query.limit, cursor: query.cursor ?? null });
        return { status: 200, body: { items: items.map(runView), nextCursor } };
      },
    }),
    route({
      method: 'get',
      path: '/runs/{id}',
      tag,
      role: 'viewer',
      summary: 'Show a run',
      request: { params },
      responses: { 200: { description: 'The run', schema: runSchema } },
      handler: async ({ params: { id } }) => ({ status: 200, body: runView(await getRun(deps.store, id)) }),
    }),
  ];
}

function listResults(deps: ApiDependencies): Endpoint {
  return route({
    method: 'get',
    path: '/runs/{id}/results',
    tag,
    role: 'viewer',
    summary: 'List what a run did with each person',
    request: {
      params,
      query: z.strictObject({
        ...pageQuery,
        outcome: outcome.optional(),
        q: z
          .string()
          .max(MAX_SEARCH)
          .optional()
          .meta({ description: 'The beginning of a username, or an external id' }),
      }),
    },
    responses: { 200: { description: 'Results', schema: pageOf(resultSchema) } },
    handler: async ({ params: { id }, query }) => {
      await getRun(deps.store, id);
      const { items, nextCursor } = await deps.store.outcomes.list(id, {
        limit: query.limit,
        cursor: query.cursor ?? null,
        ...(query.outcome === undefined ? {} : { outcome: query.outcome }),
        ...(query.q === undefined ? {} : { q: query.q }),
      });
      return { status: 200, body: { items: items.map(resultView), nextCursor } };
    },
  });
}

const attachment = (id: string, ending: string): Readonly<Record<string, string>> => ({
  'Content-Disposition': `attachment; filename="${id}-results.${ending}"`,
});

function downloads(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'get',
      path: '/runs/{id}/results.json',
      tag,
      role: 'viewer',
      summary: 'Download a run and all its results as one JSON document',
      request: { params },
      responses: {
        200: {
          description: 'The document',
          stream: 'application/json',
          item: z.object({ run: runSchema, results: z.array(resultSchema) }),
        },
      },
      handler: async ({ params: { id } }) => {
        const run = await getRun(deps.store, id);
        return { status: 200, body: resultDocument(deps.store.outcomes, run), headers: attachment(id, 'json') };
      },
    }),
    route({
      method: 'get',
      path: '/runs/{id}/results.ndjson',
      tag,
      role: 'viewer',
      summary: 'Download all results of a run, one JSON object a line',
      request: { params },
      responses: { 200: { description: 'Lines', stream: 'application/x-ndjson', item: resultSchema } },
      handler: async ({ params: { id } }) => {
        await getRun(deps.store, id);
        return { status: 200, body: resultLines(deps.store.outcomes, id), headers: attachment(id, 'ndjson') };
      },
    }),
  ];
}

/** Runs and their results; what a person decides about a run is in decisions.ts. */
export function runRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [...readRuns(deps), listResults(deps), ...downloads(deps)];
}
