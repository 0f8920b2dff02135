import { z } from 'zod';
import { migrationReportId } from '../../domain/ids';
import type { AttributeRecord } from '../../domain/model';
import type { TargetRecord } from '../../store/records';
import { maskSecrets } from '../../store/secrets';
import { audit } from '../commands';
import { createOnce, requireSameId, requireVersion } from '../configuration';
import type { ApiDependencies } from '../dependencies';
import { pageById } from '../http/paging';
import { Problem, notFound } from '../http/problem';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { versionTag } from '../http/validate';
import { fillMasked, sealConfig, writtenConfig } from '../secrets';
import { startTask } from '../tasks';
import { acceptedSchema } from '../views/request';
import { nameId, pageOf, pageQuery } from '../views/schemas';
import { targetSchema, targetView } from '../views/target';

const params = z.object({ id: nameId });
const tag = 'targets';

async function getTarget(deps: ApiDependencies, id: string): Promise<TargetRecord> {
  const record = await deps.store.targets.get(id);
  if (record === null) throw notFound('target', id);
  return record;
}

function show(record: TargetRecord) {
  return { body: targetView(record), headers: { ETag: versionTag(record.version) } };
}

/** @throws ConfigurationError */
function seal(deps: ApiDependencies, written: AttributeRecord) {
  const { id } = deps.configuration.parseTarget(written);
  const owner = { kind: 'target', id } as const;
  return { id, config: sealConfig(written, deps.configuration.targetSecrets, deps.secretBox, owner) };
}

function createTarget(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/targets',
    tag,
    role: 'admin',
    summary: 'Create a target',
    request: { body: writtenConfig, documentedBody: deps.configuration.schemas.target },
    responses: { 201: { description: 'Created', schema: targetSchema } },
    handler: async ({ body, requestId, principal }) => {
      const { id, config } = seal(deps, body);
      const order = { requestId, kind: 'createTarget', id, masked: maskSecrets(config) } as const;
      await createOnce(deps, order, async () => {
        const isNew = await deps.store.targets.insert({ id, config, now: deps.clock().toISOString() });
        if (isNew) await audit(deps, principal, { action: 'target.create', subject: id, details: {} });
        return isNew;
      });
      return { status: 201, ...show(await getTarget(deps, id)) };
    },
  });
}

function readTargets(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'get',
      path: '/targets',
      tag,
      role: 'viewer',
      summary: 'List the targets',
      request: { query: z.strictObject(pageQuery) },
      responses: { 200: { description: 'Targets by id', schema: pageOf(targetSchema) } },
      handler: async ({ query }) => {
        const { items, nextCursor } = pageById(await deps.store.targets.list(), query);
        return { status: 200, body: { items: items.map(targetView), nextCursor } };
      },
    }),
    route({
      method: 'get',
      path: '/targets/{id}',
      tag,
      role: 'viewer',
      summary: 'Show a target',
      request: { params },
      responses: { 200: { description: 'The target, its version as ETag', schema: targetSchema } },
      handler: async ({ params: { id } }) => ({ status: 200, ...show(await getTarget(deps, id)) }),
    }),
  ];
}

function changeTarget(deps: ApiDependencies): Endpoint {
  return route({
    method: 'put',
    path: '/targets/{id}',
    tag,
    role: 'admin',
    summary: 'Change a target; "(secret)" keeps a stored secret',
    conditional: true,
    request: { params, body: writtenConfig, documentedBody: deps.configuration.schemas.target },
    responses: { 200: { description: 'Changed', schema: targetSchema } },
    handler: async ({ params: { id }, body, ifMatch, principal }) => {
      const record = await getTarget(deps, id);
      requireVersion(record.version, ifMatch);
      const owner = { kind: 'target', id } as const;
      const sealed = seal(deps, fillMasked(body, record.config, deps.secretBox, owner));
      requireSameId(id, sealed.id);
      const now = deps.clock().toISOString();
      const isDone = await deps.store.targets.replace(id, record.version, sealed.config, now);
      if (!isDone) requireVersion((await getTarget(deps, id)).version, ifMatch);
      await audit(deps, principal, { action: 'target.change', subject: id, details: { version: record.version + 1 } });
      return { status: 200, ...show(await getTarget(deps, id)) };
    },
  });
}

/** Records a step deletes. */
const REPORT_PURGED = 1_000;

function removeTarget(deps: ApiDependencies): Endpoint {
  return route({
    method: 'delete',
    path: '/targets/{id}',
    tag,
    role: 'admin',
    summary: 'Delete a target that no connector uses',
    request: { params },
    responses: { 204: { description: 'Deleted', empty: true } },
    handler: async ({ params: { id }, principal }) => {
      await getTarget(deps, id);
      const users = (await deps.store.connectors.list()).filter(({ targetId }) => targetId === id);
      if (users.length > 0) {
        const names = users.map((connector) => connector.id).join(', ');
        throw new Problem('in-use', `Connectors still write to this target: ${names}. Delete them first.`);
      }
      await deps.store.targets.remove(id);
      await forgetReport(deps.store, id);
      await audit(deps, principal, { action: 'target.delete', subject: id, details: {} });
      return { status: 204, body: undefined };
    },
  });
}

function testTarget(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/targets/{id}/test',
    tag,
    role: 'operator',
    summary: 'Test the connection to a target',
    request: { params },
    responses: { 202: { description: 'Started; the request has the result', schema: acceptedSchema } },
    handler: async ({ params: { id }, requestId, principal }) => {
      await getTarget(deps, id);
      const order = { requestId, kind: 'testTarget', subject: id, action: 'target.test', principal } as const;
      return { status: 202, ...(await startTask(deps, order)) };
    },
  });
}

/** What the migration report of a target kept of its accounts goes with it. */
async function forgetReport({ snapshots }: ApiDependencies['store'], id: string): Promise<void> {
  let left = REPORT_PURGED;
  while (left > 0) left = await snapshots.purge(migrationReportId(id), REPORT_PURGED);
}

/** Targets: the Jira instances that connectors write to. */
export function targetRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [createTarget(deps), ...readTargets(deps), changeTarget(deps), removeTarget(deps), testTarget(deps)];
}
