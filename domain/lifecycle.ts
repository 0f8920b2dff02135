import { provesCause } from './completeness';
import type { Bookkeeping, PlanContext, UserFacts } from './facts';
import type { Link } from './model';
import type { LifecycleStep } from './settings';

/** The causes that a source user can give; `unmatched` accounts have no source user (rules 3.1). */
export type Cause = 'disabled' | 'missing' | 'outOfScope';
export type CauseTimes = Pick<Bookkeeping, 'missingSince' | 'outOfScopeSince' | 'disabledSince'>;

/**
 * Why a linked user loses his right to be active, or null. What the provider says outright comes first: a disabled
 * user whose groups are emptied with him is disabled, not out of scope (rules 3.1).
 */
export function causeOf(facts: UserFacts): Cause | null {
  if (facts.presence === 'absentProved') return 'missing';
  if (facts.presence === 'absentUnproved') return null;
  if (facts.presence === 'absentDisabled') return 'disabled';
  if (facts.source?.active === false) return 'disabled';
  return facts.prepared?.standing === 'outOfScope' ? 'outOfScope' : null;
}

/** The moments from which grace counts, as they are to be noted: only a proved read starts one by absence. */
export function causeTimes(facts: UserFacts, link: Link, ctx: PlanContext): CauseTimes {
  const { missingSince, outOfScopeSince, disabledSince } = link;
  if (facts.presence === 'absentUnproved') return { missingSince, outOfScopeSince, disabledSince };
  const firstSeen = (cause: Cause): string | null =>
    provesCause(cause, ctx.complete, ctx.settings.scope) ? ctx.now : null;
  if (facts.presence === 'absentProved') {
    return { missingSince: missingSince ?? firstSeen('missing'), outOfScopeSince, disabledSince };
  }
  if (facts.presence === 'absentDisabled') {
    return { missingSince: null, outOfScopeSince: null, disabledSince: disabledSince ?? ctx.now };
  }
  const outside = facts.prepared?.standing === 'outOfScope';
  return {
    missingSince: null,
    outOfScopeSince: outside ? (outOfScopeSince ?? firstSeen('outOfScope')) : null,
    disabledSince: facts.source?.active === false ? (disabledSince ?? ctx.now) : null,
  };
}

/** The configured step of a cause. */
export function stepFor(cause: Cause, ctx: PlanContext): LifecycleStep {
  return ctx.settings.lifecycle[cause];
}

/** True when an inactive account of this link is taken back without asking (rules 3.3). */
export function reactivates(facts: Pick<UserFacts, 'link'>, ctx: Pick<PlanContext, 'settings'>): boolean {
  switch (ctx.settings.users.actions.reactivate) {
    case 'always':
      return true;
    case 'own':
      return facts.link?.lastDeactivatedBy === 'us';
    case 'never':
      return false;
  }
}

/** ISO time from which the grace of a cause counts, or null where it is not proved yet. */
export function sinceOf(cause: Cause, times: CauseTimes): string | null {
  switch (cause) {
    case 'disabled':
      return times.disabledSince;
    case 'missing':
      return times.missingSince;
    case 'outOfScope':
      return times.outOfScopeSince;
  }
}
