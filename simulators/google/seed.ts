import { createOrganization, type OrganizationPerson } from '../support/organization';
import { createRandom } from '../support/random';
import {
  addGroup,
  addMember,
  addUser,
  createDirectory,
  nest,
  userMember,
  type Directory,
  type GoogleGroup,
  type GoogleUser,
} from './directory';
import { DEFAULT_DOMAIN, type GoogleSimulatorOptions } from './options';

const DEFAULT_PER_USER = 3;
/** Of every hundred generated people one is archived; the disabled ones are suspended. */
const ARCHIVED = 50;

/**
 * The domain as it is at the start and after a reset: the same for the same options. Guests of the organisation are no users
 * here but members of groups from outside.
 */
export function seedDirectory(options: GoogleSimulatorOptions): Directory {
  const { users = 0, groups = 0, perUser = DEFAULT_PER_USER, seed = 1, domain = DEFAULT_DOMAIN } = options;
  const directory = createDirectory(createRandom(seed));
  const made = createOrganization({ users, groups, memberships: users * perUser, random: createRandom(seed), domain });
  const people = new Map<string, GoogleUser>();
  for (const [n, person] of [...made.people.values()].entries()) {
    if (person.kind !== 'guest') people.set(person.id, addPerson(directory, person, n + 1));
  }
  const byId = new Map<string, GoogleGroup>();
  for (const [n, group] of [...made.groups.values()].entries()) {
    byId.set(group.id, addGroup(directory, { email: `${emailName(group.name, n)}@${domain}`, name: group.name }));
  }
  for (const group of made.groups.values()) {
    const filled = byId.get(group.id);
    if (filled === undefined) continue;
    for (const id of group.people) {
      const user = people.get(id);
      const guest = made.people.get(id)?.login ?? '';
      addMember(filled, user === undefined ? { type: 'EXTERNAL', id: null, email: guest } : userMember(user));
    }
    for (const id of group.groups) {
      const child = byId.get(id);
      if (child !== undefined) nest(directory, filled, child);
    }
  }
  return directory;
}

/** Addresses are unique and plain; names of groups are neither. */
const emailName = (name: string, n: number): string =>
  /^[\w-]+$/.test(name) && name !== 'Twice' ? name.toLowerCase() : `group-${n}`;

function addPerson(directory: Directory, person: OrganizationPerson, n: number): GoogleUser {
  const { login, givenName, surname, displayName, department, title, employeeNumber, active } = person;
  const organizations = [{ department, title, primary: true, customType: '' }];
  return addUser(directory, {
    primaryEmail: login.toLowerCase(),
    givenName: givenName ?? displayName,
    familyName: surname ?? '',
    suspended: !active,
    archived: n % 100 === ARCHIVED,
    orgUnitPath: department === null ? '/' : `/Staff/${department}`,
    more: {
      ...(department !== null && { organizations }),
      ...(employeeNumber !== null && { externalIds: [{ value: employeeNumber, type: 'organization' }] }),
    },
  });
}
