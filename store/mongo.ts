import { MongoBulkWriteError, MongoServerError } from 'mongodb';
import type { AnyBulkWriteOperation, Collection, Db, Filter, OptionalUnlessRequiredId } from 'mongodb';

/** Reads by `$in` go in lists of this length: a server that checks each found document against the list pays its square. */
const IDS_AT_ONCE = 200;
const DUPLICATE_KEY = 11000;
const UPSERT_ATTEMPTS = 4;

export interface Identified {
  readonly _id: string;
}

/** An index. All are unique (durability 1.2): `_id` is the last key where the others are not unique by nature. */
export interface IndexSpec {
  readonly keys: readonly string[];
  /** True: documents that lack the key are not indexed, so that the value is unique where it is set (durability 1.3). */
  readonly sparse?: true;
}
export interface CollectionIndexes {
  readonly collection: string;
  readonly indexes: readonly IndexSpec[];
}

/** Creates what is missing; an index that is there stays. @throws MongoServerError when one is there with other options */
export async function createIndexes(db: Db, plans: readonly CollectionIndexes[]): Promise<void> {
  for (const plan of plans) {
    for (const { keys, sparse } of plan.indexes) {
      const spec = Object.fromEntries(keys.map((key) => [key, 1 as const]));
      await db.collection(plan.collection).createIndex(spec, { unique: true, ...(sparse ? { sparse } : {}) }, {});
    }
  }
}

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** A document but for the fields that stay in the store. */
export function without<D extends object, K extends keyof D & string>(
  document: D,
  ...fields: readonly K[]
): Omit<D, K> {
  const shown = Object.entries(document).filter(([name]) => !fields.includes(name as K));
  return Object.fromEntries(shown) as Omit<D, K>;
}

export function chunks<T>(items: readonly T[], size = IDS_AT_ONCE): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}

/** The documents with these ids (of each the named fields, else all), in any order; ids that are not there are left out. */
export async function findByIds<D extends Identified, F extends keyof D & string = keyof D & string>(
  collection: Collection<D>,
  ids: readonly string[],
  fields?: readonly F[]
): Promise<readonly Pick<D, F | '_id'>[]> {
  const projection = fields ? { projection: Object.fromEntries(fields.map((field) => [field, 1 as const])) } : {};
  const found: Pick<D, F | '_id'>[] = [];
  for (const part of chunks(ids)) {
    const filter = { _id: { $in: part } } as unknown as Filter<D>;
    found.push(...(await collection.find<Pick<D, F | '_id'>>(filter, projection).toArray()));
  }
  return found;
}

/** Deletes the documents with these ids. @returns how many there were */
export async function deleteByIds<D extends Identified>(
  collection: Collection<D>,
  ids: readonly string[]
): Promise<number> {
  let deleted = 0;
  for (const part of chunks(ids)) {
    deleted += (await collection.deleteMany({ _id: { $in: part } } as unknown as Filter<D>)).deletedCount;
  }
  return deleted;
}

/** Deletes at most `limit` documents that match a filter which an index answers. @returns how many */
export async function purgeSome<D extends Identified>(
  collection: Collection<D>,
  filter: Filter<D>,
  limit: number
): Promise<number> {
  const found = await collection.find(filter, { projection: { _id: 1 }, limit }).toArray();
  return deleteByIds(
    collection,
    found.map((document) => (document as unknown as Identified)._id)
  );
}

/** The positions of a failed bulk write's operations that met a taken key. @throws the error itself when it is another */
function takenPositions(error: unknown): readonly number[] {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const failures = [error.writeErrors].flat();
  if (failures.length === 0 || failures.some((failure) => failure.code !== DUPLICATE_KEY)) throw error;
  return failures.map((failure) => failure.index);
}

/** Runs a bulk write in no order. @returns the positions of the operations that a unique index refused */
export async function writeAll<D extends Identified>(
  collection: Collection<D>,
  operations: readonly AnyBulkWriteOperation<D>[]
): Promise<readonly number[]> {
  if (operations.length === 0) return [];
  try {
    await collection.bulkWrite(operations, { ordered: false });
    return [];
  } catch (error) {
    return takenPositions(error);
  }
}

/**
 * Upserts by `_id`. Two writers that upsert one id at the same moment may both try to insert it: the loser tries again.
 * @throws Error when a key stays taken, which an upsert by id cannot explain
 */
export async function upsertAll<D extends Identified>(
  collection: Collection<D>,
  operations: readonly AnyBulkWriteOperation<D>[]
): Promise<void> {
  let left = operations;
  for (let attempt = 0; attempt < UPSERT_ATTEMPTS && left.length > 0; attempt++) {
    const taken: readonly number[] = await writeAll(collection, left);
    const tried: readonly AnyBulkWriteOperation<D>[] = left;
    left = taken.flatMap((position) => tried[position] ?? []);
  }
  if (left.length > 0) throw new Error(`${collection.collectionName}: ${left.length} upserts met a taken key`);
}

/** Inserts the documents whose id is free. @returns those whose id was taken */
export async function insertMissing<D extends Identified>(
  collection: Collection<D>,
  documents: readonly D[]
): Promise<readonly D[]> {
  if (documents.length === 0) return [];
  try {
    await collection.insertMany(documents as readonly OptionalUnlessRequiredId<D>[], { ordered: false });
    return [];
  } catch (error) {
    return takenPositions(error).flatMap((position) => documents[position] ?? []);
  }
}

/** Replaces documents by id, where the stored one also matches `only`; inserts none. */
export async function replaceAll<D extends Identified>(
  collection: Collection<D>,
  documents: readonly D[],
  only: (document: D) => Filter<D> = () => ({})
): Promise<void> {
  const operations = documents.map((document) => ({
    replaceOne: {
      filter: { _id: document._id, ...only(document) },
      replacement: document,
    },
  }));
  if (operations.length > 0) await collection.bulkWrite(operations, { ordered: false });
}

/** Writes documents whole: inserts the new, replaces the others. */
export async function putAll<D extends Identified>(collection: Collection<D>, documents: readonly D[]): Promise<void> {
  await replaceAll(collection, await insertMissing(collection, documents));
}
