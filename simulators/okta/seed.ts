import { createPerson } from '../support/people';
import { createRandom, pick, type Random } from '../support/random';
import type { OktaSimulatorOptions } from './options';
import { addApp, addGroup, addUser, createOrg, type OktaGroup, type Org, type UserStatus } from './org';

const DEFAULT_PER_USER = 3;
/** Every third generated group comes from Active Directory. */
const APP_GROUP_EVERY = 3;
/** Of every hundred generated users one each is in a state other than ACTIVE. */
const OTHER_STATUSES: Readonly<Record<number, UserStatus>> = { 17: 'SUSPENDED', 50: 'DEPROVISIONED', 83: 'STAGED' };

/** The org as it is at the start and after a reset: the same for the same options. */
export function seedOrg(options: OktaSimulatorOptions, clock: () => number): Org {
  const { users = 0, groups: groupCount = 0, perUser = DEFAULT_PER_USER, seed = 1 } = options;
  const random = createRandom(seed);
  const org = createOrg({ random, clock, searchLagMs: options.searchLagMs ?? 0 });
  const directory = addApp(org, 'active_directory', 'corp.example.com');
  const groups: OktaGroup[] = [];
  for (let n = 0; n < groupCount; n++) {
    const isImported = n % APP_GROUP_EVERY === APP_GROUP_EVERY - 1;
    const kind = isImported ? ({ type: 'APP_GROUP', appId: directory.id } as const) : {};
    groups.push(addGroup(org, { name: `group-${String(n).padStart(4, '0')}`, ...kind }));
  }
  for (let n = 1; n <= users; n++) generateUser(org, random, n, groups, perUser);
  org.lagging.clear();
  return org;
}

function generateUser(org: Org, random: Random, n: number, groups: readonly OktaGroup[], perUser: number): void {
  const { username, displayName, emailAddress } = createPerson(random, n);
  const [firstName = '', ...rest] = displayName.split(' ');
  const status = OTHER_STATUSES[n % 100] ?? 'ACTIVE';
  const login = `${username}@example.com`;
  const profile = {
    ...{ firstName, lastName: rest.join(' '), login, email: emailAddress, mobilePhone: null, secondEmail: null },
    ...{ department: `Dept ${n % 20}`, employeeNumber: String(n).padStart(6, '0') },
  };
  const user = addUser(org, profile, status);
  const [first, ...more] = groups;
  if (first === undefined || status === 'DEPROVISIONED') return;
  for (let k = 0; k < perUser; k++) pick(random, [first, ...more]).members.add(user.id);
}
