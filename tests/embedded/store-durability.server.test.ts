import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection, Db } from 'mongodb';
import { createTestStore, describeEmbeddedStore } from '../support/servers-store';
import type { TestStore } from '../support/servers-store';

interface Item {
  readonly _id: string;
  readonly group: string;
  readonly version: number;
  readonly claim?: string;
}

const WRITERS = 4;
const KILLS = 3;
const ACKNOWLEDGED_A_ROUND = 500;

describeEmbeddedStore('the embedded store, killed with -9 in a stream of writes', () => {
  let store: TestStore;
  let items: Collection<Item>;
  /** The newest version of every document whose write was answered. */
  const acknowledged = new Map<string, number>();

  beforeAll(async () => {
    store = await createTestStore();
    items = await open(store.db);
    for (let round = 0; round < KILLS; round++) {
      await writeUntilKilled(round);
      await store.start();
      items = await open(store.db);
    }
  });
  afterAll(() => store.remove());

  async function writeUntilKilled(round: number): Promise<void> {
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(`${round}-${writer}`));
    while (acknowledged.size < (round + 1) * ACKNOWLEDGED_A_ROUND) {
      await sleep(1);
    }
    await store.kill();
    await Promise.all(writers);
  }

  /** Inserts in batches, then changes a key of every index and takes the claim away, until the store is gone. */
  async function write(writer: string): Promise<void> {
    try {
      for (let n = 0; ; n++) {
        const ids = [0, 1, 2, 3, 4].map((k) => `${writer}-${n}-${k}`);
        await items.insertMany(ids.map((_id) => ({ _id, group: 'new', version: 0, claim: _id })));
        ids.forEach((id) => acknowledged.set(id, 0));
        const [first = '', second = ''] = ids;
        await items.updateOne({ _id: first, version: 0 }, { $set: { group: 'moved', version: 1 } });
        acknowledged.set(first, 1);
        await items.updateOne({ _id: second, version: 0 }, { $set: { version: 1 }, $unset: { claim: '' } });
        acknowledged.set(second, 1);
      }
    } catch {
      // the store was killed: what follows decides whether it kept its word
    }
  }

  it('has everything that was acknowledged', async () => {
    const found = new Map((await items.find().toArray()).map((item) => [item._id, item.version]));
    const lost = [...acknowledged].filter(([id, version]) => (found.get(id) ?? -1) < version);

    expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS * ACKNOWLEDGED_A_ROUND);
    expect(lost).toEqual([]);
  });

  it('has an entry in every index for every document, and no other', async () => {
    const all = await items.find().toArray();
    const { keysPerIndex } = await store.db.command({ validate: 'items' });

    expect(keysPerIndex).toEqual({
      _id_: all.length,
      group_1__id_1: all.length,
      claim_1: all.filter((item) => item.claim !== undefined).length,
    });
  });

  it('finds documents through every index and still refuses duplicates', async () => {
    const sample = (await items.find().toArray()).filter((_, n) => n % 50 === 0);
    for (const { _id, group, claim } of sample) {
      expect(await items.findOne({ group, _id })).toMatchObject({ _id });
      if (claim !== undefined) {
        expect(await items.findOne({ claim })).toMatchObject({ _id });
        await expect(items.insertOne({ _id: `other-${_id}`, group, version: 0, claim })).rejects.toMatchObject({
          code: 11000,
        });
      }
    }
  });
});

async function open(db: Db): Promise<Collection<Item>> {
  const items = db.collection<Item>('items');
  await items.createIndexes([{ key: { group: 1, _id: 1 }, unique: true }]);
  await items.createIndexes([{ key: { claim: 1 }, unique: true, sparse: true }]);
  return items;
}
