import { nameKey } from './names';

/** What is in a group of its own accord: usernames, and groups within it. */
export interface GroupContent {
  readonly group: string;
  readonly usernames: readonly string[];
  readonly groups: readonly string[];
}

/** Who is in a group, by nameKey of the username: of his own accord, or by way of a group within it alone. */
export interface GroupMembers {
  readonly direct: ReadonlySet<string>;
  readonly nested: ReadonlySet<string>;
}

/** The contents of all groups of a target by nameKey; group names are compared as rules 1.5. */
export type GroupTree = ReadonlyMap<string, GroupContent>;

export const groupTree = (contents: readonly GroupContent[]): GroupTree =>
  new Map(contents.map((content) => [nameKey(content.group), content]));

/**
 * The members of one group, groups within groups followed to any depth; a circle of groups ends where it began
 * (rules 2.8). Null where there is no such group.
 */
export function membersOf(tree: GroupTree, group: string): GroupMembers | null {
  const top = tree.get(nameKey(group));
  if (top === undefined) return null;
  const direct = new Set(top.usernames.map(nameKey));
  const nested = new Set<string>();
  const seen = new Set([nameKey(group)]);
  const open = [...top.groups];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(nameKey(name))) continue;
    seen.add(nameKey(name));
    const within = tree.get(nameKey(name));
    for (const username of within?.usernames ?? []) if (!direct.has(nameKey(username))) nested.add(nameKey(username));
    open.push(...(within?.groups ?? []));
  }
  return { direct, nested };
}

/**
 * Takes apart what a target says of an account's groups when it counts nested memberships too: a group in `nested` is
 * no direct one. Both are names, compared as rules 1.5.
 */
export function splitNested(
  groups: readonly string[],
  nested: readonly string[]
): { readonly accountGroups: readonly string[]; readonly nestedGroups: readonly string[] } {
  const keys = new Set(nested.map(nameKey));
  return { accountGroups: groups.filter((group) => !keys.has(nameKey(group))), nestedGroups: nested };
}
