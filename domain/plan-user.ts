import type { PlanContext, PreparedUser, UserFacts, UserPlan, WantedAccount } from './facts';
import { causeOf, causeTimes } from './lifecycle';
import type { CauseTimes } from './lifecycle';
import { contestReason, takenReason } from './matching';
import { planMemberships } from './memberships';
import type { Link, TargetUser } from './model';
import { planAttributes, planReactivation } from './plan-account';
import { planExtras } from './plan-extras';
import { planLeaver } from './plan-leaver';
import { heldCreation, planNewcomer } from './plan-newcomer';
import { because } from './reasons';
import { finish, merge, standing } from './user-plan';
import type { Part } from './user-plan';

/**
 * The plan for one person (rules 1 to 3). Depends on its input alone; the order of lists in it does not matter.
 * What a rule holds is either an operation that an approval can set free, or, where approving could only fail, the
 * standing `held` with its reasons.
 */
export function planUser(facts: UserFacts, ctx: PlanContext): UserPlan {
  const { link } = facts;
  if (link === null || !isStanding(link)) return planUnlinked(facts, ctx);
  const times = causeTimes(facts, link, ctx);
  const cause = causeOf(facts);
  if (link.targetKey === ctx.syncAccountKey) {
    // He may be the administrator who leaves: that must not stay silent, although nothing is done.
    return finish(standing(cause === null ? 'skipped' : 'held', because('syncAccount', '3.4')), times);
  }
  if (facts.presence === 'absentUnproved')
    return finish(standing('unchanged', because('absentUnproved', '3.1')), times);
  if (cause !== null) return finish(planLeaver(facts, ctx, cause, times), times);
  return planPresent(facts, ctx, times);
}

/** A link whose account was created or adopted and not given up again. */
function isStanding(link: Link): boolean {
  return link.targetKey !== null && !['released', 'pending', 'erased'].includes(link.state);
}

function planUnlinked(facts: UserFacts, ctx: PlanContext): UserPlan {
  const { prepared, source } = facts;
  if (prepared === null || source === null) return finish(standing('skipped'), null);
  if (!source.active) return finish(standing('skipped', because('disabledNotCreated', '3.1')), null);
  switch (prepared.standing) {
    case 'outOfScope':
    case 'excluded':
      return finish(standing('skipped', ...prepared.reasons), null);
    case 'invalid':
      return finish(standing('held', ...prepared.reasons), null);
    case 'inScope':
      return planNewcomer(facts, ctx, wantedOf(prepared));
  }
}

/** A linked person who is present, enabled and not out of scope. */
function planPresent(facts: UserFacts, ctx: PlanContext, times: CauseTimes): UserPlan {
  const { prepared, account } = facts;
  if (prepared === null) throw new Error('a present user was not prepared');
  if (prepared.standing !== 'inScope') return finish(withoutMapping(prepared), times);
  const wanted = wantedOf(prepared);
  if (account === null) return finish(planGone(facts, ctx, wanted), times);
  return planMember(facts, ctx, { account, wanted, times });
}

/** Never out of scope by a missing attribute: the account stays as it is until a person decides (rules 3.2). */
function withoutMapping(prepared: PreparedUser): Part {
  const nameless = prepared.reasons.some((reason) => reason.params?.['attribute'] === 'username');
  const reasons = nameless ? [because('mappingGaveNoUsername', '3.2'), ...prepared.reasons] : prepared.reasons;
  return standing('held', ...reasons);
}

/** The linked account is gone from the target: only a person may have it created again (rules 1.1). */
function planGone(facts: UserFacts, ctx: PlanContext, wanted: WantedAccount): Part {
  const reason = because('accountGone', '1.1');
  const contest = facts.usernameContest;
  const taken = contest === null ? takenReason(facts.byUsername, null) : contestReason('usernameContest', contest);
  if (taken !== null) return standing('held', reason, taken);
  return heldCreation(facts, ctx, wanted, [reason]);
}

interface Member {
  readonly account: TargetUser;
  readonly wanted: WantedAccount;
  readonly times: CauseTimes;
}

function planMember(facts: UserFacts, ctx: PlanContext, { account, wanted, times }: Member): UserPlan {
  const input = { facts, ctx, account, wanted };
  const reactivation = account.active ? null : planReactivation(input);
  if (reactivation?.goesOn === false) return finish(reactivation.part, times);
  const follows = reactivation === null ? [] : (['reactivations'] as const);
  const memberships = planMemberships({ facts, ctx, targetKey: account.key, follows });
  const extras = planExtras({ facts, ctx, targetKey: account.key, wanted, follows });
  const attributes = merge(planAttributes(input), extras);
  const parts = [...(reactivation === null ? [] : [reactivation.part]), attributes, memberships.part];
  return finish(merge(...parts), times, memberships.noted);
}

function wantedOf(prepared: PreparedUser): WantedAccount {
  if (prepared.wanted === null) throw new Error('a user in scope has no wanted account');
  return prepared.wanted;
}
