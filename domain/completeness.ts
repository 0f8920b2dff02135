import type { Completeness } from './facts';

/** True when a run may take anything away: an incomplete read only adds, whichever part is missing (rules 4.3). */
export function provesAbsence(complete: Completeness): boolean {
  return complete.users && complete.groups && complete.memberships;
}
