import type { AttributeRecord, AttributeValue, GroupLink, LedgerMembership, SourceGroup, SourceUser } from './model';
import { nameKey } from './names';
import type { DecisionSettings, LoginSettings, UserActionSettings } from './settings';

/** Why one person is synced: at a log-in the settings `login` apply, otherwise those of every run. */
export type SingleTrigger = 'login' | 'api' | 'schedule' | 'push';

/**
 * The settings under which one person is planned. A log-in never does more than a run would, but for reactivation, which
 * has a switch of its own (rules 3.3, 7 `login`).
 */
export function settingsFor<S extends DecisionSettings>(settings: S, login: LoginSettings, trigger: SingleTrigger): S {
  if (trigger !== 'login') return settings;
  const { actions } = settings.users;
  const allowed: UserActionSettings = {
    ...actions,
    create: actions.create && login.create,
    rename: actions.rename && login.rename,
    reactivate: login.reactivate,
  };
  return { ...settings, users: { ...settings.users, actions: allowed } };
}

/** A source user with the attributes that a log-in brought (rules 7 `login.attributes`). */
export function withLoginAttributes(
  user: SourceUser,
  given: AttributeRecord,
  policy: LoginSettings['attributes']
): SourceUser {
  if (policy === 'ignore') return user;
  const taken = Object.entries(given).filter(
    ([name]) => policy === 'overwrite' || isEmpty(Object.hasOwn(user.attributes, name) ? user.attributes[name] : null)
  );
  return { ...user, attributes: { ...user.attributes, ...Object.fromEntries(taken) } };
}

function isEmpty(value: AttributeValue | undefined): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.length === 0;
}

/**
 * The source groups that take part when one person is planned: those that a run has linked. A new group is decided about
 * by a run, which sees all of them; whoever is in it gets the membership then (rules 2.5).
 * @param own the person's groups as the provider shows them now; of the others the link knows id and name
 * @param gone ids of groups that a look-up did not find: a deleted group is no withdrawn membership (rules 2.3)
 */
export function groupsInPlay(
  own: readonly SourceGroup[],
  links: readonly GroupLink[],
  gone: ReadonlySet<string>
): readonly SourceGroup[] {
  const active = links.filter((link) => link.state === 'active' && !gone.has(link.groupId));
  const known = new Map<string, SourceGroup>(
    active.map(({ groupId, sourceName, targetName }) => [
      groupId,
      { externalId: groupId, name: targetName, sourceName, attributes: {} },
    ])
  );
  for (const group of own) if (known.has(group.externalId)) known.set(group.externalId, group);
  return [...known.values()];
}

/**
 * Ids of linked groups of which the ledger says the person was a member and the provider does not any more: before
 * anything is withdrawn they are looked up.
 */
export function groupsLeft(
  own: readonly SourceGroup[],
  links: readonly GroupLink[],
  ledger: readonly LedgerMembership[]
): readonly string[] {
  const still = new Set(own.map((group) => group.externalId));
  const held = new Set(ledger.map((entry) => nameKey(entry.group)));
  const left = links.filter(
    (link) => link.state === 'active' && held.has(nameKey(link.targetName)) && !still.has(link.groupId)
  );
  return [...new Set(left.map((link) => link.groupId))].sort();
}

/** In which order the identifier of a person is tried: the configured one first. */
export function lookupOrder(first: LoginSettings['lookup']): readonly LoginSettings['lookup'][] {
  const order = ['externalId', 'username', 'email'] as const;
  return [first, ...order.filter((one) => one !== first)];
}
