import { checkApproval } from '../domain/holds';
import type { QueuedRun } from '../domain/run-queue';
import type { ConnectorRecord, RunRecord } from '../store/records';
import type { ActivityDeps } from './deps';
import { expireHold, takeUpApproval } from './holdKeeping';
import { refuseHandover, refuseUnpaused, storedOrder } from './handover/order';
import type { RunContexts } from './runContext';

export interface OpenRunInput {
  readonly connectorId: string;
  readonly run: QueuedRun;
}
export interface OpenedRun {
  /** Why the run cannot go on, or null. */
  readonly refused: string | null;
  /** The run whose plan is applied. */
  readonly planRunId: string;
  /** A few people come first (safety.canary). */
  readonly canary?: true;
}

/** Opens a run: writes its record, lets an overdue hold expire, and checks an approval against the stored plan again. */
export function openRunActivities(deps: ActivityDeps, contexts: RunContexts) {
  const { store } = deps;
  return {
    async openRun({ connectorId, run }: OpenRunInput): Promise<OpenedRun> {
      const connector = await store.connectors.get(connectorId);
      if (connector === null) return { refused: `connector ${connectorId} does not exist`, planRunId: run.runId };
      const opened = await openRecord(deps, connector, run);
      const settings = await contexts.settings(connectorId, connector.version);
      await expireHold(deps, connector, settings.approval);
      if (run.mode === 'handover') {
        return { refused: await refuseHandover(deps, opened), planRunId: run.runId };
      }
      if (run.mode !== 'apply') return { refused: null, planRunId: run.runId };
      const approved = { run, opened, observe: settings.mode === 'observe', approval: settings.approval };
      const open = await openApproved(deps, approved);
      return { ...open, ...(settings.safety.canary.users > 0 && { canary: true }) };
    },
  };
}

async function openRecord(deps: ActivityDeps, connector: ConnectorRecord, run: QueuedRun): Promise<RunRecord> {
  await deps.store.connectors.raiseLastRun(connector.id, run.n);
  return deps.store.runs.open({
    id: run.runId,
    connectorId: connector.id,
    targetId: connector.targetId,
    n: run.n,
    mode: run.mode,
    trigger: run.trigger,
    requestId: run.requestId,
    configVersion: connector.version,
    startedAt: deps.now().toISOString(),
    missedTicks: run.missedTicks,
    planRunId: run.planRunId,
    selection: run.selection,
    ...(run.ofRunId !== undefined && { ofRunId: run.ofRunId }),
    ...(run.mode === 'handover' && { handover: await storedOrder(deps, run.requestId) }),
  });
}

interface Approved {
  readonly run: QueuedRun;
  readonly opened: RunRecord;
  readonly observe: boolean;
  readonly approval: Parameters<typeof checkApproval>[0]['approval'];
}

async function openApproved(deps: ActivityDeps, { run, opened, observe, approval }: Approved): Promise<OpenedRun> {
  const named = await deps.store.runs.get(run.planRunId ?? '');
  const planRunId = named?.holdOf ?? run.planRunId ?? '';
  const plan = planRunId === named?.id ? named : await deps.store.runs.get(planRunId);
  if (named !== plan && run.selection?.seqs !== undefined) {
    return {
      refused: `choose operations by their number in the plan of ${planRunId}, the first run of this hold`,
      planRunId,
    };
  }
  if (planRunId !== run.planRunId) await deps.store.runs.patch(run.runId, { planRunId });
  if (!plan?.plan) return { refused: `run ${planRunId} has no stored plan`, planRunId };
  await takeUpApproval(deps, plan, run.runId);
  const unpaused = await refuseUnpaused(deps, plan);
  if (unpaused !== null) return { refused: unpaused, planRunId };
  const connector = await deps.store.connectors.get(plan.connectorId);
  const hold = connector?.openHold?.runId === planRunId ? connector.openHold : null;
  const verdict = checkApproval({
    run: {
      status: plan.status,
      planHash: plan.planHash,
      heldHash: plan.heldHash,
      mode: plan.mode,
      observe,
      firstHeldAt: hold?.firstHeldAt ?? plan.plan.createdAt,
      lastPlannedAt: hold?.lastPlannedAt ?? plan.plan.createdAt,
    },
    hash: run.planHash ?? '',
    only: run.selection,
    now: opened.startedAt,
    approval,
  });
  if (verdict !== 'ok') return { refused: `the plan of ${planRunId} cannot be applied: ${verdict}`, planRunId };
  return { refused: null, planRunId };
}
