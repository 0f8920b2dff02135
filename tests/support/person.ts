import type { GroupsDecision, Holder, ManagedGroup, PlanContext, UserFacts, UserPlan } from '../../domain/facts';
import type { AttributeRecord, Link, SourceUser, TargetUser } from '../../domain/model';
import { preparePerson } from '../../domain/prepare';
import type { DecisionSettings, GroupRule } from '../../domain/settings';
import { DEFAULTS } from './decision-settings';
import { linkTo } from './pure-apply';
import { COMPLETE } from './pure-sync';

export const NOW = '2026-03-10T02:00:00.000Z';
export const NOBODY: Holder = { kind: 'nobody' };
const NO_GROUPS: GroupsDecision = {
  bySourceId: {},
  byTargetKey: {},
  frozen: {},
  alwaysAdd: [],
  operations: [],
  warnings: [],
};

/** Alice at the source: active, with all attributes. */
export function alice(attributes: AttributeRecord = {}, active = true): SourceUser {
  const usual = { username: 'alice', email: 'alice@corp.com', displayName: 'Alice Ames' };
  return { externalId: 'a-1', active, attributes: { ...usual, ...attributes } };
}

/** Alice's account in the target. */
export function account(changes: Partial<TargetUser> = {}): TargetUser {
  const usual = { key: 'JIRAUSER1', username: 'alice', email: 'alice@corp.com', displayName: 'Alice Ames' };
  return { ...usual, active: true, ...changes };
}

export function held(by: TargetUser, owner: string | null = null, seen = true): Holder {
  return { kind: 'one', account: by, owner: owner === null ? null : { connectorId: 'corp', externalId: owner, seen } };
}

/** What is known of a source user without a link; nobody holds what he wants. */
export function newcomer(changes: Partial<UserFacts> = {}, user = alice(), settings = DEFAULTS): UserFacts {
  const { source, prepared } = preparePerson(user, [], settings);
  return {
    externalId: user.externalId,
    presence: 'present',
    source,
    prepared,
    groupIds: [],
    link: null,
    account: null,
    accountGroups: [],
    ledger: [],
    byUsername: NOBODY,
    byEmail: NOBODY,
    usernameContest: null,
    emailContest: null,
    rename: null,
    ...changes,
  };
}

/** What is known of a linked user; his account holds his name and address. */
export function member(changes: Partial<UserFacts> = {}, user = alice(), settings = DEFAULTS): UserFacts {
  const own = account();
  return newcomer(
    { link: link(), account: own, byUsername: held(own, 'a-1'), byEmail: held(own, 'a-1'), ...changes },
    user,
    settings
  );
}

/** A linked user whom the source no longer has. */
export function absent(
  changes: Partial<UserFacts> = {},
  missingSince: string | null = '2026-03-01T00:00:00.000Z'
): UserFacts {
  const gone = { presence: 'absentProved', source: null, prepared: null, byUsername: NOBODY, byEmail: NOBODY } as const;
  return member({ ...gone, link: link({ missingSince }), ...changes });
}

export function link(changes: Partial<Link> = {}): Link {
  return linkTo('a-1', 'JIRAUSER1', { version: 3, ...changes });
}

export function context(changes: Partial<PlanContext> = {}, settings: DecisionSettings = DEFAULTS): PlanContext {
  return {
    settings,
    targetId: 'jira',
    groups: NO_GROUPS,
    complete: COMPLETE,
    now: NOW,
    syncAccountKey: 'JIRAUSER0',
    protectedKeys: new Set(),
    protectedGroups: new Set(['jira-administrators']),
    ...changes,
  };
}

/** A decision about groups: `g-1` stands for jira-dev. */
export function grouping(rule: Partial<GroupRule> = {}, group: Partial<ManagedGroup> = {}): GroupsDecision {
  const managed = { match: '*', mode: 'managed', create: true, sensitive: false, ...rule } as const;
  return {
    ...NO_GROUPS,
    bySourceId: { 'g-1': ['jira-dev'] },
    byTargetKey: { 'jira-dev': { name: 'jira-dev', rule: managed, exists: true, held: null, ...group } },
  };
}

/** `kind` of each operation, `!` where a rule holds it, and the codes of its reasons. */
export function summary(plan: UserPlan): string[] {
  return plan.operations.map(
    ({ kind, heldByRule, reasons }) => `${kind}${heldByRule ? '!' : ''} ${reasons.map(({ code }) => code).join('+')}`
  );
}

export function codes(plan: UserPlan): string[] {
  return plan.reasons.map(({ code }) => code);
}
