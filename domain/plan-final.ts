import { draftForUser } from './draft';
import type { PlanContext, UserFacts } from './facts';
import { dropMemberships } from './memberships';
import type { AttributeRecord, TargetUser } from './model';
import type { GateKind, OperationKind, Reason } from './operation';
import { dropOrganizations } from './plan-extras';
import { isPseudonymized, pseudonymOf } from './pseudonym';
import { because } from './reasons';
import type { FinalAction } from './settings';
import { merge, operating, standing } from './user-plan';
import type { Part } from './user-plan';

export interface FinalStep {
  readonly facts: UserFacts;
  readonly ctx: PlanContext;
  readonly account: TargetUser;
  /** The cause. */
  readonly reason: Reason;
  readonly gateKind: GateKind;
  /** The same plan deactivates the account, which counts for both. */
  readonly counted: boolean;
}

const KIND_OF_ACTION = {
  pseudonymize: 'pseudonymizeUser',
  anonymize: 'anonymizeUser',
  delete: 'deleteUser',
} as const satisfies Readonly<Record<Exclude<FinalAction, 'removeGroups'>, OperationKind>>;

/**
 * The last step of a leaver (rules 3.1, 3.7), under the same limits as a deactivation. Whoever is protected is held
 * until somebody decides; an account that only its directory can change is left alone.
 */
export function planFinal(step: FinalStep, action: FinalAction): Part {
  const { facts, ctx, account, reason, gateKind, counted } = step;
  if (action === 'removeGroups') {
    const drops = { facts, ctx, targetKey: account.key, follows: [], reason };
    return merge(operating(...dropMemberships(drops)), dropOrganizations(drops, reason));
  }
  if (facts.link?.state === 'externalDirectory') {
    return standing('skipped', reason, because('externalDirectory', '3.8'));
  }
  if (action === 'pseudonymize' && isPseudonymized(facts.link, account)) {
    return standing('unchanged', reason, because('pseudonymizedAlready', '3.7'));
  }
  const guarded = ctx.protectedKeys.has(account.key);
  const images =
    action === 'pseudonymize' ? pseudonymImages(facts, account) : { before: { username: account.username } };
  return operating(
    draftForUser(KIND_OF_ACTION[action], facts, {
      targetKey: account.key,
      ...images,
      reasons: [reason, because('secondStep', '3.1'), ...(guarded ? [because('protectedAccount', '3.4')] : [])],
      gateKinds: counted ? [] : [gateKind],
      follows: counted ? [gateKind] : [],
      heldByRule: guarded,
    })
  );
}

function pseudonymImages(
  { link }: UserFacts,
  { username, email, displayName }: TargetUser
): { readonly before: AttributeRecord; readonly after: AttributeRecord } {
  if (link === null) throw new Error('only a linked account is pseudonymized');
  return { before: { username, email, displayName }, after: { ...pseudonymOf(link) } };
}
