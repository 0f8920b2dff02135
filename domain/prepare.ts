import { Budget, PERSON_STEP_LIMIT, STEP_LIMIT } from './budget';
import { evaluateCondition } from './expression/evaluate';
import type { Subject } from './expression/subject';
import type { PreparedUser, WantedAccount } from './facts';
import { nameGroups } from './group-name';
import type { AttributeTrace } from './mapping/trace';
import { mapUser } from './mapping/user';
import type { SourceUser } from './model';
import { emailKey, nameKey } from './names';
import type { Reason } from './operation';
import { because } from './reasons';
import { scopeObstacle } from './scope';
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

/** What is known of the person besides the source, for expressions; and who is told how attributes came about. */
export interface KnownOfPerson extends Partial<Pick<Subject, 'existing' | 'link'>> {
  readonly note?: (trace: AttributeTrace) => void;
  /** What several people may take together; absent: each person has a bound of his own alone. */
  readonly budget?: Budget;
}

/** `prepareUser`, with the user as every plan has to see him. */
export function preparePerson(
  user: SourceUser,
  groups: readonly NamedGroup[],
  settings: DecisionSettings,
  known: KnownOfPerson = {}
): PreparedPerson {
  const prepared = prepareUser(user, groups, settings, known);
  return { source: withActive(user, prepared.active), prepared };
}

/**
 * Applies scope and mapping to one source user (rules 1.5, 3.1, 3.2).
 * `groups` are the source groups he is a member of, after flattening, as the provider names them.
 */
export function prepareUser(
  user: SourceUser,
  groups: readonly NamedGroup[],
  settings: DecisionSettings,
  known: KnownOfPerson = {}
): PreparedUser {
  const named = nameGroups(groups, settings.groups);
  const { existing = null, link = null, note } = known;
  const budget = new Budget(PERSON_STEP_LIMIT, known.budget);
  const about = { groups: named.map(({ name }) => name), existing, link };
  const context = { ...about, budget, ...(note !== undefined && { note }) };
  const { wanted, active, standings } = mapUser(user, settings.mapping, context);
  const subject = { ...about, user: withActive(user, active) };
  const person = { externalId: user.externalId, active };
  const username = wanted?.username ?? null;
  const obstacle = scopeObstacle({ subject, groups: named, username, budget }, settings.scope);
  if (obstacle !== null) {
    const reasons = obstacle.reason === null ? [] : [obstacle.reason];
    return without(person, obstacle.says === 'failed' ? 'invalid' : 'outOfScope', reasons);
  }
  for (const standing of STANDINGS) {
    const reasons = standings.filter((one) => one.standing === standing).map((one) => one.reason);
    if (reasons.length > 0) return without(person, standing, reasons);
  }
  // The mapping answers for a username with a value or a standing only.
  if (wanted === null) throw new Error('mapping gave neither a username nor a standing');
  return inScope(person, wanted, withheldGroups(subject, settings, budget));
}

function withActive(user: SourceUser, active: boolean): SourceUser {
  return user.active === active ? user : { ...user, active };
}

type Person = Pick<PreparedUser, 'externalId' | 'active'>;

function without(person: Person, standing: Standing, reasons: readonly Reason[]): PreparedUser {
  return { ...person, standing, wanted: null, usernameKey: null, emailKey: null, withheld: {}, reasons };
}

function inScope(person: Person, wanted: WantedAccount, withheld: PreparedUser['withheld']): PreparedUser {
  const email = wanted.email === 'keep' ? null : wanted.email.set;
  return {
    ...person,
    standing: 'inScope',
    wanted,
    usernameKey: person.active ? nameKey(wanted.username) : null,
    emailKey: person.active && email !== null ? emailKey(email) : null,
    withheld,
    reasons: [],
  };
}

/** A group that stands in `alwaysAdd` more than once is given where one of its conditions holds. */
function withheldGroups(subject: Subject, { groups }: DecisionSettings, budget: Budget): PreparedUser['withheld'] {
  const verdicts = new Map<string, Reason | null | 'given'>();
  for (const { group, when = '' } of groups.alwaysAdd) {
    const key = nameKey(group.trim());
    const known = verdicts.get(key);
    if (known === 'given') continue;
    const result = when === '' ? { value: true } : evaluateCondition(when, subject, new Budget(STEP_LIMIT, budget));
    if ('failed' in result) verdicts.set(key, because('conditionFailed', '2.5', { group }));
    else if (result.value) verdicts.set(key, 'given');
    else verdicts.set(key, known ?? null);
  }
  return Object.fromEntries([...verdicts].filter((entry): entry is [string, Reason | null] => entry[1] !== 'given'));
}
