import { directoriesOf, INTERNAL_DIRECTORY_ID, LDAP_DIRECTORY_ID } from '../model/directories';
import { addGroup, addMember, deleteGroup, removeMember } from '../model/groups';
import { nest, unnest } from '../model/nesting';
import { findGroup, findUser, nextId, type JiraGroup, type JiraState, type JiraUser } from '../model/state';
import { addUser, deleteUser, hashPassword, renameUser, setActive, setDetails } from '../model/users';
import type { JiraSimulatorOptions } from '../options';
import type { ChangeInput, GroupChange, UserChange } from './schemas';

/** The request cannot be done. What stood before it in the same request is done. */
export class ChangeError extends Error {}

type Project = NonNullable<ChangeInput['projects']>[number];

/**
 * Changes users and groups behind the clients' backs: no rule of Jira is asked, nothing is counted. Groups that are
 * named and missing are made. Order: groups, users, memberships, projects, organizations, tokens.
 */
export function applyChanges(state: JiraState, options: JiraSimulatorOptions, input: ChangeInput): void {
  for (const entry of input.groups ?? []) {
    changeGroup(state, options, typeof entry === 'string' ? { name: entry } : entry);
  }
  for (const change of input.users ?? []) changeUser(state, options, change);
  for (const { user, group } of input.memberships?.add ?? []) {
    addMember(ensureGroup(state, group), existing(state, user));
  }
  for (const { user, group } of input.memberships?.remove ?? []) {
    removeMember(ensureGroup(state, group), existing(state, user));
  }
  for (const project of input.projects ?? []) changeProject(state, project);
  for (const { name, members } of input.organizations ?? []) changeOrganization(state, name, members);
  for (const { token, user, expiresAt } of input.tokens ?? []) {
    state.tokens.set(token, { token, userKey: existing(state, user).key, expiresAt: expiresAt ?? null });
  }
}

function changeGroup(state: JiraState, options: JiraSimulatorOptions, change: GroupChange): void {
  const found = findGroup(state, change.name);
  if (change.delete === true) {
    if (found !== undefined) deleteGroup(state, found);
    return;
  }
  const group = found ?? addGroup(state, change.name, directoryId(options, change.directory));
  if (change.children === undefined) return;
  const wanted = change.children.map((name) => ensureGroup(state, name));
  for (const name of [...group.children]) {
    const child = state.groupsByName.get(name);
    if (child !== undefined && !wanted.includes(child)) unnest(state, group, child);
  }
  for (const child of wanted) nest(state, group, child);
}

function changeUser(state: JiraState, options: JiraSimulatorOptions, change: UserChange): void {
  const found = findUser(state, change.name);
  if (change.delete === true) {
    if (found !== undefined) deleteUser(state, found);
    return;
  }
  const user = found ?? newUser(state, change);
  if (change.directory !== undefined) user.directoryId = directoryId(options, change.directory);
  if (change.rename !== undefined) rename(state, user, change.rename);
  setDetails(user, change);
  if (change.active !== undefined) setActive(state, user, change.active);
  if (change.password !== undefined) user.passwordHash = hashPassword(change.password);
  if (change.locale !== undefined) user.locale = change.locale;
  for (const [key, value] of Object.entries(change.properties ?? {})) user.properties.set(key, value);
  if (change.inBothDirectories === true) shadow(state, options, user);
  changeGroupsOf(state, user, change);
}

function newUser(state: JiraState, { name, key }: UserChange): JiraUser {
  const former = key ?? state.deletedUsers.get(name.toLowerCase())?.key;
  if (former !== undefined && state.usersByKey.has(former)) throw new ChangeError(`the key '${former}' is taken`);
  const input = { name, displayName: name, emailAddress: `${name.replace(/\s/g, '.')}@example.com` };
  return addUser(state, former === undefined ? input : { ...input, key: former });
}

function directoryId(options: JiraSimulatorOptions, wanted: 'internal' | 'ldap' = 'internal'): number {
  if (wanted === 'internal') return INTERNAL_DIRECTORY_ID;
  if ((options.directories ?? 'internal') === 'internal') throw new ChangeError('there is no LDAP directory');
  return LDAP_DIRECTORY_ID;
}

/** The account of the first directory stays visible, one of the same name in the second is hidden by it. */
function shadow(state: JiraState, options: JiraSimulatorOptions, user: JiraUser): void {
  const [first, second] = directoriesOf(options.directories ?? 'internal', 'read-only');
  if (first === undefined || second === undefined) throw new ChangeError('there is only one directory');
  user.directoryId = first.id;
  const { name, displayName, emailAddress, active } = user;
  state.shadows.set(user.lowerName, [{ directoryId: second.id, name, displayName, emailAddress, active }]);
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

function changeProject(state: JiraState, project: Project): void {
  if ('delete' in project) {
    state.projects.delete(project.key);
    return;
  }
  const { key, lead, name, components } = project;
  const former = state.projects.get(key);
  state.projects.set(key, {
    id: former?.id ?? nextId(state.ids),
    key,
    name: name ?? former?.name ?? key,
    leadKey: existing(state, lead).key,
    components:
      components?.map((component) => ({
        id: nextId(state.ids),
        name: component.name,
        leadKey: component.lead === undefined ? null : existing(state, component.lead).key,
      })) ??
      former?.components ??
      [],
  });
}

function changeOrganization(state: JiraState, name: string, members: readonly string[]): void {
  const former = [...state.organizations.values()].find((organization) => organization.name === name);
  const id = former?.id ?? nextId(state.ids);
  state.organizations.set(id, { id, name, members: new Set(members.map((member) => existing(state, member).key)) });
}

function ensureGroup(state: JiraState, name: string): JiraGroup {
  return findGroup(state, name) ?? addGroup(state, name);
}

function existing(state: JiraState, name: string): JiraUser {
  const user = findUser(state, name);
  if (user === undefined) throw new ChangeError(`there is no user '${name}'`);
  return user;
}
