import { z } from 'zod';
import { PERSON_REQUEST_KEPT_MS } from '../../domain/ids';
import { nameKey } from '../../domain/names';
import type { RequestRecord } from '../../store/records';
import { runCommand, storedRefusal } from '../commands';
import { getLiveConnector } from '../connector-access';
import type { ApiDependencies } from '../dependencies';
import { Problem, notFound } from '../http/problem';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { accepted } from '../tasks';
import { acceptedSchema } from '../views/request';
import { resultSchema } from '../views/result';
import type { ResultView } from '../views/result';
import { nameId, requestIdSchema } from '../views/schemas';

const MAX_IDENTIFIER = 512;
const MAX_ATTRIBUTES = 200;
const MAX_VALUE = 4_000;
const MAX_VALUES = 500;

const text = z.string().max(MAX_VALUE);
const attributeValue = z.union([text, z.number(), z.boolean(), z.null(), z.array(text).max(MAX_VALUES).readonly()], {
  error: 'must be a text, a number, true, false, null or a list of texts',
});
const attributes = z
  .record(z.string().min(1).max(MAX_IDENTIFIER), attributeValue)
  .refine((given) => Object.keys(given).length <= MAX_ATTRIBUTES, {
    error: `must not have more than ${MAX_ATTRIBUTES}`,
  })
  .meta({ description: 'What a log-in says of the person, by source attribute; login.attributes decides what counts' });

const bodySchema = z.strictObject({
  attributes: attributes.default({}),
  trigger: z
    .enum(['login', 'api'], { error: 'must be one of login, api' })
    .default('login')
    .meta({ description: 'login: the settings `login` of the connector apply; api: what a run would do' }),
  mode: z.enum(['sync', 'preview'], { error: 'must be one of sync, preview' }).default('sync'),
});

const params = z.object({
  id: nameId,
  identifier: z.string().min(1).max(MAX_IDENTIFIER).meta({ description: 'External id, username or e-mail address' }),
});

export const userSyncedSchema = z
  .object({ requestId: requestIdSchema, runId: z.string().nullable(), result: resultSchema })
  .meta({ id: 'UserSynced', description: 'runId is the run of the day; null for a preview' });

/** The sync of one person: at a log-in, or because somebody asks for it. */
export function peopleRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'post',
      path: '/connectors/{id}/users/{identifier}/sync',
      tag: 'connectors',
      role: 'operator',
      summary: 'Sync one person now: read, plan, gate, apply',
      request: { params, body: bodySchema },
      responses: {
        200: { description: 'Done; what was done with the person', schema: userSyncedSchema },
        202: { description: 'Under way for longer than a caller can wait', schema: acceptedSchema },
      },
      handler: async ({ params: { id, identifier }, body, requestId, principal }) => {
        const done = await runCommand(deps, {
          requestId,
          kind: 'syncUser',
          subject: id,
          input: { identifier, ...body },
          keptForMs: PERSON_REQUEST_KEPT_MS,
          principal,
          action: body.trigger === 'api' ? 'user.sync' : null,
          // Who it was about stands in the request, which expires; the audit log is for ever.
          told: { trigger: body.trigger, mode: body.mode },
          check: () => refusePaused(deps, id),
          send: () => deps.gateway.syncUser(id, deps.secretBox.digest(`${id} ${nameKey(identifier)}`), { requestId }),
          answeredByWorker: true,
          runIdOf: () => null,
        });
        return answerOf(await deps.store.requests.get(done.requestId), done.requestId);
      },
    }),
  ];
}

async function refusePaused(deps: ApiDependencies, id: string): Promise<void> {
  const { paused } = await getLiveConnector(deps.store, id);
  if (paused) throw new Problem('connector-paused', `The connector ${JSON.stringify(id)} is paused; resume it first.`);
}

function answerOf(request: RequestRecord | null, requestId: string) {
  if (request === null) throw notFound('request', requestId);
  const { status, runId, result } = request;
  switch (status) {
    case 'done':
      return { status: 200, body: { requestId, runId, result: result as unknown as ResultView } } as const;
    case 'failed':
      throw storedRefusal(request);
    case 'waiting':
      return { status: 202, ...accepted({ requestId, runId: null }) } as const;
  }
}
