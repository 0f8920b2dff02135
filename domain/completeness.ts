import { scopeLooksAtGroups } from './expression/uses';
import type { Completeness } from './facts';
import type { LifecycleCause } from './model';
import type { ScopeSettings } from './settings';

/**
 * True when a read proves enough to take an account away for this cause (rules 3.1, 4.3). A part that the source does
 * not deliver is never complete, so only what the cause rests on is asked for: whoever is missing or disabled is so
 * by the list of users, whoever is out of scope may be so by his groups.
 */
export function provesCause(cause: LifecycleCause, complete: Completeness, scope: ScopeSettings): boolean {
  return cause === 'outOfScope' && scopeLooksAtGroups(scope) ? provesWithdrawal(complete) : complete.users;
}

/** True when a read proves that a membership it does not hold is withdrawn: an incomplete read only adds (rules 4.3). */
export function provesWithdrawal(complete: Completeness): boolean {
  return complete.users && complete.groups && complete.memberships;
}
