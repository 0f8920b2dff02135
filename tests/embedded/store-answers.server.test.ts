import type { Collection } from 'mongodb';
import { MongoBulkWriteError } from 'mongodb';
import { createTestStore, describeEmbeddedStore } from '../support/servers-store';
import type { TestStore } from '../support/servers-store';

interface Item {
  readonly _id: string;
  readonly claim?: string;
  readonly n?: number;
}

describeEmbeddedStore('answers of the embedded store to batches', () => {
  let store: TestStore;
  let items: Collection<Item>;

  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.remove());
  beforeEach(async () => {
    items = store.db.collection<Item>('items');
    await items.drop();
    await items.createIndexes([{ key: { claim: 1 }, unique: true, sparse: true }]);
    await items.insertMany([{ _id: 'a', claim: 'x' }, { _id: 'b' }]);
  });

  it('stops an ordered insert at the first refused document and counts what is in', async () => {
    const error = await failure(items.insertMany([{ _id: 'c' }, { _id: 'a' }, { _id: 'd' }]));

    expect(error.result.insertedCount).toBe(1);
    expect(await ids()).toEqual(['a', 'b', 'c']);
  });

  it('goes on in an unordered insert and counts what is in', async () => {
    const error = await failure(items.insertMany([{ _id: 'c' }, { _id: 'a' }, { _id: 'd' }], { ordered: false }));

    expect(error.result.insertedCount).toBe(2);
    expect(await ids()).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each([
    { ordered: true, matched: 1, upserted: 0 },
    { ordered: false, matched: 2, upserted: 1 },
  ])('counts updates around a refused one, ordered: $ordered', async ({ ordered, matched, upserted }) => {
    const error = await failure(
      items.bulkWrite(
        [
          { updateOne: { filter: { _id: 'a' }, update: { $set: { n: 1 } } } },
          { updateOne: { filter: { _id: 'b' }, update: { $set: { claim: 'x' } } } },
          { updateOne: { filter: { _id: 'b' }, update: { $set: { n: 2 } } } },
          { updateOne: { filter: { _id: 'c' }, update: { $set: { n: 3 } }, upsert: true } },
        ],
        { ordered }
      )
    );

    expect(error.result).toMatchObject({ matchedCount: matched, upsertedCount: upserted });
    expect(error.result.getWriteErrors()).toMatchObject([{ index: 1, code: 11000 }]);
  });

  it('gives a compare-and-set to exactly one of many', async () => {
    const attempts = Array.from({ length: 20 }, () =>
      items.updateOne({ _id: 'b', n: { $exists: false } }, { $set: { n: 1 } })
    );

    const winners = (await Promise.all(attempts)).filter((result) => result.modifiedCount === 1);
    expect(winners).toHaveLength(1);
  });

  it('counts exactly under concurrent increments, and a reader never sees half an update', async () => {
    const increments = Array.from({ length: 200 }, () =>
      items.findOneAndUpdate({ _id: 'b' }, { $inc: { n: 1 } }, { returnDocument: 'after' })
    );

    const seen = (await Promise.all(increments)).map((item) => item?.n);
    expect(new Set(seen).size).toBe(200);
    expect(await items.findOne({ _id: 'b' })).toEqual({ _id: 'b', n: 200 });
  });

  async function ids(): Promise<string[]> {
    return (await items.find().sort({ _id: 1 }).toArray()).map((item) => item._id);
  }
});

async function failure(writing: Promise<unknown>): Promise<MongoBulkWriteError> {
  const error: unknown = await writing.then(
    () => null,
    (reason: unknown) => reason
  );
  if (error instanceof MongoBulkWriteError) {
    return error;
  }
  throw new Error('a failure of the batch was expected');
}
