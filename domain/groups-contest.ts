import type { Claim } from './groups-claims';
import type { Reason } from './operation';
import { because } from './reasons';
import { byText } from './records';

/** Which source groups may stand for one target group. */
export interface Contest {
  readonly winners: readonly Claim[];
  readonly losers: readonly Claim[];
  /** Set when nobody wins: nothing is done with the members. */
  readonly held: Reason | null;
}

/**
 * Two source groups never write one target group unless the configuration names both: the linked one keeps the name,
 * the newcomer is held (rules 2.1). Where nobody is linked and nobody is named, all are held.
 */
export function settleContest(claims: readonly Claim[]): Contest {
  const named = claims.filter((claim) => claim.mapped);
  const others = claims.filter((claim) => !claim.mapped);
  if (others.length === 0) return { winners: named, losers: [], held: null };
  if (claims.length === 1) return { winners: others, losers: [], held: null };
  const linked = claims.filter((claim) => claim.linked);
  if (linked.every((claim) => claim.mapped)) {
    return named.length > 0 ? { winners: named, losers: others, held: null } : nobody(claims);
  }
  return linked.length === 1
    ? { winners: linked, losers: claims.filter((c) => !c.linked), held: null }
    : nobody(claims);
}

function nobody(claims: readonly Claim[]): Contest {
  const [first = '', second = ''] = claims.map((claim) => claim.groupId).sort(byText);
  return { winners: [], losers: claims, held: because('groupNameContest', '2.1', { first, second }) };
}
