import { draftForUser } from './draft';
import { groupsMayExclude } from './expression/uses';
import type { PlanContext, UserFacts, UserPlan, WantedAccount } from './facts';
import { findMatch } from './matching';
import type { Match } from './matching';
import { planMemberships } from './memberships';
import type { TargetUser } from './model';
import type { Reason } from './operation';
import { newAccount, planAttributes } from './plan-account';
import { planExtras } from './plan-extras';
import { because } from './reasons';
import { finish, merge, operating, standing } from './user-plan';
import type { Part } from './user-plan';

/** Plans an active source user in scope who has no account yet: adopted, created, or held (rules 1.2, 1.3). */
export function planNewcomer(facts: UserFacts, ctx: PlanContext, wanted: WantedAccount): UserPlan {
  const match = findMatch(facts, ctx);
  switch (match.kind) {
    case 'syncAccount':
      return finish(standing('skipped', because('syncAccount', '3.4')), null);
    case 'candidate':
      return finish(adopt(facts, ctx, wanted, match), null);
    case 'held':
      return finish(heldPart(facts, ctx, wanted, match), null);
    case 'none':
      return finish(create(facts, ctx, wanted), null);
  }
}

/**
 * A new account for a user that only a person may decide about. Nothing else is planned behind it: the memberships
 * come with the first plan that finds the account.
 */
export function heldCreation(
  facts: UserFacts,
  ctx: PlanContext,
  wanted: WantedAccount,
  reasons: readonly Reason[]
): Part {
  if (creationOff(facts, ctx) !== null) return standing('held', ...reasons);
  const parts = { targetKey: null, after: newAccount(wanted), reasons, gateKinds: ['creates'] as const };
  return operating(draftForUser('createUser', facts, { ...parts, heldByRule: true }));
}

function heldPart(
  facts: UserFacts,
  ctx: PlanContext,
  wanted: WantedAccount,
  match: Extract<Match, { kind: 'held' }>
): Part {
  if (!match.creatable) return standing('held', ...match.reasons);
  return heldCreation(facts, ctx, wanted, match.reasons);
}

function create(facts: UserFacts, ctx: PlanContext, wanted: WantedAccount): Part {
  const off = creationOff(facts, ctx);
  if (off !== null) return standing('skipped', off);
  const creation = draftForUser('createUser', facts, {
    targetKey: null,
    after: newAccount(wanted),
    reasons: [because('new', '1.2')],
    gateKinds: ['creates'],
  });
  // A new account is in no group; what the ledger may still know belongs to an earlier one.
  const fresh = { ...facts, accountGroups: [], ledger: [] };
  const { part } = planMemberships({ facts: fresh, ctx, targetKey: null, follows: ['creates'] });
  return merge(
    operating(creation),
    part,
    planExtras({ facts: fresh, ctx, targetKey: null, wanted, follows: ['creates'] })
  );
}

function creationOff(facts: UserFacts, ctx: PlanContext): Reason | null {
  const { scope, users } = ctx.settings;
  if (scope.existingOnly) return because('existingOnly', '3.2');
  if (!users.actions.create) return because('actionOff', '3.2', { action: 'create' });
  // Whether he is in an excluded group is not known when the groups were not read to the end.
  const unread = !ctx.complete.groups || !ctx.complete.memberships;
  return groupsMayExclude(scope) && unread ? because('incompleteRead', '4.3') : null;
}

/** Held where a person is asked; otherwise everything else is planned with it (rules 1.2). */
function adopt(
  facts: UserFacts,
  ctx: PlanContext,
  wanted: WantedAccount,
  match: { readonly account: TargetUser; readonly by: 'email' | 'username' }
): Part {
  const { account, by } = match;
  const asks = ctx.settings.match.adopt === 'ask' || ctx.settings.match.domains.length === 0;
  const matched = because('matched', '1.2', { by });
  const { key, username, email, displayName } = account;
  const adoption = draftForUser('adoptUser', facts, {
    targetKey: key,
    after: { username, email, displayName, key },
    reasons: asks ? [matched, because('adoptionAwaited', '1.2')] : [matched],
    heldByRule: asks,
  });
  if (asks) return merge(operating(adoption), { ...standing('unchanged', because('adoptionAwaited', '1.2')) });
  const { part } = planMemberships({ facts, ctx, targetKey: key, follows: [] });
  const extras = planExtras({ facts, ctx, targetKey: key, wanted, follows: [] });
  return merge(operating(adoption), planAttributes({ facts, ctx, account, wanted }), part, extras);
}
