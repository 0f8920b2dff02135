import { z } from 'zod';
import { isDecidable } from '../../domain/drift';
import { waitsForApproval } from '../../domain/selection';
import type { OperationRecord, RunRecord } from '../../store/records';
import { requireApprovable } from '../approval';
import { audit, runCommand } from '../commands';
import type { ApiDependencies } from '../dependencies';
import { Problem, notFound } from '../http/problem';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { planPage } from '../plan-pages';
import { getPlannedRun, getRun } from '../runs';
import { accepted } from '../tasks';
import { driftItemSchema, driftItemView, driftSchema } from '../views/drift';
import { acceptedSchema } from '../views/request';
import { pageQuery, runIdSchema } from '../views/schemas';

const tag = 'insight';
const MAX_SEARCH = 255;
const one = z.object({
  id: runIdSchema,
  seq: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
});
const query = z.strictObject({
  ...pageQuery,
  cursor: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .default(1)
    .meta({ description: 'nextCursor of the page before' }),
  q: z
    .string()
    .max(MAX_SEARCH)
    .optional()
    .meta({ description: 'The beginning of a username, an external id or a group' }),
});

/** A comparison of what was last applied with Jira and the source, and what is decided about each difference. */
export function driftRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [listDrift(deps), revert(deps), accept(deps)];
}

function listDrift(deps: ApiDependencies): Endpoint {
  return route({
    method: 'get',
    path: '/runs/{id}/drift',
    tag,
    role: 'viewer',
    summary: 'List what a run of mode drift found: each difference, and where it comes from',
    request: { params: z.object({ id: runIdSchema }), query },
    responses: { 200: { description: 'Differences; a page may hold fewer than asked for', schema: driftSchema } },
    handler: async ({ params: { id }, query: { limit, cursor, q } }) => {
      requireDrift(await getRun(deps.store, id));
      const { run, plan } = await getPlannedRun(deps.store, id);
      const input = { runId: run.id, total: plan.total, filter: { q }, limit, from: cursor };
      const { items, next } = await planPage(deps.store.plans, input);
      const ids = [...new Set(items.flatMap(({ externalId }) => externalId ?? []))];
      const links = await deps.store.links.byExternalIds(run.connectorId, ids);
      const views = items.map((item) => driftItemView(item, links.get(item.externalId ?? '')?.lastApplied ?? null));
      const nextCursor = next === null ? null : String(next);
      return { status: 200, body: { runId: run.id, createdAt: plan.createdAt, items: views, nextCursor } };
    },
  });
}

/** @throws Problem refused */
function requireDrift({ mode }: RunRecord): void {
  if (mode !== 'drift') throw new Problem('refused', `The run is no comparison: its mode is ${mode}, not drift.`);
}

/** A difference that waits for a decision. @throws Problem not-found, refused, no-plan */
async function decidable(
  deps: ApiDependencies,
  id: string,
  seq: number
): Promise<{ readonly run: RunRecord; readonly operation: OperationRecord }> {
  requireDrift(await getRun(deps.store, id));
  const { run } = await getPlannedRun(deps.store, id);
  const operation = (await deps.store.plans.page(run.id, seq, seq))[0];
  if (operation === undefined) throw notFound('difference', String(seq));
  if (!isDecidable(operation.reasons)) {
    throw new Problem('refused', 'Only the source has changed: the next run carries it, there is nothing to decide.');
  }
  if (!waitsForApproval(operation.status, true)) {
    throw new Problem('not-waiting', `This difference is decided already: it is ${operation.status}.`);
  }
  return { run, operation };
}

function revert(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/runs/{id}/drift/{seq}/revert',
    tag,
    role: 'operator',
    summary: 'Give Jira back what the source says; a run of mode apply follows',
    request: { params: one },
    responses: { 202: { description: 'Asked for; runId is the run that does it', schema: acceptedSchema } },
    handler: async ({ params: { id, seq }, requestId, principal }) => {
      const { connectorId, planHash } = await getRun(deps.store, id);
      const chosen = { hash: planHash ?? '', only: { seqs: [seq] } };
      const done = await runCommand(deps, {
        requestId,
        kind: 'apply',
        subject: id,
        input: { hash: chosen.hash, only: { seqs: [seq] } },
        principal,
        action: 'drift.revert',
        check: async () => requireApprovable(deps, (await decidable(deps, id, seq)).run, chosen),
        prepare: (openedAt) => deps.store.runs.addApproval(id, { by: principal.name, at: openedAt, only: chosen.only }),
        send: () => deps.gateway.applyPlan(connectorId, { requestId, runId: id, ...chosen }),
        runIdOf: (answer) => answer.runId,
      });
      return { status: 202, ...accepted(done) };
    },
  });
}

function accept(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/runs/{id}/drift/{seq}/accept',
    tag,
    role: 'operator',
    summary: 'Leave a difference as it is; a membership added by hand is known as such from then on',
    request: { params: one },
    responses: { 200: { description: 'Accepted', schema: driftItemSchema } },
    handler: async ({ params: { id, seq }, principal }) => {
      const { run, operation } = await decidable(deps, id, seq);
      await audit(deps, principal, { action: 'drift.accept', subject: id, details: { seq } });
      await noteByHand(deps, run, operation);
      await deps.store.plans.setStatus([operation.id], ['planned', 'held'], 'cancelled');
      return { status: 200, body: driftItemView({ ...operation, status: 'cancelled' }, null) };
    },
  });
}

/** From now on the ledger knows that the membership is not ours (rules 2.6). */
async function noteByHand(deps: ApiDependencies, run: RunRecord, operation: OperationRecord): Promise<void> {
  const { kind, externalId, before } = operation;
  const group = before?.['group'];
  if (kind !== 'removeMembership' || externalId === null || typeof group !== 'string') return;
  const { connectorId } = run;
  await deps.store.memberships.put([{ connectorId, externalId, group, addedBy: 'foreign' }]);
}
