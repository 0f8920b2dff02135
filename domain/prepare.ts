import type { PreparedUser, WantedAccount } from './facts';
import { mapUser } from './mapping/user';
import type { SourceUser } from './model';
import { emailKey, nameKey } from './names';
import type { Reason } from './operation';
import { outOfScopeReason } from './scope';
import type { NamedGroup } from './scope';
import type { DecisionSettings } from './settings';

/** The strongest first: a user who is out of scope is not also held for a wrong attribute. */
const STANDINGS = ['outOfScope', 'excluded', 'invalid'] as const;
type Standing = (typeof STANDINGS)[number];

/** A source user, active as the mapping says, and what scope and mapping make of him. */
export interface PreparedPerson {
  readonly source: SourceUser;
  readonly prepared: PreparedUser;
}

/** `prepareUser`, with the user as every plan has to see him. */
export function preparePerson(
  user: SourceUser,
  groups: readonly NamedGroup[],
  settings: DecisionSettings
): PreparedPerson {
  const prepared = prepareUser(user, groups, settings);
  return { source: user.active === prepared.active ? user : { ...user, active: prepared.active }, prepared };
}

/**
 * Applies scope and mapping to one source user (rules 1.5, 3.1, 3.2).
 * `groups` are the source groups he is a member of, after flattening.
 */
export function prepareUser(user: SourceUser, groups: readonly NamedGroup[], settings: DecisionSettings): PreparedUser {
  const { wanted, active, standings } = mapUser(user, settings.mapping);
  const person = { externalId: user.externalId, active };
  const outside = outOfScopeReason(user, groups, wanted?.username ?? null, settings.scope);
  if (outside !== null) return without(person, 'outOfScope', [outside]);
  for (const standing of STANDINGS) {
    const reasons = standings.filter((one) => one.standing === standing).map((one) => one.reason);
    if (reasons.length > 0) return without(person, standing, reasons);
  }
  // The mapping answers for a username with a value or a standing only.
  if (wanted === null) throw new Error('mapping gave neither a username nor a standing');
  return inScope(person, wanted);
}

type Person = Pick<PreparedUser, 'externalId' | 'active'>;

function without(person: Person, standing: Standing, reasons: readonly Reason[]): PreparedUser {
  return { ...person, standing, wanted: null, usernameKey: null, emailKey: null, reasons };
}

function inScope(person: Person, wanted: WantedAccount): PreparedUser {
  const email = wanted.email === 'keep' ? null : wanted.email.set;
  return {
    ...person,
    standing: 'inScope',
    wanted,
    usernameKey: person.active ? nameKey(wanted.username) : null,
    emailKey: person.active && email !== null ? emailKey(email) : null,
    reasons: [],
  };
}
