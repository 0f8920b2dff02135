import type { PlanContext, UserFacts } from './facts';
import { causeOf, causeTimes, sinceOf, stepFor } from './lifecycle';
import type { Cause, CauseTimes } from './lifecycle';
import type { Link } from './model';
import type { FinalAction, LifecycleStep } from './settings';

const DAY_MS = 86_400_000;
/** What cannot be undone is done to accounts only that have been inactive for so long. */
export const COOLING_OFF_DAYS = 7;

/** What becomes of a leaver at this moment: the actions in their order; none while nothing is due. */
export interface DueSteps {
  /** Whether the grace of the first action is over. */
  readonly isDue: boolean;
  readonly first: 'deactivate' | 'keep' | 'removeGroups';
  /** A further action whose time has come, beside the first. */
  readonly final: FinalAction | null;
}
type Known = Pick<UserFacts, 'account' | 'link'>;

/** True for an action after which nobody can bring the person back. */
export const isIrreversible = (action: LifecycleStep['action'] | FinalAction): boolean =>
  action === 'anonymize' || action === 'delete';

/**
 * The steps that are due for a cause (rules 3.1, 3.7): `action` when the grace is over, `then` so many days after the
 * account was deactivated, or after the grace where it was not. Pseudonymize as `action` deactivates in the same moment;
 * what cannot be undone deactivates first, and goes on after the cooling-off.
 */
export function dueSteps(cause: Cause, times: CauseTimes, facts: Known, ctx: PlanContext): DueSteps {
  const step = stepFor(cause, ctx);
  const now = Date.parse(ctx.now);
  const due = firstDue(cause, times, step);
  if (due === null || now < due) return { isDue: false, first: firstOf(step), final: null };
  const second = secondOf(step);
  if (second === null || now < secondDue(due, step, second, facts.link)) {
    return { isDue: true, first: firstOf(step), final: null };
  }
  // An account that was kept so far is deactivated before anything is done to its name.
  const first = second.action === 'removeGroups' ? firstOf(step) : 'deactivate';
  return { isDue: true, first, final: mayEnd(second, facts, now) ? second.action : null };
}

/** True when an active account is to be deactivated now for a cause of its person: what stands in the way has to be known. */
export function leavesNow(facts: UserFacts, ctx: PlanContext): boolean {
  const { link, account } = facts;
  const cause = causeOf(facts);
  if (cause === null || link === null || account?.active !== true) return false;
  const { isDue, first } = dueSteps(cause, causeTimes(facts, link, ctx), facts, ctx);
  return isDue && first === 'deactivate';
}

/** ISO time at which the next step of a leaver is due, or null where no day to come brings anything. */
export function nextDue(facts: UserFacts, times: CauseTimes, ctx: PlanContext): string | null {
  const cause = causeOf(facts);
  if (cause === null || facts.account === null || facts.link === null) return null;
  const step = stepFor(cause, ctx);
  const due = firstDue(cause, times, step);
  if (due === null) return null;
  const now = Date.parse(ctx.now);
  if (facts.account.active && step.action !== 'keep' && now < due) return new Date(due).toISOString();
  const second = secondOf(step);
  if (second === null) return null;
  // What is deactivated by the plan at hand is so from now on.
  const deactivated = facts.account.active && dueSteps(cause, times, facts, ctx).first === 'deactivate' && now >= due;
  const link = deactivated
    ? { ...facts.link, lastDeactivatedBy: 'us' as const, lastDeactivatedAt: ctx.now }
    : facts.link;
  const at = Math.max(secondDue(due, step, second, link), coolingOffEnd(second, link));
  return at > now ? new Date(at).toISOString() : null;
}

function firstDue(cause: Cause, times: CauseTimes, { graceDays }: LifecycleStep): number | null {
  const since = sinceOf(cause, times);
  return since === null ? null : Date.parse(since) + graceDays * DAY_MS;
}

function firstOf({ action }: LifecycleStep): DueSteps['first'] {
  return action === 'keep' || action === 'removeGroups' ? action : 'deactivate';
}

interface Second {
  readonly action: FinalAction;
  readonly afterDays: number;
}

function secondOf({ action, then }: LifecycleStep): Second | null {
  if (action === 'pseudonymize') return { action, afterDays: 0 };
  if (action === 'anonymize' || action === 'delete') return { action, afterDays: COOLING_OFF_DAYS };
  return then ?? null;
}

type Deactivated = Pick<Link, 'lastDeactivatedBy' | 'lastDeactivatedAt'> | null;

/** When the account was deactivated by us, in milliseconds since the epoch; 0 where it was not. */
function deactivatedAt(link: Deactivated): number {
  const at = link?.lastDeactivatedBy === 'us' ? (link.lastDeactivatedAt ?? null) : null;
  return at === null ? 0 : Date.parse(at);
}

function secondDue(due: number, step: LifecycleStep, { afterDays }: Second, link: Deactivated): number {
  const from = firstOf(step) === 'deactivate' ? Math.max(due, deactivatedAt(link)) : due;
  return from + afterDays * DAY_MS;
}

/** What cannot be undone waits until the account has been inactive for the cooling-off. */
const coolingOffEnd = ({ action }: Second, link: Deactivated): number =>
  isIrreversible(action) ? deactivatedAt(link) + COOLING_OFF_DAYS * DAY_MS : 0;

function mayEnd(second: Second, { account, link }: Known, now: number): boolean {
  if (!isIrreversible(second.action)) return true;
  return account?.active === false && now >= coolingOffEnd(second, link);
}
