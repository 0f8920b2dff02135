import type { Link } from './model';
import { nameKey } from './names';

/**
 * The link as it counts under the present configuration of the target: what a read-only directory refused under an
 * earlier one is tried once more (rules 3.8). A target that does not tell in which directory an account lies cannot
 * show that it was moved: saving the target again is the way to say so.
 * @param targetVersion the version of the target's configuration
 */
export function withStandingRefusals<L extends Link>(link: L, targetVersion: number): L {
  const { state, refusedMemberships = [] } = link;
  const isRefused = state === 'externalDirectory' || refusedMemberships.length > 0;
  if (!isRefused || link.refusedUnder === targetVersion) return link;
  const open = link.lastDeactivatedBy === 'us' ? 'inactive' : 'active';
  return { ...link, state: state === 'externalDirectory' ? open : state, refusedMemberships: [] };
}

/** True for a membership of this account that its directory refused: it is not tried again. */
export function isMembershipRefused(link: Link | null, group: string): boolean {
  return link?.refusedMemberships?.includes(nameKey(group)) ?? false;
}
