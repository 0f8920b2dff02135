import type { Bookkeeping, PlanContext, UserFacts } from './facts';
import type { Link, TargetUser } from './model';
import { nameKey } from './names';
import type { DraftOperation, Reason } from './operation';
import { planUser } from './plan-user';

/** What of an account is compared beside another product: its existence, its attributes, and each of its groups. */
export const OBSERVED = ['account', 'active', 'username', 'email', 'displayName', 'group'] as const;
export type Observed = (typeof OBSERVED)[number];

/**
 * Since when Jira is not as Rollcall would have it (rules 6). found: this is the first look at the person · changedInJira:
 * somebody changed it there since the look before · newAtSource: the source changed since, and the other product has not
 * followed yet · notDone: it was so at the look before already.
 */
export const OBSERVED_CAUSES = ['found', 'changedInJira', 'newAtSource', 'notDone'] as const;
export type ObservedCause = (typeof OBSERVED_CAUSES)[number];
export const OBSERVED_VERDICTS = ['wronglyAlive', 'wronglyDead'] as const;

export interface ObservedDifference {
  readonly externalId: string;
  /** Null where there is no account. */
  readonly account: { readonly key: string; readonly username: string } | null;
  readonly what: Observed;
  /** Which group, for `group`; else null. */
  readonly group: string | null;
  readonly jira: string | boolean | null;
  readonly rollcall: string | boolean | null;
  readonly cause: ObservedCause;
  /** An account that is active without a right to it, or inactive although it should be active. */
  readonly verdict: (typeof OBSERVED_VERDICTS)[number] | null;
  /** Rollcall would have asked somebody first. */
  readonly held: boolean;
  readonly reasons: readonly Reason[];
}

/** What one run saw of a person, kept for the comparison of the next one. */
export interface Observation {
  readonly account: TargetUser | null;
  /** Groups of the account among those that were read. */
  readonly groups: readonly string[];
  /** Of these, the ones that the source asserted when they were seen: what Rollcall would answer for. */
  readonly ledger: readonly string[];
  readonly times: Pick<Link, 'missingSince' | 'outOfScopeSince' | 'disabledSince'>;
  /** What differed, to tell what is new from what stands. */
  readonly open: readonly { readonly field: string; readonly rollcall: string | boolean | null }[];
}

export interface ObserveCounts {
  readonly people: number;
  /** What was changed in Jira since the run before, and how much of it as Rollcall would have it now. */
  readonly changes: number;
  readonly agreed: number;
  readonly differences: number;
  readonly wronglyAlive: number;
  readonly wronglyDead: number;
  readonly found: number;
  readonly changedInJira: number;
  readonly newAtSource: number;
  readonly notDone: number;
}
export const NOTHING_OBSERVED: ObserveCounts = {
  people: 0,
  changes: 0,
  agreed: 0,
  differences: 0,
  wronglyAlive: 0,
  wronglyDead: 0,
  found: 0,
  changedInJira: 0,
  newAtSource: 0,
  notDone: 0,
};

export interface ObservedPerson {
  readonly observation: Observation;
  readonly differences: readonly ObservedDifference[];
  readonly changes: number;
  readonly agreed: number;
}

/**
 * Compares a person's account with what Rollcall would make of it if the account were linked (rules 6).
 * @param facts with the account that is taken to be the person's; its link and ledger are made up here
 * @param before what the run before saw of the person; null where it did not
 * @param isFirstLook no run has observed before this one
 */
export function observe(
  facts: UserFacts,
  before: Observation | null,
  { ctx, isFirstLook }: { readonly ctx: PlanContext; readonly isFirstLook: boolean }
): ObservedPerson {
  const { account } = facts;
  const ledger = (before?.ledger ?? []).map((group) => ({ group, addedBy: 'adopted' as const }));
  const as =
    account === null ? { ...facts, link: null } : { ...facts, link: madeUpLink(facts, account, before, ctx), ledger };
  const plan = planUser(as, ctx);
  const now = stateOf(account, facts.accountGroups);
  const then = before === null ? null : stateOf(before.account, before.groups);
  const changed = then === null ? [] : fieldsOf(then, now).filter((field) => then.get(field) !== now.get(field));
  const wishes = plan.operations.flatMap((operation) => wishesOf(operation, account));
  const differences = wishes.map((wish) => differenceOf(facts, wish, { changed, before, now, isFirstLook }));
  const wanting = new Set(wishes.map(({ field }) => field));
  const { adoptedGroups, forgottenGroups, ...times } = plan.bookkeeping ?? NOTHING_NOTED;
  const gone = new Set(forgottenGroups.map(nameKey));
  return {
    observation: {
      account,
      groups: facts.accountGroups,
      ledger: [...(before?.ledger ?? []), ...adoptedGroups].filter((group) => !gone.has(nameKey(group))),
      times,
      open: wishes.map(({ field, rollcall }) => ({ field, rollcall })),
    },
    differences,
    changes: changed.length,
    agreed: changed.filter((field) => !wanting.has(field)).length,
  };
}

export function countObserved(people: readonly ObservedPerson[]): ObserveCounts {
  const counts: Record<keyof ObserveCounts, number> = { ...NOTHING_OBSERVED, people: people.length };
  for (const { differences, changes, agreed } of people) {
    counts.changes += changes;
    counts.agreed += agreed;
    counts.differences += differences.length;
    for (const { cause, verdict } of differences) {
      counts[cause] += 1;
      if (verdict !== null) counts[verdict] += 1;
    }
  }
  return counts;
}

const NO_TIMES: Observation['times'] = { missingSince: null, outOfScopeSince: null, disabledSince: null };
const NOTHING_NOTED: Bookkeeping = { ...NO_TIMES, adoptedGroups: [], forgottenGroups: [] };

function madeUpLink(
  { externalId, link }: UserFacts,
  account: TargetUser,
  before: Observation | null,
  ctx: PlanContext
): Link {
  if (link !== null && link.targetKey === account.key && link.state !== 'released') return link;
  return {
    connectorId: '',
    externalId,
    targetId: ctx.targetId,
    targetKey: account.key,
    state: 'active',
    version: 0,
    versionBy: null,
    lastApplied: null,
    lastDeactivatedBy: null,
    lastDeactivatedCause: null,
    ...(before?.times ?? NO_TIMES),
  };
}

/** One value that Rollcall would have otherwise. */
interface Wish {
  readonly field: string;
  readonly what: Observed;
  readonly group: string | null;
  readonly rollcall: string | boolean | null;
  readonly operation: DraftOperation;
}

const fieldOf = (what: Observed, group: string | null = null): string =>
  group === null ? what : `${what}:${nameKey(group)}`;

function wishesOf(operation: DraftOperation, account: TargetUser | null): readonly Wish[] {
  const wish = (what: Observed, rollcall: Wish['rollcall'], group: string | null = null): Wish => ({
    field: fieldOf(what, group),
    what,
    group,
    rollcall,
    operation,
  });
  const text = (name: string): string | null => {
    const value = operation.after?.[name];
    return typeof value === 'string' ? value : null;
  };
  const group = (operation.after ?? operation.before)?.['group'];
  switch (operation.kind) {
    case 'createUser':
      return [wish('account', text('username'))];
    case 'deactivateUser':
      return [wish('active', false)];
    case 'reactivateUser':
      return [wish('active', true)];
    case 'renameUser':
      return [wish('username', text('username'))];
    case 'updateUser':
      return (['email', 'displayName'] as const)
        .filter((name) => operation.after?.[name] !== undefined)
        .map((name) => wish(name, text(name)));
    case 'addMembership':
    case 'removeMembership':
      // Groups of an account that is yet to be created come with it.
      if (typeof group !== 'string' || account === null) return [];
      return [wish('group', operation.kind === 'addMembership', group)];
    default:
      return [];
  }
}

type State = ReadonlyMap<string, string | boolean | null>;

function stateOf(account: TargetUser | null, groups: readonly string[]): State {
  if (account === null) return new Map([[fieldOf('account'), null]]);
  const { username, email, displayName, active } = account;
  return new Map<string, string | boolean | null>([
    [fieldOf('account'), account.key],
    [fieldOf('active'), active],
    [fieldOf('username'), username],
    [fieldOf('email'), email],
    [fieldOf('displayName'), displayName],
    ...groups.map((group) => [fieldOf('group', group), true] as const),
  ]);
}

/** What can be compared: of an account that came or went, only that; groups that one of the two lacks are false there. */
function fieldsOf(a: State, b: State): readonly string[] {
  const isOne = a.get(fieldOf('account')) !== b.get(fieldOf('account'));
  return isOne ? [fieldOf('account')] : [...new Set([...a.keys(), ...b.keys()])];
}

interface Comparison {
  readonly changed: readonly string[];
  readonly before: Observation | null;
  readonly now: State;
  readonly isFirstLook: boolean;
}

function differenceOf({ externalId, account }: UserFacts, wish: Wish, comparison: Comparison): ObservedDifference {
  const { field, what, group, rollcall, operation } = wish;
  const { now } = comparison;
  const jira = now.get(field) ?? (what === 'group' ? false : null);
  const verdict = rollcall === true ? ('wronglyDead' as const) : ('wronglyAlive' as const);
  return {
    externalId,
    account: account === null ? null : { key: account.key, username: account.username },
    what,
    group,
    jira,
    rollcall,
    cause: causeOf(wish, comparison),
    verdict: what === 'active' ? verdict : null,
    held: operation.heldByRule,
    reasons: operation.reasons,
  };
}

function causeOf({ field, rollcall }: Wish, { changed, before, isFirstLook }: Comparison): ObservedCause {
  if (isFirstLook) return 'found';
  if (before === null) return 'newAtSource';
  if (changed.includes(field) || changed.includes(fieldOf('account'))) return 'changedInJira';
  const stood = before.open.some((one) => one.field === field && one.rollcall === rollcall);
  return stood ? 'notDone' : 'newAtSource';
}
