import { z } from 'zod';
import { getConnector } from '../connector-access';
import type { ApiDependencies } from '../dependencies';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { accepted, askTask } from '../tasks';
import { explanationSchema, explanationView } from '../views/explanation';
import type { ExplainedAnswer } from '../views/explanation';
import { acceptedSchema } from '../views/request';
import { nameId, runIdSchema } from '../views/schemas';

const MAX_IDENTIFIER = 512;
/** An answer holds personal data: it is kept for as long as somebody waits for it. */
const KEPT_MS = 3_600_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const query = z.strictObject({
  run: runIdSchema.optional().meta({ description: 'What this run made of the person, from what it has stored' }),
  at: z
    .union([z.iso.date(), z.iso.datetime()], { error: 'must be a day (2026-05-03) or a time in UTC' })
    .optional()
    .meta({ description: 'The last run until the end of this day, or until this time, that did something' }),
});

/** Why Rollcall does, or did, what it does with one person. */
export function explainRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'get',
      path: '/connectors/{id}/users/{identifier}/explain',
      tag: 'insight',
      role: 'operator',
      summary: 'Explain one person: now, read live without any write, or at a run that is over',
      request: {
        params: z.object({
          id: nameId,
          identifier: z.string().min(1).max(MAX_IDENTIFIER).meta({
            description: 'External id, username or e-mail address',
          }),
        }),
        query: query.refine(({ run, at }) => run === undefined || at === undefined, {
          error: 'give run or at, not both',
        }),
      },
      responses: {
        200: { description: 'From the source to the operations', schema: explanationSchema },
        202: { description: 'Under way for longer than a caller can wait', schema: acceptedSchema },
      },
      handler: async ({ params: { id, identifier }, query: { run, at }, requestId, principal }) => {
        await getConnector(deps.store, id);
        const request = await askTask(deps, {
          requestId,
          kind: 'explain',
          subject: id,
          input: { identifier, run: run ?? null, at: at === undefined ? null : endOf(at) },
          keptForMs: KEPT_MS,
          interactive: true,
          // Who read it is audited; whom it was about stands in the request, which expires.
          action: 'user.explain',
          principal,
        });
        if (request.status === 'waiting') return { status: 202, ...accepted({ requestId, runId: null }) };
        return { status: 200, body: explanationView(requestId, request.result as unknown as ExplainedAnswer) };
      },
    }),
  ];
}

const endOf = (at: string): string => (DAY.test(at) ? `${at}T23:59:59.999Z` : at);
