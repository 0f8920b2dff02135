import { createSortedNames } from '../../support/sortedNames';
import { INTERNAL_DIRECTORY_ID } from './directories';
import { parentsOf, unnest } from './nesting';
import type { JiraGroup, JiraState, JiraUser } from './state';

/** Adds a group whose name is free; that is for the caller to know. */
export function addGroup(state: JiraState, name: string, directoryId: number = INTERNAL_DIRECTORY_ID): JiraGroup {
  const group: JiraGroup = {
    name,
    lowerName: name.toLowerCase(),
    members: createSortedNames(),
    activeMembers: createSortedNames(),
    directoryId,
    description: '',
    children: new Set(),
  };
  state.groupsByName.set(group.lowerName, group);
  state.groupNames.add(group.lowerName);
  return group;
}

/** Answers the users whose membership went with the group. */
export function deleteGroup(state: JiraState, group: JiraGroup): readonly JiraUser[] {
  const members = group.members
    .slice(0, group.members.size())
    .map((name) => state.usersByName.get(name))
    .filter((user) => user !== undefined);
  for (const user of members) user.groups.delete(group.lowerName);
  state.groupsByName.delete(group.lowerName);
  state.groupNames.remove(group.lowerName);
  for (const parent of parentsOf(state, group.lowerName)) unnest(state, parent, group);
  state.parentGroups.delete(group.lowerName);
  return members;
}

/** Answers whether the user was not yet a member itself; members of subgroups are none. */
export function addMember(group: JiraGroup, user: JiraUser): boolean {
  if (user.groups.has(group.lowerName)) return false;
  user.groups.add(group.lowerName);
  group.members.add(user.lowerName);
  if (user.active) group.activeMembers.add(user.lowerName);
  return true;
}

/** Answers whether the user was a member. */
export function removeMember(group: JiraGroup, user: JiraUser): boolean {
  if (!user.groups.delete(group.lowerName)) return false;
  group.members.remove(user.lowerName);
  if (user.active) group.activeMembers.remove(user.lowerName);
  return true;
}
