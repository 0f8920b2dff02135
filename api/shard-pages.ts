/** Lists of shards that one request reads, at most: a filter that fits little must not read a whole run. */
const SHARDS_READ = 32;

export interface ShardPageInput<T> {
  /** How many shards there are. */
  readonly shards: number;
  /** Whether a shard may have an item that fits; the others are not read. @default every one */
  readonly mayFit?: (shard: number) => boolean;
  readonly read: (shard: number) => Promise<readonly T[]>;
  readonly fits: (item: T) => boolean;
  readonly limit: number;
  /** nextCursor of the page before. @default the beginning */
  readonly cursor?: string | undefined;
}

/** `shard.place`: where a list goes on. */
export const SHARD_CURSOR = /^\d{1,4}\.\d{1,9}$/;

/**
 * A page of what the shards of a run noted, in the order of the shards. A page may hold fewer than `limit`, even none, where
 * the filter fits little.
 */
export async function shardPage<T>(
  input: ShardPageInput<T>
): Promise<{ readonly items: readonly T[]; readonly nextCursor: string | null }> {
  const [first = 0, place = 0] = (input.cursor ?? '0.0').split('.').map(Number);
  const items: T[] = [];
  let read = 0;
  for (let shard = first; shard < input.shards; shard += 1) {
    if (input.mayFit?.(shard) === false) continue;
    if (read === SHARDS_READ) return { items, nextCursor: `${shard}.0` };
    read += 1;
    const all = await input.read(shard);
    for (let at = shard === first ? place : 0; at < all.length; at += 1) {
      const item = all[at];
      if (item === undefined || !input.fits(item)) continue;
      if (items.length === input.limit) return { items, nextCursor: `${shard}.${at}` };
      items.push(item);
    }
  }
  return { items, nextCursor: null };
}
