import type { Collection, Db } from 'mongodb';
import type { SeenRate } from '../domain/call-limiter';
import { callConnectionId, callSlotId, callWindowId, callWindowsUntil } from '../domain/ids';
import { findByIds, isDuplicateKey, purgeSome } from './mongo';
import type { CollectionIndexes } from './mongo';
import type { CallLimitRepository } from './limit-repositories';

/** Calls that may start in one window of time. */
interface WindowDocument {
  readonly _id: string;
  readonly n: number;
}
/** One place among the calls to a connection, free when `until` is past. */
interface SlotDocument {
  readonly _id: string;
  readonly holder: string;
  /** Epoch milliseconds. */
  readonly until: number;
}
/** What all processes have to know of a connection. */
interface ConnectionDocument {
  readonly _id: string;
  /** Epoch milliseconds. */
  readonly blockedUntil?: number;
  /** Until when a slot is kept for calls that somebody waits for; epoch milliseconds. */
  readonly reservedUntil?: number;
  /** The pace that the latest answers showed; null: none. */
  readonly rate?: SeenRate | null;
  /** Until when a process that lacks a slot counts as waiting, by its id. */
  readonly waiting?: Readonly<Record<string, number>>;
}

export const rateLimitIndexes: CollectionIndexes = { collection: 'rateLimits', indexes: [] };
export const callSlotIndexes: CollectionIndexes = { collection: 'callSlots', indexes: [] };
export const callConnectionIndexes: CollectionIndexes = { collection: 'callConnections', indexes: [] };

const OLD_WINDOWS_AT_ONCE = 200;

/** Two first upserts of one document may collide; the second time it is there. */
async function onceMore<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isDuplicateKey(error)) return write();
    throw error;
  }
}

async function takeGrants(windows: Collection<WindowDocument>, _id: string, count: number): Promise<number> {
  const after = await onceMore(() =>
    windows.findOneAndUpdate({ _id }, { $inc: { n: count } }, { upsert: true, returnDocument: 'after' })
  );
  return after?.n ?? count;
}

/** The slots are tried in the given order; one that nobody ever held is made on the way. */
async function takeSlot(
  slots: Collection<SlotDocument>,
  { connection, numbers, holder, now, until }: Parameters<CallLimitRepository['takeSlot']>[0]
): Promise<number | null> {
  const ids = numbers.map((slot) => callSlotId(connection, slot));
  const known = new Map((await findByIds(slots, ids)).map((slot) => [slot._id, slot.until]));
  for (const [at, _id] of ids.entries()) {
    const held = known.get(_id);
    if (held !== undefined && held > now) continue;
    if (await claim(slots, _id, { holder, until }, held, now)) return numbers[at] ?? null;
  }
  return null;
}

async function claim(
  slots: Collection<SlotDocument>,
  _id: string,
  lease: Pick<SlotDocument, 'holder' | 'until'>,
  held: number | undefined,
  now: number
): Promise<boolean> {
  if (held !== undefined) {
    return (await slots.updateOne({ _id, until: { $lte: now } }, { $set: lease })).modifiedCount === 1;
  }
  try {
    await slots.insertOne({ _id, ...lease });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/** What calls to one connection share over all processes (durability 5.6). */
export function createCallLimitRepository(db: Db): CallLimitRepository {
  const windows = db.collection<WindowDocument>(rateLimitIndexes.collection);
  const slots = db.collection<SlotDocument>(callSlotIndexes.collection);
  const connections = db.collection<ConnectionDocument>(callConnectionIndexes.collection);
  const set = async (connection: string, update: object): Promise<void> => {
    const _id = callConnectionId(connection);
    await onceMore(() => connections.updateOne({ _id }, update, { upsert: true }));
  };
  return {
    takeGrants: (connection, priority, start, count) =>
      takeGrants(windows, callWindowId(connection, priority, start), count),
    raiseGrants: async (connection, priority, start, n) => {
      const _id = callWindowId(connection, priority, start);
      await onceMore(() => windows.updateOne({ _id }, { $max: { n } }, { upsert: true }));
    },
    granted: async (connection, priority, start) =>
      (await windows.findOne({ _id: callWindowId(connection, priority, start) }))?.n ?? 0,
    forgetWindows: async (connection, before) => {
      for (const priority of ['bulk', 'interactive'] as const) {
        await purgeSome(windows, { _id: callWindowsUntil(connection, priority, before) }, OLD_WINDOWS_AT_ONCE);
      }
    },
    takeSlot: (input) => takeSlot(slots, input),
    renewSlot: async (connection, slot, holder, until) => {
      const filter = { _id: callSlotId(connection, slot), holder };
      return (await slots.updateOne(filter, { $max: { until } })).matchedCount === 1;
    },
    giveSlotBack: async (connection, slot, holder) => {
      await slots.updateOne({ _id: callSlotId(connection, slot), holder }, { $set: { holder: '', until: 0 } });
    },
    block: (connection, until) => set(connection, { $max: { blockedUntil: until } }),
    reserve: (connection, until) => set(connection, { $max: { reservedUntil: until } }),
    learn: (connection, rate) => set(connection, { $set: { rate } }),
    wait: (connection, holder, until) => set(connection, { $set: { [`waiting.${holder}`]: until } }),
    stopWaiting: (connection, holder) => set(connection, { $unset: { [`waiting.${holder}`]: '' } }),
    connection: async (connection, now) => {
      const found = await connections.findOne({ _id: callConnectionId(connection) });
      const waiting = Object.entries(found?.waiting ?? {}).filter(([, until]) => until > now);
      const { blockedUntil = 0, reservedUntil = 0, rate = null } = found ?? {};
      return { blockedUntil, reservedUntil, rate, waiting: waiting.map(([holder]) => holder) };
    },
  };
}
