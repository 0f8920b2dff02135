import { canonicalJson } from './canonical-json';
import type { UserFacts, UserPlan } from './facts';
import { fingerprint } from './ids';
import type { DraftOperation, OperationKind, Reason } from './operation';
import { canonicalOperation } from './plan-hash';
import type { DecisionSettings } from './settings';

/** What a plan does with a person, each counted once a person. */
export const PLANNED_CHANGES = [
  'created',
  'adopted',
  'renamed',
  'updated',
  'deactivated',
  'reactivated',
  'gainsGroups',
  'losesGroups',
  'leavesScope',
  'collides',
  'held',
] as const;
export type PlannedChange = (typeof PLANNED_CHANGES)[number];

const CHANGE_OF_KIND: Partial<Record<OperationKind, PlannedChange>> = {
  createUser: 'created',
  adoptUser: 'adopted',
  renameUser: 'renamed',
  updateUser: 'updated',
  deactivateUser: 'deactivated',
  reactivateUser: 'reactivated',
  addMembership: 'gainsGroups',
  removeMembership: 'losesGroups',
};

/** Two people, or a person and somebody else's account, want one name or address (rules 1.2, 1.5, 1.7). */
const COLLISIONS: ReadonlySet<string> = new Set([
  'usernameContest',
  'emailContest',
  'ambiguous',
  'nameTaken',
  'renameSwap',
  'renameCycle',
  'renameChainTooLong',
]);

/** One person under one configuration. */
export interface PlannedUnder {
  readonly facts: UserFacts;
  readonly plan: UserPlan;
}

/** What the plan does with one person, in the order of PLANNED_CHANGES. */
export function plannedChanges({ facts, plan }: PlannedUnder): readonly PlannedChange[] {
  const found = new Set<PlannedChange>();
  for (const { kind, heldByRule } of plan.operations) {
    const change = CHANGE_OF_KIND[kind];
    if (change !== undefined) found.add(change);
    if (heldByRule) found.add('held');
  }
  if (plan.standing === 'held') found.add('held');
  if (facts.link !== null && facts.prepared?.standing === 'outOfScope') found.add('leavesScope');
  if (reasonsOf(plan).some(({ code }) => COLLISIONS.has(code))) found.add('collides');
  return PLANNED_CHANGES.filter((change) => found.has(change));
}

/** Every reason of a plan once: of the person first, then of the operations. */
export function reasonsOf(plan: UserPlan): readonly Reason[] {
  const all = [...plan.reasons, ...plan.operations.flatMap((operation) => operation.reasons)];
  return [...new Map(all.map((reason) => [canonicalJson(reason), reason])).values()];
}

/** A person whom another configuration would treat in another way. */
export interface PlanDifference {
  readonly externalId: string;
  readonly changes: readonly PlannedChange[];
  readonly before: readonly PlannedChange[];
  /** What the next run would plan. */
  readonly operations: readonly DraftOperation[];
  /** What the present configuration plans and the other does not. */
  readonly dropped: readonly DraftOperation[];
  readonly standing: UserPlan['standing'];
  readonly reasons: readonly Reason[];
}

/** How the plan of one person differs under another configuration; null where it does not. */
export function planDifference(now: PlannedUnder, then: PlannedUnder): PlanDifference | null {
  const wanted = new Set(then.plan.operations.map(canonicalOperation));
  const dropped = now.plan.operations.filter((operation) => !wanted.has(canonicalOperation(operation)));
  const isSame =
    dropped.length === 0 &&
    now.plan.operations.length === then.plan.operations.length &&
    now.plan.standing === then.plan.standing &&
    canonicalJson(now.plan.reasons) === canonicalJson(then.plan.reasons);
  if (isSame) return null;
  return {
    externalId: then.facts.externalId,
    changes: plannedChanges(then),
    before: plannedChanges(now),
    operations: then.plan.operations,
    dropped,
    standing: then.plan.standing,
    reasons: reasonsOf(then.plan),
  };
}

/** People under the present configuration and under the other one. */
export interface NowThen {
  readonly now: number;
  readonly then: number;
}
export interface WhatIfCounts {
  readonly people: number;
  /** People whose plan the other configuration changes. */
  readonly differing: number;
  readonly changes: Readonly<Record<PlannedChange, NowThen>>;
  /** By rule and code of the reason, `3.1 outOfScope`. */
  readonly rules: Readonly<Record<string, NowThen>>;
}

const NOBODY: NowThen = { now: 0, then: 0 };

export const emptyWhatIfCounts = (): WhatIfCounts => ({
  people: 0,
  differing: 0,
  changes: Object.fromEntries(PLANNED_CHANGES.map((change) => [change, NOBODY])) as Record<PlannedChange, NowThen>,
  rules: {},
});

/** One person under both configurations. */
export interface ComparedPerson {
  readonly now: PlannedUnder;
  readonly then: PlannedUnder;
  /** planDifference of the two. */
  readonly difference: PlanDifference | null;
}

/** The counts with these people added. */
export function countPlans(counts: WhatIfCounts, people: readonly ComparedPerson[]): WhatIfCounts {
  const changes: Record<PlannedChange, NowThen> = { ...counts.changes };
  const rules = new Map(Object.entries(counts.rules));
  let differing = counts.differing;
  for (const { now, then, difference } of people) {
    if (difference !== null) differing += 1;
    for (const [side, under] of [
      ['now', now],
      ['then', then],
    ] as const) {
      for (const change of plannedChanges(under)) changes[change] = oneMore(changes[change], side);
      for (const name of new Set(reasonsOf(under.plan).map(({ rule, code }) => `${rule} ${code}`)))
        rules.set(name, oneMore(rules.get(name) ?? NOBODY, side));
    }
  }
  return { people: counts.people + people.length, differing, changes, rules: Object.fromEntries(rules) };
}

const oneMore = (counted: NowThen, side: keyof NowThen): NowThen => ({ ...counted, [side]: counted[side] + 1 });

/** Settings that say when and how much is done, not what is wanted. */
const BESIDE_THE_PLAN: ReadonlySet<string> = new Set(['name', 'source', 'schedule', 'login', 'safety', 'approval']);

/** A text that changes with every setting that a plan depends on; the source, whose data is stored, is none of them. */
export function decisionFingerprint(settings: DecisionSettings): string {
  const deciding = Object.entries(settings).filter(([name]) => !BESIDE_THE_PLAN.has(name));
  return fingerprint(canonicalJson(Object.fromEntries(deciding)));
}
