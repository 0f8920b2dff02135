import { z } from 'zod';
import { exceptionSchema } from '../../config/exceptions';
import { exceptionId, exceptionState } from '../../domain/gate-exceptions';
import type { GateException } from '../../domain/gate-exceptions';
import type { AttributeRecord } from '../../domain/model';
import { getConnector } from '../connector-access';
import type { ApiDependencies } from '../dependencies';
import { changeExceptions, withException, withoutException } from '../exceptions';
import { notFound } from '../http/problem';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { currentConfiguration } from '../stored-configuration';
import { gateKind, nameId, time } from '../views/schemas';

const tag = 'insight';
const params = z.object({ id: nameId });
/** Nobody sends more; a page of them is all of them. */
const exceptionView = z
  .object({
    id: z.string(),
    kind: gateKind,
    count: z.int().optional(),
    percent: z.number().optional(),
    from: time,
    to: time.meta({ description: 'The first moment after it' }),
    reason: z.string(),
    state: z.enum(['planned', 'active', 'over']),
  })
  .meta({ id: 'GateException', description: 'A planned day with a higher limit' });

/** Planned days: the limit of a kind is higher for a time and falls back by itself (rules 4.5). */
export function exceptionRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [listExceptions(deps), addException(deps), removeException(deps)];
}

const viewOf = (deps: ApiDependencies, exception: GateException): z.output<typeof exceptionView> => ({
  id: exceptionId(exception),
  ...exception,
  state: exceptionState(exception, deps.clock().toISOString()),
});

function listExceptions(deps: ApiDependencies): Endpoint {
  return route({
    method: 'get',
    path: '/connectors/{id}/exceptions',
    tag,
    role: 'viewer',
    summary: 'List the planned days on which limits are higher',
    request: { params },
    responses: {
      200: { description: 'All of them', schema: z.object({ items: z.array(exceptionView).readonly() }) },
    },
    handler: async ({ params: { id } }) => {
      const { safety } = await currentConfiguration(deps, await getConnector(deps.store, id));
      return { status: 200, body: { items: safety.exceptions.map((exception) => viewOf(deps, exception)) } };
    },
  });
}

function addException(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/connectors/{id}/exceptions',
    tag,
    role: 'admin',
    summary: 'Raise a limit for a planned day; saves a version of the connector',
    request: {
      params,
      // Kept as it is written: what is saved is what was sent.
      body: z.custom<AttributeRecord>().superRefine((value, context) => {
        for (const issue of exceptionSchema.safeParse(value).error?.issues ?? [])
          context.addIssue({ code: 'custom', path: [...issue.path], message: issue.message });
      }),
      documentedBody: exceptionView.omit({ id: true, state: true }),
    },
    responses: { 201: { description: 'Saved, or there already', schema: exceptionView } },
    handler: async ({ params: { id }, body, principal }) => {
      const exception = exceptionSchema.parse(body);
      const added = { written: body, id: exceptionId(exception) };
      const now = deps.clock().toISOString();
      await changeExceptions(deps, {
        connectorId: id,
        principal,
        action: 'exception.add',
        details: { id: added.id, ...exception },
        change: (written, parsed) => withException(written, parsed, added, now),
      });
      return { status: 201, body: viewOf(deps, exception) };
    },
  });
}

function removeException(deps: ApiDependencies): Endpoint {
  return route({
    method: 'delete',
    path: '/connectors/{id}/exceptions/{exceptionId}',
    tag,
    role: 'admin',
    summary: 'End a planned day before its time; saves a version of the connector',
    request: { params: params.extend({ exceptionId: z.string().regex(/^[0-9a-f]{16}$/) }) },
    responses: { 204: { description: 'Gone', empty: true } },
    handler: async ({ params: { id, exceptionId: gone }, principal }) => {
      await changeExceptions(deps, {
        connectorId: id,
        principal,
        action: 'exception.remove',
        details: { id: gone },
        change: (written, parsed) => {
          const rest = withoutException(written, parsed, gone);
          if (rest === null) throw notFound('exception', gone);
          return rest;
        },
      });
      return { status: 204, body: undefined };
    },
  });
}
