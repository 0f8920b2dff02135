import { ulid } from 'ulid';
import { z } from 'zod';
import { audit } from '../commands';
import { getConnector, getLiveConnector } from '../connector-access';
import type { ApiDependencies } from '../dependencies';
import { notFound } from '../http/problem';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { changesSchema } from '../views/scim';
import type { ChangesView } from '../views/scim';
import { nameId } from '../views/schemas';

const COUNTED = 1_000;
const PARKED_SHOWN = 200;
const tag = 'scim';
const params = z.object({ id: nameId });

async function changesOf({ store, clock }: ApiDependencies, id: string): Promise<ChangesView> {
  const [waiting, parked] = await Promise.all([
    store.scim.pending.oldest(id, COUNTED, clock().getTime()),
    store.scim.pending.parked(id, PARKED_SHOWN),
  ]);
  const oldest = waiting[0];
  return {
    waiting: waiting.length,
    isCountedWhole: waiting.length < COUNTED,
    oldestAt: oldest === undefined ? null : new Date(oldest.acceptedAt).toISOString(),
    parked,
  };
}

/** What was pushed to a connector and has not reached the target yet. */
export function changeRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'get',
      path: '/connectors/{id}/changes',
      tag,
      role: 'viewer',
      summary: 'Show what was pushed and waits, and what was set aside',
      request: { params },
      responses: { 200: { description: 'The backlog', schema: changesSchema } },
      handler: async ({ params: { id } }) => {
        await getConnector(deps.store, id);
        return { status: 200, body: await changesOf(deps, id) };
      },
    }),
    route({
      method: 'post',
      path: '/connectors/{id}/changes/{changeId}/retry',
      tag,
      role: 'operator',
      summary: 'Try what was set aside once more',
      request: { params: params.extend({ changeId: z.string().min(1).max(512) }) },
      responses: { 202: { description: 'It waits to be carried again', schema: changesSchema } },
      handler: async ({ params: { id, changeId }, principal }) => {
        await getLiveConnector(deps.store, id);
        const isWaiting = await deps.store.scim.pending.retry(id, changeId, ulid(deps.clock().getTime()));
        if (!isWaiting) throw notFound('change set aside', changeId);
        await audit(deps, principal, { action: 'scim.change.retry', subject: id, details: { resource: changeId } });
        deps.notifier.changed(id);
        return { status: 202, body: await changesOf(deps, id) };
      },
    }),
  ];
}
