import { closeWithHold, isExpired } from '../domain/holds';
import type { ApprovalSettings } from '../domain/settings';
import type { ConnectorRecord, OpenHold, RunRecord } from '../store/records';
import type { ActivityDeps } from './deps';
import type { RunContext } from './runContext';

/** Ends a hold that nobody decided in time (rules 4.6). */
export async function expireHold(
  deps: ActivityDeps,
  connector: ConnectorRecord,
  approval: ApprovalSettings
): Promise<void> {
  const hold = connector.openHold;
  if (hold === null || !isExpired({ firstHeldAt: hold.firstHeldAt, now: deps.now().toISOString(), approval })) return;
  await deps.store.runs.move(hold.runId, ['held'], { status: 'expired' });
  await deps.store.connectors.replaceHold(connector.id, hold.runId, null);
}

/**
 * Brings the connector's open hold up to date with what this run holds: the same hash repeats the first hold, another
 * one supersedes it (rules 4.6). @returns the first run of a repeated hold, or null.
 */
export async function keepHold(deps: ActivityDeps, { run, connector }: RunContext): Promise<string | null> {
  const open = connector.openHold;
  const first = open === null ? null : await deps.store.runs.get(open.runId);
  const decision = closeWithHold({
    heldHash: run.heldHash,
    openHold: open === null || first === null ? null : asOpen(open, first),
  });
  if (decision.holdOf !== null && open !== null) {
    await deps.store.connectors.replaceHold(connector.id, open.runId, { ...open, lastPlannedAt: run.startedAt });
    return decision.holdOf;
  }
  const waitsForApproval = open !== null && first?.status === 'held' && decision.supersede === null;
  if (waitsForApproval) return null;
  if (decision.supersede !== null) {
    await deps.store.runs.move(decision.supersede, ['held'], { status: 'superseded', supersededBy: run.id });
  }
  await deps.store.connectors.replaceHold(connector.id, open?.runId ?? null, newHold(run));
  return null;
}

function asOpen(hold: OpenHold, first: RunRecord): NonNullable<Parameters<typeof closeWithHold>[0]['openHold']> {
  return {
    ...hold,
    status: first.status,
    approvalAccepted: first.approvals.length > (first.approvalRuns?.length ?? 0),
  };
}

function newHold({ id, heldHash, startedAt }: RunRecord): OpenHold | null {
  return heldHash === null ? null : { runId: id, heldHash, firstHeldAt: startedAt, lastPlannedAt: startedAt };
}

/** Notes which run took an approval up, by id: an approval that nobody took up yet keeps its hold from being superseded. */
export async function takeUpApproval(deps: ActivityDeps, plan: RunRecord, runId: string): Promise<void> {
  const approvalRuns = [...new Set([...(plan.approvalRuns ?? []), runId])];
  await deps.store.runs.patch(plan.id, { approvalRuns });
}
