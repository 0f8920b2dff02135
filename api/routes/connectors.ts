import { z } from 'zod';
import { maskSecrets } from '../../store/secrets';
import type { ApiDependencies } from '../dependencies';
import { acknowledgedBy } from '../acknowledge';
import { audit, runCommand } from '../commands';
import { createOnce, requireSameId, requireVersion } from '../configuration';
import {
  checkConnector,
  getConnector,
  getLiveConnector,
  loadConnector,
  refuseChangedIdentity,
  withVersion,
} from '../connector-access';
import type { StoredConnector } from '../connector-access';
import { brokenGolden, goldenQuery } from '../golden';
import { pageById } from '../http/paging';
import { Problem } from '../http/problem';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { versionTag } from '../http/validate';
import { tellWorkflow } from '../reconfigure';
import { fillMasked, writtenConfig } from '../secrets';
import { readStored } from '../stored-configuration';
import { accepted } from '../tasks';
import { connectorSchema, connectorView, savedConnectorSchema } from '../views/connector';
import { acceptedSchema } from '../views/request';
import { nameId, pageOf, pageQuery } from '../views/schemas';

const params = z.object({ id: nameId });
const tag = 'connectors';

async function saved(deps: ApiDependencies, id: string, warnings: readonly string[]) {
  const { record, version } = await loadConnector(deps.store, id);
  return {
    body: { ...connectorView(deps, record, version), warnings },
    headers: { ETag: versionTag(record.version) },
  };
}

/** Runs of a removed connector stay: one that takes its id again goes on with their numbers. */
async function goOnNumbering(deps: ApiDependencies, id: string): Promise<void> {
  const newest = (await deps.store.runs.list({ connectorId: id, limit: 1, cursor: null })).items[0];
  if (newest !== undefined) await deps.store.connectors.raiseLastRun(id, newest.n);
}

function createConnector(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/connectors',
    tag,
    role: 'admin',
    summary: 'Create a connector and start its schedule',
    request: { body: writtenConfig, query: goldenQuery, documentedBody: deps.configuration.schemas.connector },
    responses: { 201: { description: 'Created', schema: savedConnectorSchema } },
    handler: async ({ body, query, requestId, principal }) => {
      const { parsed, sealed } = await checkConnector(deps, body);
      const acceptedGolden = brokenGolden(parsed, query);
      const { id, target: targetId } = parsed;
      const order = { requestId, kind: 'createConnector', id, masked: maskSecrets(sealed) } as const;
      await createOnce(deps, order, async () => {
        const now = deps.clock().toISOString();
        const isNew = await deps.store.connectors.insert({ id, targetId, config: sealed, by: principal.name, now });
        if (!isNew) return false;
        await goOnNumbering(deps, id);
        await audit(deps, principal, {
          action: 'connector.create',
          subject: id,
          details: { version: 1, ...acceptedGolden },
        });
        return true;
      });
      const { version } = await getConnector(deps.store, id);
      return { status: 201, ...(await saved(deps, id, await tellWorkflow(deps, id, version))) };
    },
  });
}

function readConnectors(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'get',
      path: '/connectors',
      tag,
      role: 'viewer',
      summary: 'List the connectors',
      request: { query: z.strictObject(pageQuery) },
      responses: { 200: { description: 'Connectors by id', schema: pageOf(connectorSchema) } },
      handler: async ({ query }) => {
        const { items, nextCursor } = pageById(await deps.store.connectors.list(), query);
        const loaded = await Promise.all(items.map((record) => withVersion(deps.store, record).catch(skipRemoved)));
        const present = loaded.filter((item): item is StoredConnector => item !== null);
        const views = present.map(({ record, version }) => connectorView(deps, record, version));
        return { status: 200, body: { items: views, nextCursor } };
      },
    }),
    route({
      method: 'get',
      path: '/connectors/{id}',
      tag,
      role: 'viewer',
      summary: 'Show a connector with its configuration, state and next runs',
      request: { params },
      responses: { 200: { description: 'The connector, its version as ETag', schema: connectorSchema } },
      handler: async ({ params: { id } }) => {
        const { record, version } = await loadConnector(deps.store, id);
        const headers = { ETag: versionTag(record.version) };
        return { status: 200, body: connectorView(deps, record, version), headers };
      },
    }),
  ];
}

function skipRemoved(error: unknown): null {
  if (error instanceof Problem && error.kind === 'not-found') return null;
  throw error;
}

function changeConnector(deps: ApiDependencies): Endpoint {
  return route({
    method: 'put',
    path: '/connectors/{id}',
    tag,
    role: 'admin',
    summary: 'Save a new version of a connector; "(secret)" keeps a stored secret',
    conditional: true,
    acknowledges: true,
    request: { params, query: goldenQuery, body: writtenConfig, documentedBody: deps.configuration.schemas.connector },
    responses: { 200: { description: 'Saved', schema: savedConnectorSchema } },
    handler: async ({ params: { id }, query, body, ifMatch, acknowledge, principal }) => {
      await getLiveConnector(deps.store, id);
      const before = await loadConnector(deps.store, id);
      requireVersion(before.record.version, ifMatch);
      const written = fillMasked(body, before.version.config, deps.secretBox, { kind: 'connector', id });
      const { parsed, sealed } = await checkConnector(deps, written);
      requireSameId(id, parsed.id);
      const acceptedGolden = brokenGolden(parsed, query);
      const stored = readStored(deps, before.version);
      if (stored !== null) await refuseChangedIdentity(deps, stored, parsed);
      const acknowledgedScope = await acknowledgedBy(deps, { hash: acknowledge, before, stored, parsed });
      const change = { id, version: ifMatch, targetId: parsed.target, config: sealed, by: principal.name };
      const now = deps.clock().toISOString();
      const version = await deps.store.connectors.saveVersion({ ...change, now, acknowledgedScope });
      if (version === null)
        throw new Problem('precondition-failed', 'Somebody else saved it meanwhile; read it again.');
      const acknowledged = acknowledge === null ? {} : { acknowledged: acknowledge };
      const details = { version, ...acknowledged, ...acceptedGolden };
      await audit(deps, principal, { action: 'connector.change', subject: id, details });
      return { status: 200, ...(await saved(deps, id, await tellWorkflow(deps, id, version))) };
    },
  });
}

function removeConnector(deps: ApiDependencies): Endpoint {
  return route({
    method: 'delete',
    path: '/connectors/{id}',
    tag,
    role: 'admin',
    summary: 'Remove a connector; its links are released, its runs stay, no account changes',
    request: { params },
    responses: { 202: { description: 'Being removed', schema: acceptedSchema } },
    handler: async ({ params: { id }, requestId, principal }) => {
      const order = {
        requestId,
        kind: 'remove',
        subject: id,
        input: {},
        principal,
        action: 'connector.delete',
      } as const;
      const done = await runCommand(deps, {
        ...order,
        check: async () => {
          await getConnector(deps.store, id);
        },
        send: () => deps.gateway.remove(id, { requestId, whenConnectorIsDeleted: 'release' }),
        runIdOf: () => null,
      });
      return { status: 202, ...accepted(done) };
    },
  });
}

/** Connectors: their configuration. What they are told to do is in connector-commands.ts. */
export function connectorRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [createConnector(deps), ...readConnectors(deps), changeConnector(deps), removeConnector(deps)];
}
