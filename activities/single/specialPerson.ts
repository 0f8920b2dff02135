import type { UserFacts } from '../../domain/facts';
import { causeOf } from '../../domain/lifecycle';
import type { TargetUser } from '../../domain/model';
import { nameKey } from '../../domain/names';
import { leadSuccessor } from '../leadFacts';
import { cancellation } from '../progress';
import { lastActive, membersOf } from '../protectedAccounts';
import type { SpecialAccounts } from '../protectedAccounts';
import type { SingleContext } from './order';

/**
 * Whether one person's account is protected, asked of the account itself: a run reads the members of the protected
 * groups instead. Whether somebody is the last member is read where a deactivation is at stake.
 */
export async function specialFor(context: SingleContext, facts: UserFacts): Promise<SpecialAccounts> {
  const { settings } = context;
  const syncAccountKey = await context.syncAccountKey();
  const account = facts.account ?? candidate(facts);
  if (account === null) return { syncAccountKey, protectedKeys: [], lastMemberKeys: [] };
  const guarded = settings.protected.groups.filter((group) => has(facts.accountGroups, group));
  const isProtected = guarded.length > 0 || has(settings.protected.users, account.username);
  const protectedKeys = isProtected ? [account.key] : [];
  if (causeOf(facts) === null) return { syncAccountKey, protectedKeys, lastMemberKeys: [] };
  const lastMemberKeys = await lastOf(context, guarded);
  return { syncAccountKey, protectedKeys, lastMemberKeys, leads: await leadSuccessor(context.target, settings) };
}

const has = (names: readonly string[], name: string): boolean => names.map(nameKey).includes(nameKey(name));

const candidate = ({ byUsername, byEmail }: UserFacts): TargetUser | null => {
  if (byUsername.kind === 'one') return byUsername.account;
  return byEmail.kind === 'one' ? byEmail.account : null;
};

async function lastOf({ target }: SingleContext, groups: readonly string[]): Promise<readonly string[]> {
  const members = await Promise.all(groups.map((group) => membersOf(target, group, cancellation())));
  return members.flatMap(lastActive);
}
