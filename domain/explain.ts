import { existingRecord, linkRecord } from './expression/subject';
import type { Contest, GroupsDecision, Holder, Presence, PreparedUser, UserFacts, WantedAccount } from './facts';
import type { AttributeRecord, LedgerMembership, Link, SourceGroup, SourceUser, TargetUser } from './model';
import type { AttributeTrace } from './mapping/trace';
import { assertedGroups } from './memberships';
import type { OperationKind, OperationStatus, Reason } from './operation';
import { nameKey } from './names';
import { nameGroups } from './group-name';
import { prepareUser } from './prepare';
import { scopeClauses } from './scope';
import type { ScopeClause } from './scope';
import { byText, own } from './records';
import type { Outcome } from './run';
import type { DecisionSettings } from './settings';

/** An operation with what caused it. */
export interface ExplainedOperation {
  readonly kind: OperationKind;
  readonly before: AttributeRecord | null;
  readonly after: AttributeRecord | null;
  /** `planned` and `held` where nothing is applied. */
  readonly status: OperationStatus;
  readonly reasons: readonly Reason[];
  readonly error: string | null;
  /** The run that applied it; null where nothing is applied. */
  readonly appliedBy: string | null;
}

/** A source group of the person, and the Jira groups it stands for. */
export interface ExplainedGroup {
  readonly externalId: string;
  readonly name: string;
  readonly standsFor: readonly string[];
}

/** An account that holds the wanted name or address. */
export interface ExplainedCandidate {
  readonly by: 'username' | 'email';
  readonly account: TargetUser | null;
  /** Who owns it by a link; null: nobody. */
  readonly owner: { readonly connectorId: string; readonly externalId: string } | null;
  /** Keys of accounts where several hold it. */
  readonly keys: readonly string[];
}

/** Why Rollcall does, or did, what it does with one person: from the source to the operations. */
export interface Explanation {
  readonly externalId: string;
  readonly presence: Presence;
  readonly source: Pick<SourceUser, 'active' | 'attributes'> | null;
  readonly groups: readonly ExplainedGroup[];
  readonly scope: readonly ScopeClause[];
  readonly mapping: readonly AttributeTrace[];
  /** What scope and mapping make of the person; null where the source has nobody. */
  readonly prepared: Pick<PreparedUser, 'standing' | 'reasons'> | null;
  readonly contests: { readonly username: Contest; readonly email: Contest };
  readonly candidates: readonly ExplainedCandidate[];
  readonly link: Pick<
    Link,
    'state' | 'targetKey' | 'lastDeactivatedBy' | 'missingSince' | 'outOfScopeSince' | 'disabledSince'
  > | null;
  /** What the account is to be; null where scope or mapping give none. */
  readonly desired: WantedAccount | null;
  /** Jira groups that source groups or the configuration assert. */
  readonly desiredGroups: readonly { readonly group: string; readonly reason: Reason }[];
  readonly actual: {
    readonly account: TargetUser;
    /** Groups of the account, with who brought each about where that is known. */
    readonly groups: readonly { readonly group: string; readonly addedBy: LedgerMembership['addedBy'] | null }[];
  } | null;
  readonly operations: readonly ExplainedOperation[];
  /** What the person's result is beside, or without, operations. */
  readonly standing: 'unchanged' | 'skipped' | 'held';
  readonly reasons: readonly Reason[];
  /** What a run made of the person; null where nothing was run. */
  readonly outcome: Outcome | null;
  readonly error: string | null;
}

export interface ExplainInput {
  readonly facts: UserFacts;
  readonly settings: DecisionSettings;
  /** The person's source groups, after flattening. */
  readonly groups: readonly SourceGroup[];
  readonly decision: GroupsDecision;
}

/** The part of an explanation that leads to the plan: everything but what was planned and done. */
export type Background = Omit<Explanation, 'operations' | 'standing' | 'reasons' | 'outcome' | 'error'>;

/** Shows the facts on which a person is planned, and what scope and mapping make of them step by step. */
export function explainFacts(input: ExplainInput): Background {
  const { facts, groups, decision } = input;
  const { source, prepared, link, account } = facts;
  const traces = source === null ? [] : tracesOf(source, input);
  return {
    externalId: facts.externalId,
    presence: facts.presence,
    source: source === null ? null : { active: source.active, attributes: source.attributes },
    groups: groups.map(({ externalId, name }) => ({
      externalId,
      name,
      standsFor: own(decision.bySourceId, externalId) ?? [],
    })),
    scope: source === null ? [] : clausesOf(source, traces, input),
    mapping: traces,
    prepared: prepared === null ? null : { standing: prepared.standing, reasons: prepared.reasons },
    contests: { username: facts.usernameContest, email: facts.emailContest },
    candidates: [...candidateOf('username', facts.byUsername), ...candidateOf('email', facts.byEmail)],
    link: link === null ? null : shownLink(link),
    desired: prepared?.wanted ?? null,
    desiredGroups: [...assertedGroups(facts, { groups: decision }).values()].map(({ name, reason }) => ({
      group: name,
      reason,
    })),
    actual: account === null ? null : { account, groups: groupsOf(facts) },
  };
}

/** What expressions may look at besides the source. */
const knownOf = ({ link, account, accountGroups }: UserFacts) => ({
  link: linkRecord(link),
  existing: existingRecord(account, accountGroups),
});

/** The decision about the person once more, with every step told. */
function tracesOf(source: SourceUser, { facts, groups, settings }: ExplainInput): readonly AttributeTrace[] {
  const traces: AttributeTrace[] = [];
  prepareUser(source, groups, settings, { ...knownOf(facts), note: (trace) => traces.push(trace) });
  return traces;
}

function clausesOf(
  user: SourceUser,
  traces: readonly AttributeTrace[],
  { facts, groups, settings }: ExplainInput
): readonly ScopeClause[] {
  const named = nameGroups(groups, settings.groups);
  const subject = { ...knownOf(facts), user, groups: named.map(({ name }) => name) };
  return scopeClauses({ subject, groups: named, username: mappedUsername(traces) }, settings.scope);
}

function mappedUsername(traces: readonly AttributeTrace[]): string | null {
  const result = traces.find(({ attribute }) => attribute === 'username')?.result;
  return result?.kind === 'values' ? (result.texts[0] ?? null) : null;
}

function candidateOf(by: ExplainedCandidate['by'], holder: Holder): readonly ExplainedCandidate[] {
  switch (holder.kind) {
    case 'nobody':
      return [];
    case 'many':
      return [{ by, account: null, owner: null, keys: holder.keys }];
    case 'one': {
      const { account, owner } = holder;
      const shown = owner === null ? null : { connectorId: owner.connectorId, externalId: owner.externalId };
      return [{ by, account, owner: shown, keys: [account.key] }];
    }
  }
}

function shownLink(link: Link): NonNullable<Explanation['link']> {
  const { state, targetKey, lastDeactivatedBy, missingSince, outOfScopeSince, disabledSince } = link;
  return { state, targetKey, lastDeactivatedBy, missingSince, outOfScopeSince, disabledSince };
}

function groupsOf({ accountGroups, ledger }: UserFacts): NonNullable<Explanation['actual']>['groups'] {
  const origins = new Map(ledger.map(({ group, addedBy }) => [nameKey(group), addedBy]));
  return [...accountGroups].sort(byText).map((group) => ({ group, addedBy: origins.get(nameKey(group)) ?? null }));
}
