import { pick, type Random } from '../support/random';

export interface GoogleUser {
  readonly id: string;
  primaryEmail: string;
  givenName: string;
  familyName: string;
  suspended: boolean;
  archived: boolean;
  orgUnitPath: string;
  aliases: readonly string[];
  /** Further fields as the API shows them: externalIds, organizations, phones … */
  more: Readonly<Record<string, unknown>>;
  /** By name of the schema. */
  customSchemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Bytes of a PNG, or null. */
  photo: Buffer | null;
}

/** Members of other organisations have an address and perhaps an id; CUSTOMER stands for everybody of the domain. */
export interface GoogleMember {
  readonly type: 'USER' | 'GROUP' | 'CUSTOMER' | 'EXTERNAL';
  readonly id: string | null;
  readonly email: string | null;
}

export interface GoogleGroup {
  readonly id: string;
  email: string;
  name: string;
  description: string;
  readonly members: Map<string, GoogleMember>;
}

/** What the simulated domain holds, by id; ids grow, so that the order of the maps is that of the ids. */
export interface Directory {
  readonly users: Map<string, GoogleUser>;
  readonly deleted: Map<string, GoogleUser>;
  readonly groups: Map<string, GoogleGroup>;
  readonly newUserId: () => string;
  readonly newGroupId: () => string;
}

const DIGITS = '0123456789'.split('') as [string, ...string[]];
const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz'.split('') as [string, ...string[]];
const USER_DIGITS = 8;
const USER_TAIL = 12;
const GROUP_DIGITS = 6;
const GROUP_TAIL = 8;

export function createDirectory(random: Random): Directory {
  let last = 0;
  const newId = (digits: number, tail: number, alphabet: [string, ...string[]]): string => {
    last += 1;
    return `${String(last).padStart(digits, '0')}${Array.from({ length: tail }, () => pick(random, alphabet)).join('')}`;
  };
  return {
    users: new Map(),
    deleted: new Map(),
    groups: new Map(),
    newUserId: () => `1${newId(USER_DIGITS, USER_TAIL, DIGITS)}`,
    newGroupId: () => `0${newId(GROUP_DIGITS, GROUP_TAIL, LETTERS)}`,
  };
}

export function addUser(
  directory: Directory,
  given: Partial<GoogleUser> & Pick<GoogleUser, 'primaryEmail'>
): GoogleUser {
  const user: GoogleUser = {
    ...{ id: directory.newUserId(), givenName: '', familyName: '', suspended: false, archived: false },
    ...{ orgUnitPath: '/', aliases: [], more: {}, customSchemas: {}, photo: null },
    ...given,
  };
  directory.users.set(user.id, user);
  return user;
}

/** Gone from every list but that of deleted users, and out of all groups. */
export function deleteUser(directory: Directory, user: GoogleUser): void {
  directory.users.delete(user.id);
  directory.deleted.set(user.id, user);
  for (const group of directory.groups.values()) group.members.delete(user.id);
}

export function addGroup(directory: Directory, given: Partial<GoogleGroup> & Pick<GoogleGroup, 'email'>): GoogleGroup {
  const [name = ''] = given.email.split('@');
  const group: GoogleGroup = { id: directory.newGroupId(), name, description: '', members: new Map(), ...given };
  directory.groups.set(group.id, group);
  return group;
}

export function deleteGroup(directory: Directory, group: GoogleGroup): void {
  directory.groups.delete(group.id);
  for (const other of directory.groups.values()) other.members.delete(group.id);
}

export function addMember(group: GoogleGroup, member: GoogleMember): void {
  group.members.set(member.id ?? member.email ?? member.type, member);
}

export const userMember = ({ id, primaryEmail }: GoogleUser): GoogleMember => ({
  type: 'USER',
  id,
  email: primaryEmail,
});

/** Google refuses a group within itself, however far down. @returns false when it was refused */
export function nest(directory: Directory, parent: GoogleGroup, child: GoogleGroup): boolean {
  if (parent === child || holds(directory, child, parent.id, new Set())) return false;
  addMember(parent, { type: 'GROUP', id: child.id, email: child.email });
  return true;
}

function holds(directory: Directory, group: GoogleGroup, id: string, seen: Set<string>): boolean {
  if (seen.has(group.id)) return false;
  seen.add(group.id);
  for (const member of group.members.values()) {
    if (member.type !== 'GROUP' || member.id === null) continue;
    const child = directory.groups.get(member.id);
    if (member.id === id || (child !== undefined && holds(directory, child, id, seen))) return true;
  }
  return false;
}

/** By id, primary address or alias; letter case of addresses does not count. */
export function userAt({ users }: Directory, key: string): GoogleUser | undefined {
  const address = key.toLowerCase();
  return (
    users.get(key) ??
    [...users.values()].find(({ primaryEmail, aliases }) =>
      [primaryEmail, ...aliases].some((email) => email.toLowerCase() === address)
    )
  );
}

export function groupAt({ groups }: Directory, key: string): GoogleGroup | undefined {
  const address = key.toLowerCase();
  return groups.get(key) ?? [...groups.values()].find(({ email }) => email.toLowerCase() === address);
}
