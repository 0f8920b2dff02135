/** A small cache: keeps the `limit` entries used last, and calls `drop` for one that has to go. */
export function recentlyUsed<T>(limit: number, drop: (value: T) => void): (key: string, create: () => T) => T {
  const entries = new Map<string, T>();
  return (key, create) => {
    const value = entries.get(key) ?? create();
    entries.delete(key);
    entries.set(key, value);
    for (const [oldest, old] of entries) {
      if (entries.size <= limit) break;
      entries.delete(oldest);
      drop(old);
    }
    return value;
  };
}
