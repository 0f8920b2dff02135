import { createPerson } from '../../support/people';
import type { Random } from '../../support/random';
import { ADMIN_GROUP, SOFTWARE_GROUP } from './access';
import { addGroup, addMember } from './groups';
import { createState, startNextBlock, type JiraGroup, type JiraState } from './state';
import { addUser } from './users';

export interface SeedOptions {
  readonly users: number;
  readonly groups: number;
  readonly random: Random;
}

/** A token of `admin` that never expires, and one that has. */
export const SEED_TOKEN = 'sim-token';
export const EXPIRED_TOKEN = 'sim-token-expired';

/** Generated users are members of 1 to this many generated groups. */
const MOST_GROUPS_PER_USER = 4;

/** The users and groups of a fresh Jira Software with one further member, and generated ones beside them. */
export function createSeededState(options: SeedOptions): JiraState {
  const state = createState();
  const administrators = addGroup(state, ADMIN_GROUP);
  const softwareUsers = addGroup(state, SOFTWARE_GROUP);
  const admin = addUser(state, {
    name: 'admin',
    displayName: 'admin',
    emailAddress: 'admin@example.com',
    password: 'admin',
  });
  startNextBlock(state.ids);
  const member = addUser(state, {
    name: 'member',
    displayName: 'member',
    emailAddress: 'member@example.com',
    password: 'member',
  });
  startNextBlock(state.ids);
  addMember(administrators, admin);
  addMember(softwareUsers, admin);
  addMember(softwareUsers, member);
  state.tokens.set(SEED_TOKEN, { token: SEED_TOKEN, userKey: admin.key, expiresAt: null });
  state.tokens.set(EXPIRED_TOKEN, { token: EXPIRED_TOKEN, userKey: admin.key, expiresAt: '2024-01-31T00:00:00.000Z' });
  generate(state, softwareUsers, options);
  return state;
}

function generate(state: JiraState, softwareUsers: JiraGroup, { users, groups, random }: SeedOptions): void {
  const teams: JiraGroup[] = [];
  for (let number = 1; number <= groups; number += 1) teams.push(addGroup(state, `team-${number}`));
  for (let number = 1; number <= users; number += 1) {
    const { username, ...person } = createPerson(random, number);
    const user = addUser(state, { name: username, ...person });
    addMember(softwareUsers, user);
    if (teams.length === 0) continue;
    const count = 1 + Math.floor(random() * MOST_GROUPS_PER_USER);
    for (let index = 0; index < count; index += 1) {
      const team = teams[Math.floor(random() * teams.length)];
      if (team !== undefined) addMember(team, user);
    }
  }
}
