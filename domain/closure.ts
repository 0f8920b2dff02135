import type { SourceNesting } from './model';

/**
 * For each group that lies in others: all groups that hold it, directly or through others (rules 2.8). Circles survive: a
 * group in a circle is held by every other group of it. Its own id is never among them.
 */
export function holdersOf(nestings: readonly SourceNesting[]): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, Set<string>>();
  for (const { groupId, childId } of nestings) {
    const known = parents.get(childId);
    if (known === undefined) parents.set(childId, new Set([groupId]));
    else known.add(groupId);
  }
  return new Map([...parents.keys()].map((group) => [group, above(group, parents)]));
}

function above(group: string, parents: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const found = new Set<string>();
  const waiting = [group];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const parent of parents.get(next) ?? []) {
      if (found.has(parent)) continue;
      found.add(parent);
      waiting.push(parent);
    }
  }
  found.delete(group);
  return [...found];
}
