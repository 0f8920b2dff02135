import { createPerson } from '../../support/people';
import type { Random } from '../../support/random';
import type { JiraSimulatorOptions } from '../options';
import { ADMIN_GROUP, applicationsOf, SERVICE_DESK_GROUP, SOFTWARE_GROUP } from './access';
import { directoriesOf, INTERNAL_DIRECTORY_ID, LDAP_DIRECTORY_ID } from './directories';
import { addGroup, addMember } from './groups';
import { createState, startNextBlock, type JiraGroup, type JiraState, type JiraUser } from './state';
import { addUser } from './users';

export interface SeedOptions {
  readonly options: JiraSimulatorOptions;
  readonly random: Random;
  /** Whether new users get keys with numbers. */
  readonly numberedKeys: boolean;
}

/** A token of `admin` that never expires, and one that has. */
export const SEED_TOKEN = 'sim-token';
export const EXPIRED_TOKEN = 'sim-token-expired';

/** Generated users are members of 1 to this many generated groups. */
const MOST_GROUPS_PER_USER = 4;

/** With an LDAP directory: every second generated user is of it, every tenth of both; every fourth group is of it. */
const LDAP_USER_EVERY = 2;
const BOTH_EVERY = 10;
const LDAP_GROUP_EVERY = 4;

/** The users and groups of a fresh Jira Software with one further member, and generated ones beside them. */
export function createSeededState(seed: SeedOptions): JiraState {
  const state = createState();
  const administrators = addGroup(state, ADMIN_GROUP);
  const softwareUsers = addGroup(state, SOFTWARE_GROUP);
  const admin = addSeedUser(state, seed, 'admin');
  const member = addSeedUser(state, seed, 'member');
  addMember(administrators, admin);
  addMember(softwareUsers, admin);
  addMember(softwareUsers, member);
  if (applicationsOf(seed.options).some(({ key }) => key === 'jira-servicedesk')) {
    addMember(addGroup(state, SERVICE_DESK_GROUP), admin);
  }
  state.tokens.set(SEED_TOKEN, { token: SEED_TOKEN, userKey: admin.key, expiresAt: null });
  state.tokens.set(EXPIRED_TOKEN, { token: EXPIRED_TOKEN, userKey: admin.key, expiresAt: '2024-01-31T00:00:00.000Z' });
  generate(state, softwareUsers, seed);
  return state;
}

/** One whose password is its name. */
function addSeedUser(state: JiraState, { numberedKeys }: SeedOptions, name: string): JiraUser {
  const user = addUser(state, {
    name,
    displayName: name,
    emailAddress: `${name}@example.com`,
    password: name,
    ...(numberedKeys ? {} : { key: name }),
  });
  startNextBlock(state.ids);
  return user;
}

function generate(state: JiraState, softwareUsers: JiraGroup, { options, random, numberedKeys }: SeedOptions): void {
  const { users = 0, groups = 0, legacyKeys = 0 } = options;
  const directories = directoriesOf(options.directories ?? 'internal', 'read-only');
  const teams: JiraGroup[] = [];
  for (let number = 1; number <= groups; number += 1) {
    const ofLdap = directories.length > 1 && number % LDAP_GROUP_EVERY === 0;
    teams.push(addGroup(state, `team-${number}`, ofLdap ? LDAP_DIRECTORY_ID : INTERNAL_DIRECTORY_ID));
  }
  for (let number = 1; number <= users; number += 1) {
    const { username, ...person } = createPerson(random, number);
    const hasName = !numberedKeys || number <= legacyKeys;
    const user = addUser(state, { name: username, ...person, ...(hasName ? { key: username } : {}) });
    if (directories.length > 1) settle(state, user, number, directories);
    addMember(softwareUsers, user);
    joinTeams(user, teams, random);
  }
}

/** Spreads users over the directories; of a user in both the one of the first directory is visible. */
function settle(
  state: JiraState,
  user: JiraUser,
  number: number,
  directories: readonly { readonly id: number }[]
): void {
  const [first, second] = directories;
  if (number % LDAP_USER_EVERY === 0) user.directoryId = LDAP_DIRECTORY_ID;
  if (number % BOTH_EVERY !== 0 || first === undefined || second === undefined) return;
  user.directoryId = first.id;
  const { name, displayName, emailAddress } = user;
  const shadow = { directoryId: second.id, name, displayName: `${displayName} (2)`, emailAddress, active: true };
  state.shadows.set(user.lowerName, [shadow]);
}

function joinTeams(user: JiraUser, teams: readonly JiraGroup[], random: Random): void {
  if (teams.length === 0) return;
  const count = 1 + Math.floor(random() * MOST_GROUPS_PER_USER);
  for (let index = 0; index < count; index += 1) {
    const team = teams[Math.floor(random() * teams.length)];
    if (team !== undefined) addMember(team, user);
  }
}
