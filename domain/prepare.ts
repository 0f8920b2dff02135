import type { PreparedUser, Wanted, WantedAccount } from './facts';
import { mapAttribute } from './mapping';
import type { MappedAttribute } from './mapping';
import type { SourceUser } from './model';
import { emailKey, nameKey } from './names';
import type { Reason } from './operation';
import { outOfScopeReason } from './scope';
import type { NamedGroup } from './scope';
import type { DecisionSettings } from './settings';

/** The strongest first: a user who is out of scope is not also held for a wrong attribute. */
const STANDINGS = ['outOfScope', 'excluded', 'invalid'] as const;

/**
 * Applies scope and mapping to one source user (rules 1.5, 3.1, 3.2).
 * `groups` are the source groups he is a member of, after flattening.
 */
export function prepareUser(user: SourceUser, groups: readonly NamedGroup[], settings: DecisionSettings): PreparedUser {
  const mapping = settings.mapping;
  const username = mapAttribute('username', mapping.username, user);
  const name = username.kind === 'value' ? username.text : null;
  const outside = outOfScopeReason(user, groups, name, settings.scope);
  if (outside !== null) return without(user, 'outOfScope', [outside]);
  const email = mapAttribute('email', mapping.email, user);
  const displayName = mapAttribute('displayName', mapping.displayName, user);
  for (const standing of STANDINGS) {
    const reasons = [username, email, displayName].flatMap((mapped) => reasonFor(mapped, standing));
    if (reasons.length > 0) return without(user, standing, reasons);
  }
  // mapAttribute answers for a username with a value or a standing only.
  if (name === null) throw new Error('mapping gave neither a username nor a standing');
  return inScope(user, { username: name, email: wanted(email), displayName: wanted(displayName) });
}

function reasonFor(mapped: MappedAttribute, standing: (typeof STANDINGS)[number]): readonly Reason[] {
  return mapped.kind === 'standing' && mapped.standing === standing ? [mapped.reason] : [];
}

function wanted(mapped: MappedAttribute): Wanted<string | null> {
  if (mapped.kind === 'value') return { set: mapped.text };
  return mapped.kind === 'clear' ? { set: null } : 'keep';
}

function without(user: SourceUser, standing: (typeof STANDINGS)[number], reasons: readonly Reason[]): PreparedUser {
  return { externalId: user.externalId, standing, wanted: null, usernameKey: null, emailKey: null, reasons };
}

function inScope(user: SourceUser, account: WantedAccount): PreparedUser {
  const email = account.email === 'keep' ? null : account.email.set;
  return {
    externalId: user.externalId,
    standing: 'inScope',
    wanted: account,
    usernameKey: user.active ? nameKey(account.username) : null,
    emailKey: user.active && email !== null ? emailKey(email) : null,
    reasons: [],
  };
}
