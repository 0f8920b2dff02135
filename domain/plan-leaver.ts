import { provesCause } from './completeness';
import { draftForUser } from './draft';
import { evaluateCondition } from './expression/evaluate';
import { existingRecord, linkRecord } from './expression/subject';
import type { PlanContext, UserFacts } from './facts';
import { stepFor } from './lifecycle';
import type { Cause, CauseTimes } from './lifecycle';
import { dueSteps } from './lifecycle-steps';
import { dropMemberships } from './memberships';
import type { TargetUser } from './model';
import type { GateKind, OperationKind, Reason } from './operation';
import { planFinal } from './plan-final';
import { dropOrganizations } from './plan-extras';
import { holdLead, isLead, replaceLead } from './plan-lead';
import { because } from './reasons';
import { merge, NOTHING, operating, standing } from './user-plan';
import type { Part } from './user-plan';

interface Leaver {
  readonly facts: UserFacts;
  readonly ctx: PlanContext;
  readonly account: TargetUser;
  /** The cause. */
  readonly reason: Reason;
  readonly gateKind: GateKind;
}

/**
 * Plans a linked person with a cause to lose the account (rules 3.1, 3.4 to 3.7). Nothing is taken away on an incomplete
 * read or within the grace. Attributes are left as they are, and so are memberships unless the settings say to drop them.
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
  const kept = keptByRule(facts, ctx);
  if (kept !== null) return standing(kept.code === 'keptByRule' ? 'unchanged' : 'held', reason, kept);
  const steps = dueSteps(cause, times, facts, ctx);
  if (stepFor(cause, ctx).action !== 'keep' && !steps.isDue)
    return standing('unchanged', reason, because('inGrace', '3.1'));
  const leaver: Leaver = { facts, ctx, account, reason, gateKind: cause === 'disabled' ? 'disabled' : 'absent' };
  const first = firstStep(leaver, steps.first);
  // What is held or skipped is not overtaken by a later step.
  if (steps.final === null || first.standing !== 'unchanged') return first;
  const counted = first.operations.some(({ kind }) => kind === 'deactivateUser');
  return after(first, planFinal({ ...leaver, counted }, steps.final));
}

function firstStep(leaver: Leaver, action: ReturnType<typeof dueSteps>['first']): Part {
  switch (action) {
    case 'deactivate':
      return deactivate(leaver);
    case 'removeGroups':
      return withMemberships(leaver);
    case 'keep':
      return standing('unchanged', leaver.reason, because('keptByLifecycle', '3.1'));
  }
}

const ERASURES: ReadonlySet<OperationKind> = new Set(['anonymizeUser', 'deleteUser']);

/** A later step that does something says why; then the reason to leave everything as it is counts no more. */
function after(first: Part, final: Part): Part {
  if (final.operations.length === 0) return merge(first, final);
  // Memberships go with an account that is erased.
  if (final.operations.some(({ kind }) => ERASURES.has(kind))) return final;
  const removed = new Set(first.operations.map(({ kind, before }) => `${kind} ${JSON.stringify(before)}`));
  const further = final.operations.filter(({ kind, before }) => !removed.has(`${kind} ${JSON.stringify(before)}`));
  return { ...first, operations: [...first.operations, ...further], reasons: [] };
}

/** Whether `keepIf` keeps the person, and null where it does not; a condition that fails takes nothing away (rules 3.6). */
function keptByRule(facts: UserFacts, { settings }: PlanContext): Reason | null {
  const { keepIf } = settings.lifecycle;
  if (keepIf === '') return null;
  const { externalId, account, accountGroups, link, groupNames = [] } = facts;
  const result = evaluateCondition(keepIf, {
    user: facts.source ?? { externalId, active: false, attributes: {} },
    groups: groupNames,
    existing: existingRecord(account, accountGroups),
    link: linkRecord(link),
  });
  if ('failed' in result) return because('conditionFailed', '3.6');
  return result.value ? because('keptByRule', '3.6') : null;
}

function deactivate({ facts, ctx, account, reason, gateKind }: Leaver): Part {
  const drop = ctx.settings.lifecycle.groupsOnDeactivate === 'drop';
  if (!account.active) {
    return drop
      ? withMemberships({ facts, ctx, account, reason, gateKind })
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

function withMemberships({ facts, ctx, account, reason }: Leaver): Part {
  const input = { facts, ctx, targetKey: account.key, follows: [], reason };
  return { ...merge(operating(...dropMemberships(input)), dropOrganizations(input, reason)), reasons: [reason] };
}
