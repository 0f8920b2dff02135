import { domainOf } from './email-address';
import type { Contest, Holder, PlanContext, UserFacts } from './facts';
import type { TargetUser } from './model';
import { emailKey } from './names';
import type { Reason } from './operation';
import { because } from './reasons';
import type { MatchKey, MatchSettings } from './settings';

/**
 * What the target holds for a source user without a link (rules 1.2, 1.3).
 * none: an account may be created · candidate: one account may be adopted · held: neither may happen;
 * `creatable` when only the e-mail is in question, so that an approval may still create a separate account.
 */
export type Match =
  | { readonly kind: 'none' }
  | { readonly kind: 'candidate'; readonly account: TargetUser; readonly by: 'email' | 'username' }
  | { readonly kind: 'held'; readonly reasons: readonly Reason[]; readonly creatable: boolean }
  | { readonly kind: 'syncAccount' };

type Finding = { readonly kind: 'nobody' } | { readonly kind: 'account'; readonly account: TargetUser } | Refusal;
interface Refusal {
  readonly kind: 'refused';
  readonly reason: Reason;
}

/** Finds the account of a source user that has no link, or says why none may be taken. */
export function findMatch(facts: UserFacts, ctx: PlanContext): Match {
  const named = facts.byUsername;
  if (named.kind === 'one' && named.account.key === ctx.syncAccountKey) return { kind: 'syncAccount' };
  if (facts.usernameContest !== null) return held(contestReason('usernameContest', facts.usernameContest));
  const { match } = ctx.settings;
  const rehire = rehireReason(facts, match);
  if (rehire !== null) return held(rehire);
  if (facts.emailContest !== null) return emailContested(facts, facts.emailContest);
  if (match.adopt === 'never') return unlessTaken(facts);
  const findings = match.by.map((key) => ({ by: keyName(key), found: findBy(key, facts, ctx) }));
  const refused = findings.flatMap(({ found }) => (found.kind === 'refused' ? [found.reason] : []));
  if (refused.length > 0) return { kind: 'held', reasons: distinct(refused), creatable: isFree(facts) };
  const hits = findings.flatMap(({ by, found }) => (found.kind === 'account' ? [{ by, account: found.account }] : []));
  const [first, ...rest] = hits;
  if (first === undefined) return unlessTaken(facts);
  const other = rest.find((hit) => hit.account.key !== first.account.key) ?? nameHolder(facts, first.account);
  if (other !== null) return held(ambiguous([first.account.key, other.account.key]));
  return { kind: 'candidate', ...first };
}

/** Two source users for one value: both ids are shown (rules 1.2, 1.5). */
export function contestReason(code: 'usernameContest' | 'emailContest', contest: NonNullable<Contest>): Reason {
  const [first, second] = contest;
  return because(code, code === 'usernameContest' ? '1.5' : '1.2', { first, second });
}

/** Why a name cannot be had, or null when nobody but `key` holds it. */
export function takenReason(holder: Holder, key: string | null): Reason | null {
  switch (holder.kind) {
    case 'nobody':
      return null;
    case 'many':
      return ambiguous(holder.keys);
    case 'one':
      return holder.account.key === key ? null : because('nameTaken', '1.5', ownerParams(holder));
  }
}

function findBy(key: MatchKey, facts: UserFacts, ctx: PlanContext): Finding {
  if (key === 'email') return judge(facts.byEmail, ctx);
  const holder = facts.byUsername;
  if (holder.kind !== 'one' || key.username.confirm === 'none') return judge(holder, ctx);
  const email = holder.account.email;
  const confirmed = email !== null && facts.prepared?.emailKey === emailKey(email);
  return confirmed ? judge(holder, ctx) : { kind: 'nobody' };
}

/** Unique, not owned, active, not protected, in a named domain; anything else is for a person to decide. */
function judge(holder: Holder, ctx: PlanContext): Finding {
  if (holder.kind === 'nobody') return holder;
  if (holder.kind === 'many') return { kind: 'refused', reason: ambiguous(holder.keys) };
  const { account, owner } = holder;
  if (account.key === ctx.syncAccountKey) return refused('syncAccount', { account: account.key });
  if (owner !== null) return refused('owned', ownerParams(holder));
  if (!account.active) return refused('inactive', { account: account.key });
  if (ctx.protectedKeys.has(account.key)) return refused('protected', { account: account.key });
  if (!inNamedDomain(account.email, ctx.settings.match)) return refused('domain', { account: account.key });
  return { kind: 'account', account };
}

function inNamedDomain(email: string | null, match: MatchSettings): boolean {
  if (match.domains.length === 0) return true;
  const domain = email === null ? null : domainOf(email);
  return domain !== null && match.domains.some((named) => named.trim().toLowerCase() === domain);
}

/** The owner of the account is missing from a proved read: perhaps the same person under a new id (rules 1.3). */
function rehireReason(facts: UserFacts, match: MatchSettings): Reason | null {
  for (const holder of usesEmail(match) ? [facts.byUsername, facts.byEmail] : [facts.byUsername]) {
    if (holder.kind === 'one' && holder.owner !== null && !holder.owner.seen) {
      return because('rehire', '1.3', ownerParams(holder));
    }
  }
  return null;
}

function emailContested(facts: UserFacts, contest: NonNullable<Contest>): Match {
  return { kind: 'held', reasons: [contestReason('emailContest', contest)], creatable: isFree(facts) };
}

function unlessTaken(facts: UserFacts): Match {
  const reason = takenReason(facts.byUsername, null);
  return reason === null ? { kind: 'none' } : held(reason);
}

/** An account found by e-mail can only get the wanted username when nobody else has it. */
function nameHolder(facts: UserFacts, account: TargetUser): { readonly account: TargetUser } | null {
  const holder = facts.byUsername;
  return holder.kind === 'one' && holder.account.key !== account.key ? holder : null;
}

function isFree(facts: UserFacts): boolean {
  return facts.byUsername.kind === 'nobody';
}

/** Whether an account is looked for by its address, or confirmed by it. */
export function usesEmail(match: MatchSettings): boolean {
  return match.by.some((key) => key === 'email' || key.username.confirm === 'email');
}

function keyName(key: MatchKey): 'email' | 'username' {
  return key === 'email' ? 'email' : 'username';
}

function held(reason: Reason): Match {
  return { kind: 'held', reasons: [reason], creatable: false };
}

function refused(why: string, params: Readonly<Record<string, string>>): Refusal {
  return { kind: 'refused', reason: because('ambiguous', '1.2', { why, ...params }) };
}

function ambiguous(keys: readonly string[]): Reason {
  const [first = '', second = ''] = [...keys].sort();
  return because('ambiguous', '1.2', { why: 'several', first, second });
}

function ownerParams(holder: Extract<Holder, { kind: 'one' }>): Readonly<Record<string, string>> {
  const account = { account: holder.account.key };
  return holder.owner === null ? account : { ...account, owner: holder.owner.externalId };
}

function distinct(reasons: readonly Reason[]): readonly Reason[] {
  return [...new Map(reasons.map((reason) => [JSON.stringify(reason), reason])).values()];
}
