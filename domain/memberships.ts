import { provesWithdrawal } from './completeness';
import { draftForUser } from './draft';
import type { Bookkeeping, ManagedGroup, PlanContext, UserFacts } from './facts';
import { isMembershipRefused } from './directory';
import { compileGlobs } from './glob';
import { nameKey } from './names';
import type { DraftOperation, GateKind, Reason } from './operation';
import { because } from './reasons';
import { byText, own } from './records';
import { merge, NOTHING, operating, standing } from './user-plan';
import type { Part } from './user-plan';

export interface MembershipInput {
  readonly facts: UserFacts;
  readonly ctx: PlanContext;
  /** Null for an account that is to be created. */
  readonly targetKey: string | null;
  /** Gate kinds of the operation that every change of a membership depends on. */
  readonly follows: readonly GateKind[];
}

export interface MembershipPlan {
  readonly part: Part;
  readonly noted: Pick<Bookkeeping, 'adoptedGroups' | 'forgottenGroups'>;
}

/** Wanted memberships by nameKey: the target's name of the group and why. */
type Asserted = ReadonlyMap<string, { readonly name: string; readonly reason: Reason }>;

/**
 * The memberships of an active person: what the source asserts is added or adopted, what is owned and no longer
 * asserted is removed, what is foreign is kept (rules 2.3 to 2.6). What comes by way of a group within the group is neither
 * missing nor owned (2.8). An incomplete read only adds.
 */
export function planMemberships(input: MembershipInput): MembershipPlan {
  const { facts, ctx } = input;
  const asserted = assertedGroups(facts, ctx);
  const current = new Map(sorted(facts.accountGroups).map((name) => [nameKey(name), name]));
  const owned = ownedKeys(facts);
  const nested = new Set((facts.nestedGroups ?? []).map(nameKey));
  const additions = [...asserted].map(([key, { name, reason }]) =>
    nested.has(key)
      ? standing('unchanged', because('nestedMembership', '2.8', { group: name }))
      : addition(key, reason, current.has(key), input)
  );
  const withdrawn = [...current].filter(([key]) => !asserted.has(key));
  const removals = withdrawn.map(([key, name]) => removal(key, name, owned.has(key), input));
  const adopted = [...asserted.keys()].flatMap((key) => {
    const name = current.get(key);
    return name !== undefined && !owned.has(key) && usable(key, ctx) !== null ? [name] : [];
  });
  return {
    part: merge(...additions, ...removals),
    noted: { adoptedGroups: adopted, forgottenGroups: forgotten(facts, ctx, asserted, current) },
  };
}

/**
 * Removes the owned memberships of a person who leaves: the action `removeGroups`, or `groupsOnDeactivate: drop`.
 * `reason` is the cause; foreign, kept, held and protected groups stay.
 */
export function dropMemberships(input: Leaving): readonly DraftOperation[] {
  return droppable(input).map((name) => removeOperation(name, [input.reason], false, input));
}

/**
 * Removes what gives somebody access who leaves and whose account has to stay for a while: owned memberships, and
 * whatever membership takes a seat, who ever added it (rules 3.5). Kept and protected groups stay.
 */
export function dropAccess(input: Leaving): readonly DraftOperation[] {
  const owned = new Set(droppable(input).map(nameKey));
  const licensed = sorted(input.facts.licenceGroups ?? []).filter(
    (name) => !owned.has(nameKey(name)) && !isKept(name, input.ctx) && !isMembershipRefused(input.facts.link, name)
  );
  const reasons = [input.reason, because('givesAccess', '3.5')];
  return [...dropMemberships(input), ...licensed.map((name) => removeOperation(name, reasons, false, input))];
}

type Leaving = MembershipInput & { readonly reason: Reason };

function droppable({ facts, ctx }: Leaving): readonly string[] {
  const owned = ownedKeys(facts);
  return sorted(facts.accountGroups).filter((name) => {
    const key = nameKey(name);
    const managed = own(ctx.groups.byTargetKey, key);
    const known = managed === undefined ? own(ctx.groups.frozen, key) !== undefined : managed.held === null;
    return (
      known &&
      owned.has(key) &&
      !isKept(name, ctx) &&
      managed?.rule.mode !== 'additive' &&
      !isMembershipRefused(facts.link, name)
    );
  });
}

/** The target groups that a person is to be in, with the reason. */
export function assertedGroups(
  facts: Pick<UserFacts, 'groupIds' | 'prepared'>,
  ctx: Pick<PlanContext, 'groups'>
): Asserted {
  const asserted = new Map<string, { name: string; reason: Reason }>();
  const withheld = facts.prepared?.withheld ?? {};
  for (const name of ctx.groups.alwaysAdd) {
    if (own(withheld, nameKey(name)) !== undefined) continue;
    asserted.set(nameKey(name), { name, reason: because('alwaysAdd', '2.5') });
  }
  for (const groupId of facts.groupIds) {
    for (const name of own(ctx.groups.bySourceId, groupId) ?? []) {
      if (!asserted.has(nameKey(name)))
        asserted.set(nameKey(name), { name, reason: because('assertedBySource', '2.6') });
    }
  }
  return new Map([...asserted].sort(([a], [b]) => byText(a, b)));
}

function addition(key: string, reason: Reason, isMember: boolean, input: MembershipInput): Part {
  const group = own(input.ctx.groups.byTargetKey, key);
  if (group === undefined) return NOTHING;
  if (group.held !== null) {
    const why = because('groupHeld', group.held.rule, { group: group.name, why: group.held.code });
    return standing('unchanged', why);
  }
  if (isMember || input.ctx.protectedGroups.has(key)) return NOTHING;
  if (isMembershipRefused(input.facts.link, group.name)) return refused(group.name);
  return operating(
    draftForUser('addMembership', input.facts, {
      targetKey: input.targetKey,
      after: { group: group.name },
      reasons: [reason],
      gateKinds: group.rule.sensitive ? ['sensitive'] : [],
      follows: group.exists ? input.follows : [...input.follows, 'groupsCreated'],
    })
  );
}

function removal(key: string, name: string, isOwned: boolean, input: MembershipInput): Part {
  const { ctx } = input;
  if (isKept(name, ctx) || !provesWithdrawal(ctx.complete)) return NOTHING;
  const undecided = own(input.facts.prepared?.withheld ?? {}, key) ?? null;
  if (undecided !== null) return standing('unchanged', undecided);
  if (isMembershipRefused(input.facts.link, name)) return isOwned ? refused(name) : NOTHING;
  const managed = usable(key, ctx);
  const frozen = own(ctx.groups.frozen, key);
  const isHeld = (own(ctx.groups.byTargetKey, key)?.held ?? null) !== null;
  if (isHeld) return NOTHING;
  if (frozen !== undefined) {
    if (!isOwned) return NOTHING;
    if (frozen.action === 'keep') return standing('unchanged', frozen.reason);
    return operating(removeOperation(name, [frozen.reason], frozen.action === 'hold', input));
  }
  if (managed === null || managed.rule.mode === 'additive') return NOTHING;
  if (isOwned) return operating(removeOperation(name, [because('withdrawnAtSource', '2.6')], false, input));
  const foreign = because('foreignMembership', '2.6', { group: name });
  if (managed.rule.mode === 'managed') return standing('unchanged', foreign);
  return operating(removeOperation(name, [foreign], managed.foreignSettled !== true, input));
}

const refused = (group: string): Part => standing('skipped', because('membershipRefused', '3.8', { group }));

function removeOperation(
  name: string,
  reasons: readonly Reason[],
  heldByRule: boolean,
  input: MembershipInput
): DraftOperation {
  return draftForUser('removeMembership', input.facts, {
    targetKey: input.targetKey,
    before: { group: name },
    reasons,
    gateKinds: ['removals'],
    follows: input.follows,
    heldByRule,
  });
}

/** Ledger entries of groups that were read, whose membership is gone and no longer asserted. */
function forgotten(
  facts: UserFacts,
  ctx: PlanContext,
  asserted: Asserted,
  current: ReadonlyMap<string, string>
): readonly string[] {
  if (!provesWithdrawal(ctx.complete)) return [];
  const names = facts.ledger.map((entry) => entry.group);
  return sorted(names).filter((name) => {
    const key = nameKey(name);
    const wasRead = usable(key, ctx) !== null || own(ctx.groups.frozen, key) !== undefined;
    return wasRead && !asserted.has(key) && !current.has(key);
  });
}

/** The managed group of this key when its members may be changed, else null. */
function usable(key: string, ctx: PlanContext): ManagedGroup | null {
  const group = own(ctx.groups.byTargetKey, key);
  return group?.held === null && !ctx.protectedGroups.has(key) ? group : null;
}

/** Protected groups and those of `groups.keep` lose nobody (rules 3.4, 7). */
function isKept(name: string, ctx: PlanContext): boolean {
  return ctx.protectedGroups.has(nameKey(name)) || compileGlobs(ctx.settings.groups.keep)(name);
}

function ownedKeys(facts: UserFacts): ReadonlySet<string> {
  const owned = facts.ledger.filter((entry) => entry.addedBy !== 'foreign');
  return new Set(owned.map((entry) => nameKey(entry.group)));
}

function sorted(names: readonly string[]): readonly string[] {
  return [...names].sort(byText);
}
