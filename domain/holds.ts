import { onlyPlans } from './run';
import type { PlanSelection, RunMode, RunStatus } from './run';
import type { ApprovalSettings } from './settings';

/** The hold that is open when a run closes: the first run that was held and is not decided yet. */
export interface OpenHold {
  readonly runId: string;
  readonly heldHash: string;
  /** ISO time. */
  readonly firstHeldAt: string;
  readonly status: RunStatus;
  /** An approval was accepted and its apply run has not started: this hold cannot be superseded. Default false. */
  readonly approvalAccepted?: boolean;
}

/** What an approval looks at. Times are ISO strings. */
export interface ApprovableRun {
  readonly status: RunStatus;
  readonly planHash: string | null;
  readonly heldHash: string | null;
  readonly mode: RunMode;
  /** The connector only observes. */
  readonly observe: boolean;
  /** Null for a preview, which is not held. */
  readonly firstHeldAt: string | null;
  /** The latest planning with the same hash. */
  readonly lastPlannedAt: string;
}

export type ApprovalCheck = 'ok' | 'plan-changed' | 'plan-expired' | 'observe-only' | 'not-held';
export type HoldEnd = 'held' | 'approved' | 'rejected' | 'superseded' | 'expired';

const HOUR_MS = 3_600_000;

/**
 * What a run that planned anew does to the open hold (rules 4.6). `heldHash` null: this run holds nothing.
 * holdOf: the same hash is still held, by that first run · supersede: the run whose hold this plan replaces;
 * a plan that holds nothing replaces it too, or an approval could bring back what the state no longer asks for.
 * A hold whose approval was accepted during the run stays: its apply run starts right after.
 */
export function closeWithHold(input: { readonly heldHash: string | null; readonly openHold: OpenHold | null }): {
  readonly holdOf: string | null;
  readonly supersede: string | null;
} {
  const { heldHash, openHold } = input;
  if (openHold?.status !== 'held') return { holdOf: null, supersede: null };
  if (heldHash === openHold.heldHash) return { holdOf: openHold.runId, supersede: null };
  return { holdOf: null, supersede: openHold.approvalAccepted === true ? null : openHold.runId };
}

/** ISO time until which a plan may be approved: expiresAfter from the first hold, planMaxAge from the latest planning. */
export function approvableUntil(run: PlanTimes, approval: ApprovalSettings): string {
  return new Date(approvableUntilMs(run, approval)).toISOString();
}

type PlanTimes = Pick<ApprovableRun, 'firstHeldAt' | 'lastPlannedAt'>;

function approvableUntilMs(run: PlanTimes, approval: ApprovalSettings): number {
  const byAge = Date.parse(run.lastPlannedAt) + approval.planMaxAgeHours * HOUR_MS;
  return Math.min(byAge, holdEndsAtMs(run.firstHeldAt, approval) ?? byAge);
}

function holdEndsAtMs(firstHeldAt: string | null, approval: ApprovalSettings): number | null {
  return firstHeldAt === null ? null : Date.parse(firstHeldAt) + approval.expiresAfterHours * HOUR_MS;
}

/**
 * Whether a hold has run out and ends `expired` (rules 4.6): expiresAfter has passed since the first hold.
 * An old plan alone does not end a hold: the next planning with the same hash makes it approvable again.
 */
export function isExpired(input: {
  readonly firstHeldAt: string | null;
  readonly now: string;
  readonly approval: ApprovalSettings;
}): boolean {
  const endsAtMs = holdEndsAtMs(input.firstHeldAt, input.approval);
  return endsAtMs !== null && Date.parse(input.now) >= endsAtMs;
}

/**
 * Whether a plan may be approved now with this hash (rules 4.6): heldHash for a held run, planHash for a preview.
 * plan-changed: another hash, or a newer plan took its place · plan-expired: too long since the first hold or since
 * the latest planning · observe-only: the connector never writes · not-held: there is nothing to approve.
 */
export function checkApproval(input: {
  readonly run: ApprovableRun;
  readonly hash: string;
  /** ISO time. */
  readonly now: string;
  readonly approval: ApprovalSettings;
  /** The part that is approved. @default all of it */
  readonly only?: PlanSelection | null;
}): ApprovalCheck {
  const { run, hash, now, approval } = input;
  if (run.status === 'superseded') return 'plan-changed';
  if (run.status === 'expired') return 'plan-expired';
  if (run.status !== 'held' && run.status !== 'planned') return 'not-held';
  if (run.observe) return 'observe-only';
  // A comparison: its differences are decided one by one.
  if (run.mode === 'drift' && input.only?.seqs === undefined) return 'not-held';
  if (run.status === 'held' && approval.when === 'never') return 'not-held';
  const expected = run.status === 'held' ? run.heldHash : run.planHash;
  if (expected === null) return 'not-held';
  if (hash !== expected) return 'plan-changed';
  return Date.parse(now) < approvableUntilMs(run, approval) ? 'ok' : 'plan-expired';
}

/**
 * How the first run of a hold stands after what happened to it (rules 4.6); it ends in exactly one way.
 * `leftHeld`: its operations that are still held; after an approval of a part it stays `held` until there are none.
 * `anyApplied`: an apply run took at least one of them, whatever became of it. What is not approved stays undone.
 */
export function endOfHold(input: {
  readonly leftHeld: number;
  readonly anyApplied: boolean;
  /** Default `approval`. */
  readonly cause?: 'approval' | 'rejection' | 'newerPlan' | 'expiry';
}): HoldEnd {
  switch (input.cause ?? 'approval') {
    case 'approval':
      if (input.leftHeld > 0) return 'held';
      return input.anyApplied ? 'approved' : 'rejected';
    case 'rejection':
      return 'rejected';
    case 'newerPlan':
      return 'superseded';
    case 'expiry':
      return 'expired';
  }
}

export interface RunEnd {
  readonly mode: RunMode;
  /** The connector only observes: every run is a preview. */
  readonly observe: boolean;
  /** A person stopped the run. */
  readonly cancelled: boolean;
  /** Why nothing further could be done, or null. */
  readonly error: string | null;
  /** Operations that wait for approval. */
  readonly held: number;
  /** Why the whole plan is held; an unhealthy read holds a run even where its plan is empty. */
  readonly holdReasons: readonly string[];
  /** False with approval.when `never`: what exceeds is left out for good, so nothing waits. */
  readonly approvable: boolean;
  /** Users whose outcome is `failed`, and group operations that failed. */
  readonly failed: number;
  /** The source was read completely. */
  readonly complete: boolean;
}

/**
 * The status a run ends with; the first that fits of: cancelled, failed (nothing further could be done), planned
 * (a preview), held (anything waits for approval), partial (something failed or was left out, or the read was
 * incomplete), succeeded.
 */
export function statusOfRun(
  end: RunEnd
): Extract<RunStatus, 'succeeded' | 'partial' | 'held' | 'failed' | 'cancelled' | 'planned'> {
  if (end.cancelled) return 'cancelled';
  if (end.error !== null) return 'failed';
  if (end.observe || onlyPlans(end.mode)) return 'planned';
  const anyHeld = end.held > 0 || end.holdReasons.length > 0;
  if (anyHeld && end.approvable) return 'held';
  return anyHeld || end.failed > 0 || !end.complete ? 'partial' : 'succeeded';
}
