import { createHash } from 'node:crypto';
import { nextUserKey, type JiraState, type JiraUser } from './state';
import { removeMember } from './groups';

export interface NewUser {
  readonly name: string;
  readonly displayName: string;
  readonly emailAddress: string;
  readonly active?: boolean;
  readonly password?: string | undefined;
  /** Only for data that is loaded; otherwise the sequence decides, or the key that the name had before. */
  readonly key?: string;
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
  };
  state.deletedUsers.delete(lowerName);
  state.usersByKey.set(user.key, user);
  state.usersByName.set(lowerName, user);
  state.userNames.add(lowerName);
  if (user.active) state.activeUserNames.add(lowerName);
  return user;
}

/** Groups list their members by name: every list that holds the old one gets the new one. */
export function renameUser(state: JiraState, user: JiraUser, name: string): void {
  const groups = [...user.groups].map((group) => state.groupsByName.get(group)).filter((group) => group !== undefined);
  const everybody = [state.userNames, ...groups.map((group) => group.members)];
  const active = user.active ? [state.activeUserNames, ...groups.map((group) => group.activeMembers)] : [];
  const lists = [...everybody, ...active];
  for (const list of lists) list.remove(user.lowerName);
  state.usersByName.delete(user.lowerName);
  user.name = name;
  user.lowerName = name.toLowerCase();
  state.usersByName.set(user.lowerName, user);
  for (const list of lists) list.add(user.lowerName);
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

/** The name keeps its key for the case that it comes back. Answers how many memberships went with the user. */
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
  state.deletedUsers.set(user.lowerName, { key: user.key, name: user.name });
  return groups.length;
}
