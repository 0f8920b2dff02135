import { createPerson } from '../support/people';
import { pick, type Random } from '../support/random';

export type Attributes = Readonly<Record<string, readonly string[]>>;

export interface RealmUser {
  readonly id: string;
  username: string;
  enabled: boolean;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  attributes: Attributes;
  readonly createdTimestamp: number;
  /** The account of a client: lists and counts of users leave it out, members of groups do not. */
  readonly isServiceAccount: boolean;
}

export interface RealmGroup {
  readonly id: string;
  name: string;
  parentId: string | null;
  attributes: Attributes;
  /** Ids of users. */
  readonly members: Set<string>;
}

/** What the simulated realm holds, by id. */
export interface Realm {
  readonly users: Map<string, RealmUser>;
  readonly groups: Map<string, RealmGroup>;
  readonly newId: () => string;
}

export interface SeedOptions {
  readonly users: number;
  readonly groups: number;
  readonly perUser: number;
  readonly clientId: string;
  readonly random: Random;
}

/** Every fourth generated group lies below an earlier one. */
const SUB_GROUP_EVERY = 4;
const DISABLED_EVERY = 50;
const EPOCH_MS = 1_700_000_000_000;

export function createRealm(options: SeedOptions): Realm {
  const { random } = options;
  const realm: Realm = { users: new Map(), groups: new Map(), newId: () => uuid(random) };
  const account = addUser(realm, { username: `service-account-${options.clientId}`, isServiceAccount: true });
  const groups: RealmGroup[] = [];
  for (let n = 0; n < options.groups; n++) {
    const parent = n % SUB_GROUP_EVERY === SUB_GROUP_EVERY - 1 ? groups[n >> 1] : undefined;
    groups.push(addGroup(realm, `group-${String(n).padStart(4, '0')}`, parent?.id ?? null));
  }
  groups[0]?.members.add(account.id);
  for (let n = 1; n <= options.users; n++) {
    const user = generateUser(realm, random, n);
    const [first, ...rest] = groups;
    if (first === undefined) continue;
    for (let k = 0; k < options.perUser; k++) pick(random, [first, ...rest]).members.add(user.id);
  }
  return realm;
}

function generateUser(realm: Realm, random: Random, n: number): RealmUser {
  const { username, displayName, emailAddress } = createPerson(random, n);
  const [firstName = '', ...lastNames] = displayName.split(' ');
  return addUser(realm, {
    ...{ username, firstName, lastName: lastNames.join(' '), email: emailAddress },
    enabled: n % DISABLED_EVERY !== 0,
    attributes: { department: [`Dept ${n % 20}`], employeeNumber: [String(n).padStart(6, '0')] },
  });
}

export function addUser(realm: Realm, given: Partial<RealmUser> & { readonly username: string }): RealmUser {
  const user: RealmUser = {
    ...{ id: realm.newId(), enabled: true, email: null, firstName: null, lastName: null, attributes: {} },
    ...{ createdTimestamp: EPOCH_MS, isServiceAccount: false },
    ...given,
  };
  realm.users.set(user.id, user);
  return user;
}

export function addGroup(realm: Realm, name: string, parentId: string | null): RealmGroup {
  const group: RealmGroup = { id: realm.newId(), name, parentId, attributes: {}, members: new Set() };
  realm.groups.set(group.id, group);
  return group;
}

export function deleteUser(realm: Realm, user: RealmUser): void {
  realm.users.delete(user.id);
  for (const group of realm.groups.values()) group.members.delete(user.id);
}

export function deleteGroup(realm: Realm, group: RealmGroup): void {
  for (const child of childrenOf(realm, group.id)) deleteGroup(realm, child);
  realm.groups.delete(group.id);
}

/** By username, accounts of clients too. */
export function allUsers(realm: Realm): readonly RealmUser[] {
  return byText([...realm.users.values()], ({ username }) => username);
}

/** People as the list of users has them: by username, without accounts of clients. */
export function listedUsers(realm: Realm): readonly RealmUser[] {
  return allUsers(realm).filter((user) => !user.isServiceAccount);
}

/** By name; those at the top for null. */
export function childrenOf(realm: Realm, parentId: string | null): readonly RealmGroup[] {
  return byText(
    [...realm.groups.values()].filter((group) => group.parentId === parentId),
    ({ name }) => name
  );
}

/** Direct members only, by username. */
export function membersOf(realm: Realm, group: RealmGroup): readonly RealmUser[] {
  const members = [...group.members].flatMap((id) => realm.users.get(id) ?? []);
  return byText(members, ({ username }) => username);
}

/** Direct groups of a user, by name. */
export function groupsOf(realm: Realm, user: RealmUser): readonly RealmGroup[] {
  return byText(
    [...realm.groups.values()].filter((group) => group.members.has(user.id)),
    ({ name }) => name
  );
}

/** A slash within a name stays as it is: the path of a group "a/b" is that of "b" in "a". */
export function pathOf(realm: Realm, group: RealmGroup): string {
  const parent = group.parentId === null ? undefined : realm.groups.get(group.parentId);
  return `${parent === undefined ? '' : pathOf(realm, parent)}/${group.name}`;
}

function byText<T>(items: readonly T[], textOf: (item: T) => string): readonly T[] {
  return [...items].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

const HEX = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'] as const;

function uuid(random: Random): string {
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => pick(random, HEX));
}
