import type { SortedNames } from '../../support/sortedNames';
import type { JiraGroup, JiraState, JiraUser } from './state';

/** What of a list of names is read; a list of a single group is one itself. */
export type NameList = Pick<SortedNames, 'size' | 'slice'>;

/** The group and every group inside it, each once, whatever circles there are. */
export function groupAndSubgroups(state: JiraState, group: JiraGroup): readonly JiraGroup[] {
  const found = new Set([group]);
  for (const one of found) {
    for (const name of one.children) {
      const child = state.groupsByName.get(name);
      if (child !== undefined) found.add(child);
    }
  }
  return [...found];
}

/** Members of the group and of all groups inside it, in order: what /rest/api/2 calls members. */
export function effectiveMembers(state: JiraState, group: JiraGroup, kind: 'members' | 'activeMembers'): NameList {
  if (group.children.size === 0) return group[kind];
  const names = new Set<string>();
  for (const one of groupAndSubgroups(state, group)) {
    for (const name of one[kind].slice(0, one[kind].size())) names.add(name);
  }
  const sorted = [...names].sort();
  return { size: () => sorted.length, slice: (start, end) => sorted.slice(start, end) };
}

/** Whether the user is in the group or in one inside it. */
export function isEffectiveMember(state: JiraState, group: JiraGroup, user: JiraUser): boolean {
  return groupAndSubgroups(state, group).some((one) => user.groups.has(one.lowerName));
}

/** The groups that the user is in, itself or through a group inside them, sorted. */
export function effectiveGroups(state: JiraState, user: JiraUser): readonly JiraGroup[] {
  const names = new Set(user.groups);
  for (const name of names) {
    for (const parent of parentsOf(state, name)) names.add(parent.lowerName);
  }
  return [...names]
    .sort()
    .map((name) => state.groupsByName.get(name))
    .filter((group) => group !== undefined);
}

/** The groups that hold this one directly, sorted. */
export function parentsOf(state: JiraState, lowerName: string): readonly JiraGroup[] {
  if (state.parentGroups.size === 0) return [];
  return [...state.parentGroups]
    .sort()
    .map((name) => state.groupsByName.get(name))
    .filter((group) => group?.children.has(lowerName) === true)
    .filter((group) => group !== undefined);
}

/** Answers whether the child was not yet inside the parent. */
export function nest(state: JiraState, parent: JiraGroup, child: JiraGroup): boolean {
  if (parent.children.has(child.lowerName)) return false;
  parent.children.add(child.lowerName);
  state.parentGroups.add(parent.lowerName);
  return true;
}

/** Answers whether the child was inside the parent. */
export function unnest(state: JiraState, parent: JiraGroup, child: JiraGroup): boolean {
  if (!parent.children.delete(child.lowerName)) return false;
  if (parent.children.size === 0) state.parentGroups.delete(parent.lowerName);
  return true;
}
