/**
 * A set of names in code unit order that is read by position: page 1,900 of a group of 100,000 costs a slice, not a
 * sort. Additions are collected and merged in at the next read, so that loading n names costs one sort. The caller
 * keeps names unique (it holds the map that the names come from).
 */
export interface SortedNames {
  readonly size: () => number;
  readonly add: (name: string) => void;
  /** Unknown names are ignored. */
  readonly remove: (name: string) => void;
  readonly slice: (start: number, end: number) => readonly string[];
  /** The position of the first name that is greater than the given one: a cursor that survives changes before it. */
  readonly positionAfter: (name: string) => number;
}

/** Up to this many new names are put in one by one; more are merged. */
const SINGLE_INSERT_LIMIT = 16;

export function createSortedNames(): SortedNames {
  let sorted: string[] = [];
  let pending: string[] = [];

  function settle(): string[] {
    if (pending.length === 0) return sorted;
    if (pending.length <= SINGLE_INSERT_LIMIT) {
      for (const name of pending) sorted.splice(lowerBound(sorted, name), 0, name);
    } else {
      sorted = merge(sorted, pending.sort(byCodeUnit));
    }
    pending = [];
    return sorted;
  }

  return {
    size: () => sorted.length + pending.length,
    add: (name) => {
      pending.push(name);
    },
    remove: (name) => {
      const names = settle();
      const at = lowerBound(names, name);
      if (names[at] === name) names.splice(at, 1);
    },
    slice: (start, end) => settle().slice(start, end),
    positionAfter: (name) => {
      const names = settle();
      const at = lowerBound(names, name);
      return names[at] === name ? at + 1 : at;
    },
  };
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function lowerBound(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle] ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

function merge(left: readonly string[], right: readonly string[]): string[] {
  const merged: string[] = [];
  let from = 0;
  for (const name of left) {
    for (let next = right[from]; next !== undefined && next < name; next = right[from]) {
      merged.push(next);
      from += 1;
    }
    merged.push(name);
  }
  for (const name of right.slice(from)) merged.push(name);
  return merged;
}
