import { addGroup, addMember, deleteGroup, removeMember } from '../model/groups';
import { findGroup, findUser, type JiraGroup, type JiraState, type JiraUser } from '../model/state';
import { addUser, deleteUser, hashPassword, renameUser, setActive, setDetails } from '../model/users';
import type { ChangeInput, UserChange } from './schemas';

/** The request cannot be done. What stood before it in the same request is done. */
export class ChangeError extends Error {}

/**
 * Changes users and groups behind the clients' backs: no rule of Jira is asked, nothing is counted. Groups that are
 * named and missing are made. Order: groups, users, memberships, projects, tokens.
 */
export function applyChanges(state: JiraState, input: ChangeInput): void {
  for (const entry of input.groups ?? []) changeGroup(state, typeof entry === 'string' ? { name: entry } : entry);
  for (const change of input.users ?? []) changeUser(state, change);
  for (const { user, group } of input.memberships?.add ?? [])
    addMember(ensureGroup(state, group), existing(state, user));
  for (const { user, group } of input.memberships?.remove ?? []) {
    removeMember(ensureGroup(state, group), existing(state, user));
  }
  for (const project of input.projects ?? []) {
    if ('delete' in project) state.projects.delete(project.key);
    else state.projects.set(project.key, { key: project.key, leadKey: existing(state, project.lead).key });
  }
  for (const { token, user, expiresAt } of input.tokens ?? []) {
    state.tokens.set(token, { token, userKey: existing(state, user).key, expiresAt: expiresAt ?? null });
  }
}

function changeGroup(state: JiraState, change: { readonly name: string; readonly delete?: true | undefined }): void {
  const group = findGroup(state, change.name);
  if (change.delete !== true) ensureGroup(state, change.name);
  else if (group !== undefined) deleteGroup(state, group);
}

function changeUser(state: JiraState, change: UserChange): void {
  const found = findUser(state, change.name);
  if (change.delete === true) {
    if (found !== undefined) deleteUser(state, found);
    return;
  }
  const user = found ?? newUser(state, change.name);
  if (change.rename !== undefined) rename(state, user, change.rename);
  setDetails(user, change);
  if (change.active !== undefined) setActive(state, user, change.active);
  if (change.password !== undefined) user.passwordHash = hashPassword(change.password);
  if (change.locale !== undefined) user.locale = change.locale;
  for (const [key, value] of Object.entries(change.properties ?? {})) user.properties.set(key, value);
  changeGroupsOf(state, user, change);
}

function newUser(state: JiraState, name: string): JiraUser {
  const former = state.deletedUsers.get(name.toLowerCase());
  const input = { name, displayName: name, emailAddress: `${name.replace(/\s/g, '.')}@example.com` };
  return addUser(state, former === undefined ? input : { ...input, key: former.key });
}

function rename(state: JiraState, user: JiraUser, name: string): void {
  const holder = findUser(state, name);
  if (holder !== undefined && holder !== user) throw new ChangeError(`the name '${name}' is taken`);
  renameUser(state, user, name);
}

function changeGroupsOf(state: JiraState, user: JiraUser, change: UserChange): void {
  const exact = change.groups?.map((name) => name.toLowerCase());
  const leaving = exact === undefined ? [] : [...user.groups].filter((name) => !exact.includes(name));
  for (const name of [...leaving, ...(change.removeGroups ?? [])]) {
    const group = findGroup(state, name);
    if (group !== undefined) removeMember(group, user);
  }
  for (const name of [...(change.groups ?? []), ...(change.addGroups ?? [])]) addMember(ensureGroup(state, name), user);
}

function ensureGroup(state: JiraState, name: string): JiraGroup {
  return findGroup(state, name) ?? addGroup(state, name);
}

function existing(state: JiraState, name: string): JiraUser {
  const user = findUser(state, name);
  if (user === undefined) throw new ChangeError(`there is no user '${name}'`);
  return user;
}
