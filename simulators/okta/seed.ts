import { createOrganization, type OrganizationPerson } from '../support/organization';
import { createRandom } from '../support/random';
import type { OktaSimulatorOptions } from './options';
import { addApp, addGroup, addUser, createOrg, type Org, type Profile, type UserStatus } from './org';

const DEFAULT_PER_USER = 3;
/** Every third generated group comes from Active Directory. */
const APP_GROUP_EVERY = 3;
/** Of every hundred generated people one each is in a state of its own; the disabled ones are suspended. */
const OTHER_STATUSES: Readonly<Record<number, UserStatus>> = { 17: 'LOCKED_OUT', 50: 'DEPROVISIONED', 83: 'STAGED' };

/** The org as it is at the start and after a reset: the same for the same options. */
export function seedOrg(options: OktaSimulatorOptions, clock: () => number): Org {
  const { users = 0, groups = 0, perUser = DEFAULT_PER_USER, seed = 1 } = options;
  const org = createOrg({ random: createRandom(seed), clock, searchLagMs: options.searchLagMs ?? 0 });
  const memberships = users * perUser;
  const made = createOrganization({ users, groups, memberships, random: createRandom(seed), domain: 'example.com' });
  const directory = addApp(org, 'active_directory', 'corp.example.com');
  const ids = new Map([...made.people.values()].map((person, n) => [person.id, addPerson(org, person, n + 1)]));
  for (const [n, group] of [...made.groups.values()].entries()) {
    const isImported = n % APP_GROUP_EVERY === APP_GROUP_EVERY - 1;
    const members = new Set([...group.people].flatMap((id) => ids.get(id) ?? []));
    const kind = isImported ? ({ type: 'APP_GROUP', appId: directory.id } as const) : {};
    addGroup(org, { name: group.name, members, ...kind });
  }
  org.lagging.clear();
  return org;
}

/** @returns the id of the user; null for one who is in no group any more */
function addPerson(org: Org, person: OrganizationPerson, n: number): string | null {
  const status = OTHER_STATUSES[n % 100] ?? (person.active ? 'ACTIVE' : 'SUSPENDED');
  const { id } = addUser(org, profileOf(person), status);
  return status === 'DEPROVISIONED' ? null : id;
}

function profileOf({ login, email, givenName, surname, ...more }: OrganizationPerson): Profile {
  const { displayName, department, title, employeeNumber } = more;
  return {
    ...{ firstName: givenName, lastName: surname, login, email: email ?? login, displayName },
    ...{ department, title, employeeNumber, mobilePhone: null, secondEmail: null },
  };
}
