import { draftForUser } from './draft';
import type { PlanContext, UserFacts } from './facts';
import { dropAccess } from './memberships';
import type { TargetUser } from './model';
import type { DraftOperation, GateKind, Reason } from './operation';
import { dropOrganizations } from './plan-extras';
import { because } from './reasons';
import { merge, operating, standing } from './user-plan';
import type { Part } from './user-plan';

/**
 * True for an account that has to stay while others hold on to it: it leads projects, which makes the target refuse its
 * deactivation, or it is the one that takes over those of others.
 */
export function isLead({ leads = [] }: UserFacts, { leadSuccessor = null }: PlanContext, account: TargetUser): boolean {
  return leads.length > 0 || leadSuccessor?.key === account.key;
}

/** A leaver whose account has to stay. */
export interface LeavingLead {
  readonly facts: UserFacts;
  readonly ctx: PlanContext;
  readonly account: TargetUser;
  /** The cause. */
  readonly reason: Reason;
  readonly gateKind: GateKind;
  /** The account is protected: nothing is done before somebody approves (rules 3.4). */
  readonly guarded: boolean;
}

/**
 * Holds a lead who leaves until somebody else leads his projects: what gives access goes at once, and his sessions are
 * ended once (rules 3.5). What is protected only waits.
 */
export function holdLead(lead: LeavingLead): Part {
  const { facts, ctx, account, reason, gateKind, guarded } = lead;
  const held = standing('held', reason, ...whyItStays(lead), ...(guarded ? [because('protectedAccount', '3.4')] : []));
  if (guarded) return held;
  const drops = dropAccess({ facts, ctx, targetKey: account.key, follows: [gateKind], reason });
  const organizations = dropOrganizations({ facts, ctx, targetKey: account.key, follows: [gateKind] }, reason);
  return merge(operating(...endSessions(lead), ...drops), organizations, held);
}

/**
 * Hands each project to the successor before the account is deactivated, or says why that cannot be.
 * @param deactivation the operations that follow
 */
export function replaceLead(lead: LeavingLead, deactivation: Part): Part {
  const { facts, ctx, account, reason, gateKind, guarded } = lead;
  const successor = ctx.leadSuccessor ?? null;
  if (successor === null || successor.key === account.key) return holdLead(lead);
  const replacements = (facts.leads ?? []).map((project) =>
    draftForUser('replaceLead', facts, {
      targetKey: account.key,
      before: { project, lead: account.username },
      after: { project, lead: successor.username },
      reasons: [reason, because('leads', '3.5', { projects: project })],
      follows: [gateKind],
      heldByRule: guarded,
    })
  );
  return merge(operating(...replacements), deactivation);
}

function endSessions(lead: LeavingLead): readonly DraftOperation[] {
  const { facts, account, reason, gateKind } = lead;
  if (facts.link?.sessionsEnded === true) return [];
  return [
    draftForUser('endSessions', facts, {
      targetKey: account.key,
      reasons: [reason, ...whyItStays(lead)],
      gateKinds: [gateKind],
    }),
  ];
}

function whyItStays({ facts, ctx, account }: LeavingLead): readonly Reason[] {
  const { leads = [] } = facts;
  const successor = ctx.leadSuccessor ?? null;
  const unusable =
    ctx.settings.lifecycle.leads.action === 'replaceWith' && (successor === null || successor.key === account.key);
  return [
    ...(leads.length > 0 ? [because('leads', '3.5', { projects: leads.join(', ') })] : []),
    ...(unusable ? [because('leadSuccessorUnusable', '3.5')] : []),
  ];
}
