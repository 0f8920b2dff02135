import { draftForUser } from './draft';
import type { PlanContext, UserFacts, Wanted, WantedAccount } from './facts';
import { reactivates } from './lifecycle';
import { contestReason, takenReason } from './matching';
import type { AttributeRecord, DesiredAccount, TargetUser } from './model';
import { emailKey, nameKey } from './names';
import type { Reason } from './operation';
import { isPseudonymized } from './pseudonym';
import { because } from './reasons';
import type { AttributeRule } from './settings';
import { merge, NOTHING, operating, standing } from './user-plan';
import type { Part } from './user-plan';

export interface AccountInput {
  readonly facts: UserFacts;
  readonly ctx: PlanContext;
  /** The linked account, or one that is adopted in the same plan. */
  readonly account: TargetUser;
  readonly wanted: WantedAccount;
}

/** Rename and update of an account whose person is active and in scope (rules 1.5, 1.7, 3.4). */
export function planAttributes(input: AccountInput): Part {
  if (input.facts.link?.state === 'externalDirectory') return standing('skipped', because('externalDirectory', '3.8'));
  return merge(planRename(input), planUpdate(input));
}

/**
 * What is done about an inactive account of an active person (rules 3.3). `goesOn`: attributes and memberships may be
 * planned behind it; an account that stays inactive is left alone.
 */
export function planReactivation(input: AccountInput): { readonly part: Part; readonly goesOn: boolean } {
  const { facts, ctx, account } = input;
  const { reactivate } = ctx.settings.users.actions;
  if (reactivate === 'never') return { part: standing('skipped', because('reactivationOff', '3.3')), goesOn: false };
  if (facts.link?.state === 'externalDirectory') {
    return { part: standing('skipped', because('externalDirectory', '3.8')), goesOn: false };
  }
  const ours = reactivates(facts, ctx);
  const guarded = ctx.protectedKeys.has(account.key);
  const reasons = [
    because(facts.link?.lastDeactivatedBy === 'us' ? 'deactivatedByUs' : 'deactivatedInTarget', '3.3'),
    ...(guarded ? [because('protectedAccount', '3.4')] : []),
  ];
  const heldByRule = !ours || guarded;
  const operation = draftForUser('reactivateUser', facts, {
    targetKey: account.key,
    before: { active: false },
    after: { active: true },
    reasons,
    gateKinds: ['reactivations'],
    heldByRule,
  });
  return { part: operating(operation), goesOn: !heldByRule };
}

/** What a new account is written with. Jira shows a name for everybody: without one it is the username. */
export function newAccount(wanted: WantedAccount): AttributeRecord {
  return {
    username: wanted.username,
    email: wanted.email === 'keep' ? null : wanted.email.set,
    displayName: displayNameOf(wanted) ?? wanted.username,
  };
}

function planRename(input: AccountInput): Part {
  const { facts, ctx, account, wanted } = input;
  const rule = ctx.settings.mapping.username;
  const restores = isPseudonymized(facts.link, account);
  const isKept = rule.apply === 'onCreate' && !restores;
  if (isKept || isSame(wanted.username, account.username, rule, nameKey)) return NOTHING;
  if (!ctx.settings.users.actions.rename && !restores)
    return standing('skipped', because('actionOff', '1.7', { action: 'rename' }));
  const obstacle = renameObstacle(facts, account);
  if (obstacle !== null) return standing('held', obstacle);
  const guarded = ctx.protectedKeys.has(account.key);
  const step = facts.rename?.verdict === 'chain' ? { step: facts.rename.step } : {};
  return operating(
    draftForUser('renameUser', facts, {
      targetKey: account.key,
      before: { username: account.username },
      after: { ...step, username: wanted.username },
      reasons: guardedReasons('1.7', guarded),
      gateKinds: ['renames'],
      heldByRule: guarded,
    })
  );
}

function renameObstacle(facts: UserFacts, account: TargetUser): Reason | null {
  if (facts.usernameContest !== null) return contestReason('usernameContest', facts.usernameContest);
  if (facts.rename?.verdict === 'held') return facts.rename.reason;
  return facts.rename?.verdict === 'chain' ? null : takenReason(facts.byUsername, account.key);
}

/** An address that somebody else in the source wants too is held; the rest of the update goes on. */
function planUpdate(input: AccountInput): Part {
  const { facts } = input;
  const wantedEmail = emailChange(input);
  const contest = wantedEmail === null ? null : facts.emailContest;
  if (contest === null) return planChanges(input, wantedEmail);
  return merge(standing('held', contestReason('emailContest', contest)), planChanges(input, null));
}

function planChanges(input: AccountInput, email: Change | null): Part {
  const { facts, ctx, account } = input;
  const displayName = displayNameChange(input);
  if (email === null && displayName === null) return NOTHING;
  if (!ctx.settings.users.actions.update && formerly(input) === null)
    return standing('skipped', because('actionOff', '3.2', { action: 'update' }));
  const guarded = email !== null && ctx.protectedKeys.has(account.key);
  return operating(
    draftForUser('updateUser', facts, {
      targetKey: account.key,
      before: { ...email?.before, ...displayName?.before },
      after: { ...email?.after, ...displayName?.after },
      reasons: guardedReasons('3.2', guarded),
      gateKinds: email === null ? [] : ['emails'],
      heldByRule: guarded,
    })
  );
}

interface Change {
  readonly before: AttributeRecord;
  readonly after: AttributeRecord;
}

function emailChange({ facts, ctx, account, wanted }: AccountInput): Change | null {
  const rule = ctx.settings.mapping.email;
  const before = formerly({ facts, account });
  const value = before === null ? valueOf(wanted.email, rule) : restored(wanted.email, before.email);
  if (value === undefined) return null;
  const known = account.email ?? hiddenEmail(facts, value);
  if (known === value || (known !== null && value !== null && isSame(value, known, rule, emailKey))) return null;
  return { before: { email: account.email }, after: { email: value } };
}

/**
 * The target may hide addresses: then what was last written counts as there, so that the same address is not written
 * in every run. Without such a record nothing is known, and the wanted address counts as there.
 */
function hiddenEmail(facts: UserFacts, wanted: string | null): string | null {
  const applied = facts.link?.lastApplied ?? null;
  return applied === null ? wanted : applied.email;
}

function displayNameChange({ facts, ctx, account, wanted }: AccountInput): Change | null {
  const rule = ctx.settings.mapping.displayName;
  const before = formerly({ facts, account });
  const value =
    before !== null
      ? (displayNameOf(wanted) ?? before.displayName)
      : rule.apply === 'onCreate'
        ? null
        : displayNameOf(wanted);
  if (value === null || isSame(value, account.displayName, rule, nameKey)) return null;
  return { before: { displayName: account.displayName }, after: { displayName: value } };
}

/** Null: keep what is there. A cleared display name is the username. */
function displayNameOf(wanted: WantedAccount): string | null {
  return wanted.displayName === 'keep' ? null : (wanted.displayName.set ?? wanted.username);
}

function valueOf<T>(wanted: Wanted<T>, rule: AttributeRule): T | undefined {
  return wanted === 'keep' || rule.apply === 'onCreate' ? undefined : wanted.set;
}

/** What an account that bears its pseudonym was called before: whoever comes back gets it back (rules 3.7). */
function formerly({ facts, account }: Pick<AccountInput, 'facts' | 'account'>): DesiredAccount | null {
  return isPseudonymized(facts.link, account) ? (facts.link?.beforePseudonym ?? null) : null;
}

const restored = <T>(wanted: Wanted<T>, before: T): T => (wanted === 'keep' ? before : wanted.set);

/** A difference in case only is none, unless the mapping says `case: exact` (rules 1.5). */
function isSame(a: string, b: string, rule: AttributeRule, keyOf: (text: string) => string): boolean {
  return rule.case === 'exact' ? a.normalize('NFC') === b.normalize('NFC') : keyOf(a) === keyOf(b);
}

function guardedReasons(rule: string, guarded: boolean): readonly Reason[] {
  const changed = because('changedAtSource', rule);
  return guarded ? [changed, because('protectedAccount', '3.4')] : [changed];
}
