/** Two of those who want a key, as the store keeps them too: equal when there is only one. */
export interface Wanting {
  readonly lo: string;
  readonly hi: string;
}

/** Who wants which username or address, in memory: one short text a key. */
export interface KeyIndex {
  /** Notes that somebody wants a key; null is nobody's. May be repeated. */
  add(key: string | null, externalId: string): void;
  /** Those of the keys that somebody wants. */
  holders(keys: readonly string[]): ReadonlyMap<string, Wanting>;
}

/** The lowest and the highest of those who want a key are enough to tell one from many. */
export function createKeyIndex(): KeyIndex {
  const first = new Map<string, string>();
  const several = new Map<string, Wanting>();
  const wanting = (key: string): Wanting | null => {
    const id = first.get(key);
    return several.get(key) ?? (id === undefined ? null : { lo: id, hi: id });
  };
  return {
    add(key, externalId) {
      if (key === null) return;
      const known = wanting(key);
      if (known === null) first.set(key, externalId);
      else if (externalId < known.lo) several.set(key, { ...known, lo: externalId });
      else if (externalId > known.hi) several.set(key, { ...known, hi: externalId });
    },
    holders(keys) {
      const found = new Map<string, Wanting>();
      for (const key of keys) {
        const known = wanting(key);
        if (known !== null) found.set(key, known);
      }
      return found;
    },
  };
}
