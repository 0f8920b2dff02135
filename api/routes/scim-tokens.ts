import { z } from 'zod';
import { scimSettingsOf } from '../../config/scim';
import { audit } from '../commands';
import { getLiveConnector } from '../connector-access';
import type { ApiDependencies } from '../dependencies';
import { Problem, notFound } from '../http/problem';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { digestOf, isExpired, newSecret } from '../scim/tokens';
import { currentConfiguration } from '../stored-configuration';
import { nameId } from '../views/schemas';
import { createdScimTokenSchema, scimTokenSchema, scimTokenView } from '../views/scim';

/** Two of a kind: a new one is put in place before the old one goes. */
const VALID_AT_ONCE = 2;
const MAX_DAYS = 3_650;
const DAY_MS = 24 * 3_600_000;
const tag = 'scim';

const bodySchema = z.strictObject({
  name: z.string().min(1).max(200).default('provider'),
  kind: z.enum(['bearer', 'client'], { error: 'must be one of bearer, client' }).default('bearer'),
  expiresInDays: z.int().min(1).max(MAX_DAYS).nullable().default(null).meta({ description: 'null: never' }),
});
const params = z.object({ id: nameId });

async function requireScim(deps: ApiDependencies, id: string): Promise<void> {
  const config = await currentConfiguration(deps, await getLiveConnector(deps.store, id));
  if (scimSettingsOf(config.source) !== null) return;
  throw new Problem('refused', `The connector ${JSON.stringify(id)} reads its source itself: nobody pushes to it.`);
}

function createToken(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/connectors/{id}/scim-tokens',
    tag,
    role: 'admin',
    summary: 'Make a token with which a provider pushes to a connector',
    request: { params, body: bodySchema },
    responses: { 201: { description: 'Made; the token is shown this once', schema: createdScimTokenSchema } },
    handler: async ({ params: { id }, body, principal }) => {
      await requireScim(deps, id);
      const now = deps.clock();
      const valid = (await deps.store.scim.tokens.list(id)).filter(
        (token) => token.kind === body.kind && !isExpired(token, now)
      );
      if (valid.length >= VALID_AT_ONCE) {
        throw new Problem('in-use', `Two ${body.kind} tokens are valid: delete the one that is not used any more.`);
      }
      const { name, kind, expiresInDays } = body;
      const expiresAt = expiresInDays === null ? null : new Date(now.getTime() + expiresInDays * DAY_MS).toISOString();
      const createdAt = now.toISOString();
      const token = { id: deps.newId(), connectorId: id, kind, name, createdAt, expiresAt, lastUsedAt: null };
      const secret = newSecret();
      await deps.store.scim.tokens.insert(token, digestOf(secret));
      await audit(deps, principal, { action: 'scim.token.create', subject: id, details: { token: token.id, kind } });
      return {
        status: 201,
        body: { ...scimTokenView(token, now), token: secret },
        headers: { 'Cache-Control': 'no-store' },
      };
    },
  });
}

/** The tokens with which identity providers push to a connector. */
export function scimTokenRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [
    createToken(deps),
    route({
      method: 'get',
      path: '/connectors/{id}/scim-tokens',
      tag,
      role: 'admin',
      summary: 'List the tokens of a connector, with their last use',
      request: { params },
      responses: { 200: { description: 'Tokens', schema: z.object({ items: z.array(scimTokenSchema).readonly() }) } },
      handler: async ({ params: { id } }) => {
        await requireScim(deps, id);
        const items = (await deps.store.scim.tokens.list(id)).map((token) => scimTokenView(token, deps.clock()));
        return { status: 200, body: { items } };
      },
    }),
    route({
      method: 'delete',
      path: '/connectors/{id}/scim-tokens/{tokenId}',
      tag,
      role: 'admin',
      summary: 'Delete a token; it opens nothing any more within five seconds',
      request: { params: params.extend({ tokenId: z.string().min(1).max(128) }) },
      responses: { 204: { description: 'Deleted', empty: true } },
      handler: async ({ params: { id, tokenId }, principal }) => {
        await getLiveConnector(deps.store, id);
        if (!(await deps.store.scim.tokens.remove(id, tokenId))) throw notFound('token', tokenId);
        await audit(deps, principal, { action: 'scim.token.delete', subject: id, details: { token: tokenId } });
        return { status: 204, body: undefined };
      },
    }),
  ];
}
