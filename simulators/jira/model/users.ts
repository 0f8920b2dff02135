import { createHash } from 'node:crypto';
import { nextUserKey, type JiraState, type JiraUser } from './state';
import { INTERNAL_DIRECTORY_ID } from './directories';
import { removeMember } from './groups';

export interface NewUser {
  readonly name: string;
  readonly displayName: string;
  readonly emailAddress: string;
  readonly active?: boolean;
  readonly password?: string | undefined;
  /** Only for data that is loaded; otherwise the sequence decides, or the key that the name had before. */
  readonly key?: string;
  /** @default the internal one */
  readonly directoryId?: number;
}

export function hashPassword(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

/** Adds a user whose name is free; that is for the caller to know. */
export function addUser(state: JiraState, input: NewUser): JiraUser {
  const lowerName = input.name.toLowerCase();
  const user: JiraUser = {
    key: input.key ?? nextUserKey(state.ids),
    name: input.name,
    lowerName,
    displayName: input.displayName,
    emailAddress: input.emailAddress,
    active: input.active ?? true,
    passwordHash: input.password === undefined ? null : hashPassword(input.password),
    timeZone: 'Etc/UTC',
    locale: null,
    groups: new Set(),
    properties: new Map(),
    directoryId: input.directoryId ?? INTERNAL_DIRECTORY_ID,
    attributes: new Map(),
    lastLoginMs: null,
    avatars: new Map(),
    avatarId: null,
  };
  state.deletedUsers.delete(lowerName);
  state.usersByKey.set(user.key, user);
  state.usersByName.set(lowerName, user);
  state.userNames.add(lowerName);
  if (user.active) state.activeUserNames.add(lowerName);
  return user;
}

/**
 * Groups list their members by name: every list that holds the old one gets the new one. An account of the old name
 * further down becomes visible, as a user of its own.
 */
export function renameUser(state: JiraState, user: JiraUser, name: string): void {
  const groups = [...user.groups].map((group) => state.groupsByName.get(group)).filter((group) => group !== undefined);
  const everybody = [state.userNames, ...groups.map((group) => group.members)];
  const active = user.active ? [state.activeUserNames, ...groups.map((group) => group.activeMembers)] : [];
  const lists = [...everybody, ...active];
  for (const list of lists) list.remove(user.lowerName);
  state.usersByName.delete(user.lowerName);
  const formerName = user.lowerName;
  user.name = name;
  user.lowerName = name.toLowerCase();
  state.usersByName.set(user.lowerName, user);
  for (const list of lists) list.add(user.lowerName);
  if (formerName !== user.lowerName) surface(state, formerName);
}

/** After the account above it is gone or has another name, the next one of the name is a user like any other. */
function surface(state: JiraState, lowerName: string, key?: string): JiraUser | undefined {
  const [first, ...rest] = state.shadows.get(lowerName) ?? [];
  state.shadows.delete(lowerName);
  if (first === undefined) return undefined;
  if (rest.length > 0) state.shadows.set(lowerName, rest);
  return addUser(state, { ...first, ...(key === undefined ? {} : { key }) });
}

/** An anonymized account from before 8.4 gets a key like those of new ones; everything that names it follows. */
export function changeKey(state: JiraState, user: JiraUser, key: string): void {
  const former = user.key;
  state.usersByKey.delete(former);
  user.key = key;
  state.usersByKey.set(key, user);
  for (const token of [...state.tokens.values()]) {
    if (token.userKey === former) state.tokens.set(token.token, { ...token, userKey: key });
  }
  for (const { members } of state.organizations.values()) if (members.delete(former)) members.add(key);
  replaceLead(state, former, key);
}

/** Gives the projects and components that one user leads to another. */
export function replaceLead(state: JiraState, formerKey: string, newKey: string): void {
  for (const project of [...state.projects.values()]) {
    const components = project.components.map((component) =>
      component.leadKey === formerKey ? { ...component, leadKey: newKey } : component
    );
    const leadKey = project.leadKey === formerKey ? newKey : project.leadKey;
    state.projects.set(project.key, { ...project, leadKey, components });
  }
}

/** Memberships stay. Answers whether anything changed. */
export function setActive(state: JiraState, user: JiraUser, active: boolean): boolean {
  if (user.active === active) return false;
  user.active = active;
  const groups = [...user.groups].map((group) => state.groupsByName.get(group)).filter((group) => group !== undefined);
  for (const list of [state.activeUserNames, ...groups.map((group) => group.activeMembers)]) {
    if (active) list.add(user.lowerName);
    else list.remove(user.lowerName);
  }
  if (!active) state.sessions.delete(user.key);
  return true;
}

/** Answers whether anything changed. */
export function setDetails(
  user: JiraUser,
  details: { readonly displayName?: string | undefined; readonly emailAddress?: string | undefined }
): boolean {
  const displayName = details.displayName ?? user.displayName;
  const emailAddress = details.emailAddress ?? user.emailAddress;
  if (displayName === user.displayName && emailAddress === user.emailAddress) return false;
  user.displayName = displayName;
  user.emailAddress = emailAddress;
  return true;
}

/** Answers whether it is another one than before. */
export function setPassword(user: JiraUser, password: string): boolean {
  const passwordHash = hashPassword(password);
  if (passwordHash === user.passwordHash) return false;
  user.passwordHash = passwordHash;
  return true;
}

/**
 * The name keeps its key for the case that it comes back, or for the account of the name further down, which takes the
 * place of the deleted one. Answers how many memberships went with the user.
 */
export function deleteUser(state: JiraState, user: JiraUser): number {
  const groups = [...user.groups].map((group) => state.groupsByName.get(group)).filter((group) => group !== undefined);
  for (const group of groups) removeMember(group, user);
  state.usersByKey.delete(user.key);
  state.usersByName.delete(user.lowerName);
  state.userNames.remove(user.lowerName);
  if (user.active) state.activeUserNames.remove(user.lowerName);
  state.sessions.delete(user.key);
  for (const token of [...state.tokens.values()]) {
    if (token.userKey === user.key) state.tokens.delete(token.token);
  }
  for (const organization of state.organizations.values()) organization.members.delete(user.key);
  const successor = surface(state, user.lowerName, user.key);
  if (successor === undefined) state.deletedUsers.set(user.lowerName, { key: user.key, name: user.name });
  return groups.length;
}
