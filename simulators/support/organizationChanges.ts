import { addPerson, type Organization, type OrganizationGroup, type OrganizationPerson } from './organization';
import { pick } from './random';

/** The same person under another login: the id stays. */
export function renamePerson(person: OrganizationPerson, login: string): void {
  if (person.email !== null && sameText(person.email, person.login)) person.email = login;
  person.login = login;
}

/** The address as another program writes it: the same letters in another case. */
export function recaseEmail(person: OrganizationPerson): void {
  const { email } = person;
  if (email !== null) person.email = email === email.toUpperCase() ? email.toLowerCase() : email.toUpperCase();
}

/** Deleted and made again: the login of old, a new id, no groups. */
export function recreatePerson(organization: Organization, person: OrganizationPerson): OrganizationPerson {
  removePerson(organization, person);
  const { id: _old, ...rest } = person;
  return addPerson(organization, rest);
}

export function removePerson(organization: Organization, person: OrganizationPerson): void {
  organization.people.delete(person.id);
  for (const group of organization.groups.values()) group.people.delete(person.id);
}

export function removeGroup(organization: Organization, group: OrganizationGroup): void {
  organization.groups.delete(group.id);
  for (const parent of organization.groups.values()) parent.groups.delete(group.id);
}

export interface Churn {
  readonly changed: readonly OrganizationPerson[];
  readonly groups: readonly OrganizationGroup[];
}

/**
 * What a while does to an organisation: of `share` of the people the title, the login or the address changes, and as large
 * a share of the groups swaps a member. Nobody comes or goes.
 * @param share from 0 to 1
 */
export function churn(organization: Organization, share: number): Churn {
  const changed = sample([...organization.people.values()], share);
  changed.forEach((person, n) => {
    if (n % 3 === 0) person.title = `Principal ${n}`;
    else if (n % 3 === 1) recaseEmail(person);
    else renamePerson(person, `renamed.${n}.${person.login}`);
  });
  const groups = sample([...organization.groups.values()], share).filter(({ people }) => people.size > 0);
  const [first, ...others] = organization.people.keys();
  for (const group of groups) {
    const [leaver] = group.people;
    if (leaver === undefined || first === undefined) continue;
    group.people.delete(leaver);
    const joiner = pick(organization.random, [first, ...others]);
    if (joiner !== leaver) group.people.add(joiner);
  }
  return { changed, groups };
}

/** Evenly spread over the list, so that every kind is met. */
function sample<T>(all: readonly T[], share: number): readonly T[] {
  const count = Math.min(all.length, Math.ceil(all.length * share));
  return Array.from({ length: count }, (_, n) => all[Math.floor((n * all.length) / count)]).filter(
    (item) => item !== undefined
  );
}

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
