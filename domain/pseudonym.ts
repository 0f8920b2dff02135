import { fingerprint } from './ids';
import type { DesiredAccount, Link, TargetUser } from './model';
import { nameKey } from './names';

const DIGITS = 12;

/**
 * What a leaver is called after pseudonymizing (rules 3.7): the same for one link in every run, and nothing of the name in
 * it. Reversible: the link keeps what the account was called before.
 */
export function pseudonymOf({ connectorId, externalId }: Pick<Link, 'connectorId' | 'externalId'>): DesiredAccount {
  const id = fingerprint(`${connectorId} ${externalId}`).slice(0, DIGITS);
  return { username: `former-${id}`, email: `former-${id}@example.invalid`, displayName: `Former user ${id}` };
}

/** True for an account that bears the pseudonym of its link. */
export function isPseudonymized(link: Link | null, account: Pick<TargetUser, 'username'> | null): boolean {
  return link !== null && account !== null && nameKey(account.username) === pseudonymOf(link).username;
}
