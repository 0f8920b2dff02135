import { z } from 'zod';
import type { PlanSelection } from '../../domain/run';
import type { RunRecord } from '../../store/records';
import { decidedRun, requireApprovable } from '../approval';
import { audit, runCommand } from '../commands';
import type { ApiDependencies } from '../dependencies';
import { pauseFormer } from '../handover';
import { Problem, notFound } from '../http/problem';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { connectorOfWaitingRun, getRun } from '../runs';
import { accepted } from '../tasks';
import { acceptedSchema } from '../views/request';
import { runSchema, runView } from '../views/run';
import { runIdSchema, selection } from '../views/schemas';

const params = z.object({ id: runIdSchema });
const tag = 'runs';
const HASH_PATTERN = /^[0-9a-f]{64}$/;

const approvalBody = z.strictObject({
  hash: z.string().regex(HASH_PATTERN, { error: 'must be the heldHash of the run (planHash for a preview)' }),
  only: selection.optional(),
});

function plain({ kinds, seqs }: z.output<typeof selection>): PlanSelection {
  return { ...(kinds && { kinds }), ...(seqs && { seqs }) };
}

function approve(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/runs/{id}/approve',
    tag,
    role: 'operator',
    summary: 'Approve what a run holds, or the plan of a preview; a run of mode apply follows',
    request: { params, body: approvalBody },
    responses: { 202: { description: 'Approved; runId is the run that applies it', schema: acceptedSchema } },
    handler: async ({ params: { id }, body, requestId, principal }) => {
      const run = await decidedRun(deps, id);
      const only = body.only === undefined ? null : plain(body.only);
      const chosen = { hash: body.hash, only };
      const done = await runCommand(deps, {
        requestId,
        kind: 'apply',
        subject: run.id,
        input: { hash: body.hash, only: only === null ? null : { ...only } },
        principal,
        action: 'plan.approve',
        check: () => requireApprovable(deps, run, chosen),
        prepare: async (openedAt) => {
          await pauseFormer(deps, run, requestId);
          await deps.store.runs.addApproval(run.id, { by: principal.name, at: openedAt, only });
        },
        send: () => deps.gateway.applyPlan(run.connectorId, { requestId, runId: run.id, ...chosen }),
        runIdOf: (answer) => answer.runId,
      });
      return { status: 202, ...accepted(done) };
    },
  });
}

/** Compare-and-set first, then the open hold: a crash in between is made good by repeating. */
async function rejectRun(deps: ApiDependencies, run: RunRecord): Promise<boolean> {
  const isMoved = await deps.store.runs.move(run.id, ['held', 'planned'], { status: 'rejected' });
  const now = isMoved ? 'rejected' : (await getRun(deps.store, run.id)).status;
  if (now !== 'rejected') {
    throw new Problem('not-waiting', `Nothing waits for a decision: the run is ${now}.`);
  }
  await deps.store.connectors.replaceHold(run.connectorId, run.id, null);
  return isMoved;
}

function reject(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/runs/{id}/reject',
    tag,
    role: 'operator',
    summary: 'Reject what a run holds; nothing of it is applied any more',
    request: { params },
    responses: { 200: { description: 'Rejected', schema: runSchema } },
    handler: async ({ params: { id }, principal }) => {
      const run = await decidedRun(deps, id);
      const isNew = await rejectRun(deps, run);
      if (isNew) await audit(deps, principal, { action: 'plan.reject', subject: run.id, details: {} });
      return { status: 200, body: runView(await getRun(deps.store, run.id)) };
    },
  });
}

/** Also of a run that waits for its turn and is not stored yet. @throws Problem not-found */
async function connectorOf(deps: ApiDependencies, id: string): Promise<string> {
  const run = await deps.store.runs.get(id);
  const connectorId = run?.connectorId ?? (await connectorOfWaitingRun(deps.store, id));
  if (connectorId === null) throw notFound('run', id);
  return connectorId;
}

/** @throws Problem not-found, not-running */
async function refuseEnded(deps: ApiDependencies, id: string): Promise<void> {
  await connectorOf(deps, id);
  const run = await deps.store.runs.get(id);
  if (run !== null && run.status !== 'running') {
    throw new Problem('not-running', `The run has ended: it is ${run.status}.`);
  }
}

function cancel(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/runs/{id}/cancel',
    tag,
    role: 'operator',
    summary: 'Stop a run; what it has done stays done and is counted truly',
    request: { params },
    responses: { 202: { description: 'Asked to stop', schema: acceptedSchema } },
    handler: async ({ params: { id }, requestId, principal }) => {
      const done = await runCommand(deps, {
        requestId,
        kind: 'cancel',
        subject: id,
        input: {},
        principal,
        action: 'run.cancel',
        check: () => refuseEnded(deps, id),
        send: async () => deps.gateway.cancelRun(await connectorOf(deps, id), { requestId, runId: id }),
        runIdOf: () => id,
      });
      return { status: 202, ...accepted(done) };
    },
  });
}

/** What a person decides about a run. */
export function decisionRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [approve(deps), reject(deps), cancel(deps)];
}
