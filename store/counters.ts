import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './mongo';
import { isDuplicateKey } from './mongo';

interface CounterDocument {
  readonly _id: string;
  readonly n: number;
}
export const counterIndexes: CollectionIndexes = { collection: 'counters', indexes: [] };

/** Numbers given out, kept because counting is slow (durability 1.2). */
export interface Counters {
  /** The next number, from 1. A number whose user dies is a gap. */
  next(name: string): Promise<number>;
  /** Raises the counter to at least n. */
  raise(name: string, n: number): Promise<void>;
  /** The highest number given out, 0 when none. */
  read(name: string): Promise<number>;
}

/** Two first upserts of one counter may collide; the second time it is there. */
async function onceMore<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isDuplicateKey(error)) return write();
    throw error;
  }
}

async function next(counters: Collection<CounterDocument>, name: string): Promise<number> {
  const after = await onceMore(() =>
    counters.findOneAndUpdate({ _id: name }, { $inc: { n: 1 } }, { upsert: true, returnDocument: 'after' })
  );
  if (!after) throw new Error(`counter ${name}: the store gave no number`);
  return after.n;
}

export function createCounters(db: Db): Counters {
  const counters = db.collection<CounterDocument>(counterIndexes.collection);
  return {
    next: (name) => next(counters, name),
    raise: async (name, n) => {
      await onceMore(() => counters.updateOne({ _id: name }, { $max: { n } }, { upsert: true }));
    },
    read: async (name) => (await counters.findOne({ _id: name }))?.n ?? 0,
  };
}
