import { provesCause } from './completeness';
import { draftForUser } from './draft';
import type { PlanContext, UserFacts } from './facts';
import { isDue, stepFor } from './lifecycle';
import type { Cause, CauseTimes } from './lifecycle';
import { dropMemberships } from './memberships';
import type { TargetUser } from './model';
import { dropOrganizations } from './plan-extras';
import { holdLead, isLead, replaceLead } from './plan-lead';
import type { Reason } from './operation';
import { because } from './reasons';
import { merge, NOTHING, operating, standing } from './user-plan';
import type { Part } from './user-plan';

/**
 * Plans a linked person with a cause to lose the account (rules 3.1, 3.4). Nothing is taken away on an incomplete read
 * or within the grace. Attributes are left as they are, and so are memberships unless the settings say to drop them.
 */
export function planLeaver(facts: UserFacts, ctx: PlanContext, cause: Cause, times: CauseTimes): Part {
  const { account } = facts;
  const reason = because(cause, '3.1');
  if (account === null) return standing('unchanged', reason, because('accountGone', '3.1'));
  if (cause === 'missing' && (facts.rehiredAs ?? null) !== null) {
    return standing('held', because('rehire', '1.3', { account: account.key, other: facts.rehiredAs ?? '' }));
  }
  if (!provesCause(cause, ctx.complete, ctx.settings.scope))
    return standing('unchanged', reason, because('incompleteRead', '4.3'));
  if (stepFor(cause, ctx).action === 'keep') return standing('unchanged', reason, because('keptByLifecycle', '3.1'));
  if (!isDue(cause, times, ctx)) return standing('unchanged', reason, because('inGrace', '3.1'));
  switch (stepFor(cause, ctx).action) {
    case 'deactivate':
      return deactivate(facts, ctx, cause, account);
    case 'removeGroups':
      return withMemberships(facts, ctx, account, reason);
    case 'keep':
      return standing('unchanged', reason);
  }
}

function deactivate(facts: UserFacts, ctx: PlanContext, cause: Cause, account: TargetUser): Part {
  const reason = because(cause, '3.1');
  const drop = ctx.settings.lifecycle.groupsOnDeactivate === 'drop';
  if (!account.active) {
    return drop
      ? withMemberships(facts, ctx, account, reason)
      : standing('unchanged', reason, because('alreadyInactive', '3.1'));
  }
  if (!ctx.settings.users.actions.deactivate) {
    return standing('skipped', reason, because('actionOff', '3.1', { action: 'deactivate' }));
  }
  if (facts.link?.state === 'externalDirectory')
    return standing('skipped', reason, because('externalDirectory', '3.8'));
  if (ctx.lastMemberKeys?.has(account.key) === true) {
    return standing('held', reason, because('lastProtectedMember', '3.4'));
  }
  const guarded = ctx.protectedKeys.has(account.key);
  const gateKind = cause === 'disabled' ? 'disabled' : 'absent';
  const deactivation = draftForUser('deactivateUser', facts, {
    targetKey: account.key,
    before: { active: true },
    after: { active: false },
    reasons: guarded ? [reason, because('protectedAccount', '3.4')] : [reason],
    gateKinds: [gateKind],
    heldByRule: guarded,
  });
  // What waits for a person takes its memberships along only after the decision.
  const input = { facts, ctx, targetKey: account.key, follows: [gateKind] as const, reason };
  const drops =
    drop && !guarded ? merge(operating(...dropMemberships(input)), dropOrganizations(input, reason)) : NOTHING;
  const operations = merge(operating(deactivation), drops);
  if (!isLead(facts, ctx, account)) return operations;
  const lead = { facts, ctx, account, reason, gateKind, guarded } as const;
  return ctx.settings.lifecycle.leads.action === 'hold' ? holdLead(lead) : replaceLead(lead, operations);
}

function withMemberships(facts: UserFacts, ctx: PlanContext, account: TargetUser, reason: Reason): Part {
  const input = { facts, ctx, targetKey: account.key, follows: [], reason };
  return { ...merge(operating(...dropMemberships(input)), dropOrganizations(input, reason)), reasons: [reason] };
}
