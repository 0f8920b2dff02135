import { checkApproval } from '../domain/holds';
import type { ApprovalCheck } from '../domain/holds';
import type { PlanSelection } from '../domain/run';
import type { ConnectorRecord, RunRecord } from '../store/records';
import { getConnector } from './connector-access';
import type { ApiDependencies } from './dependencies';
import { Problem } from './http/problem';
import { getRun } from './runs';
import { currentConfiguration } from './stored-configuration';

/** The run a decision is about: of a repeated hold the first one (rules 4.6). */
export async function decidedRun(deps: ApiDependencies, id: string): Promise<RunRecord> {
  const asked = await getRun(deps.store, id);
  return asked.holdOf === null ? asked : getRun(deps.store, asked.holdOf);
}

function planTimes(run: RunRecord, connector: ConnectorRecord) {
  const created = run.plan?.createdAt ?? run.startedAt;
  const hold = connector.openHold?.runId === run.id ? connector.openHold : null;
  const firstHeldAt = run.status === 'held' ? (hold?.firstHeldAt ?? created) : null;
  return { firstHeldAt, lastPlannedAt: hold?.lastPlannedAt ?? created };
}

function refusal(check: Exclude<ApprovalCheck, 'ok'>, run: RunRecord): Problem {
  switch (check) {
    case 'plan-changed':
      return new Problem('plan-changed', 'The hash is not the one of the plan that waits. Look at the plan again.');
    case 'plan-expired':
      return new Problem('plan-expired', 'The plan waited too long. Ask for a new run and decide about its plan.');
    case 'observe-only':
      return new Problem('observe-only', 'The connector has mode observe and never writes. Set mode apply first.');
    case 'not-held':
      return new Problem('not-waiting', `Nothing waits for approval: the run is ${run.status}.`);
  }
}

/**
 * Checks whether the plan of a run may be approved now (rules 4.6).
 * @throws Problem not-found, plan-changed, plan-expired, observe-only, not-waiting, connector-removed
 */
export async function requireApprovable(
  deps: ApiDependencies,
  run: RunRecord,
  approval: { readonly hash: string; readonly only: PlanSelection | null }
): Promise<void> {
  const connector = await getConnector(deps.store, run.connectorId);
  if (connector.deleting) throw new Problem('connector-removed', 'The connector is being removed.');
  const config = await currentConfiguration(deps, connector);
  const { status, planHash, heldHash, mode } = run;
  const check = checkApproval({
    run: { status, planHash, heldHash, mode, observe: config.mode === 'observe', ...planTimes(run, connector) },
    hash: approval.hash,
    only: approval.only,
    now: deps.clock().toISOString(),
    approval: config.approval,
  });
  if (check !== 'ok') throw refusal(check, run);
}
