import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestStore, describeEmbeddedStore } from '../support/servers-store';
import type { TestStore } from '../support/servers-store';

const DOCUMENTS = 500;
const REWRITES = 3_000;
/** Dead space may be used again after so long (RETENTION_MS of EmbeddedMongo.java, and two rounds of housekeeping). */
const DEAD_SPACE_MS = 4_000;
const STOPPED_LIMIT_BYTES = 4 * 1024 * 1024;
const STOP_LIMIT_MS = 10_000;

interface Item {
  readonly _id: string;
  readonly n: number;
  readonly text: string;
}

describeEmbeddedStore('the file of the embedded store', () => {
  let store: TestStore;

  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.remove());

  async function rewrite(offset: number): Promise<number> {
    const items = store.db.collection<Item>('items');
    for (let write = 0; write < REWRITES; write++) {
      const set = { n: offset + write, text: 'x'.repeat(200) };
      await items.updateOne({ _id: `i${write % DOCUMENTS}` }, { $set: set }, { upsert: true });
    }
    return statSync(store.file).size;
  }

  it('uses its dead space again, shrinks on stop and holds the same afterwards', async () => {
    const once = await rewrite(0);
    await sleep(DEAD_SPACE_MS);
    const twice = await rewrite(REWRITES);
    const began = Date.now();
    await store.stop();
    const stopped = statSync(store.file).size;

    expect(Date.now() - began).toBeLessThan(STOP_LIMIT_MS);
    expect(twice).toBeLessThan(1.5 * once);
    expect(stopped).toBeLessThan(Math.min(twice / 2, STOPPED_LIMIT_BYTES));

    await store.start();
    const found = await store.db.collection<Item>('items').find().toArray();
    expect(found).toHaveLength(DOCUMENTS);
    expect(Math.min(...found.map((item) => item.n))).toBe(2 * REWRITES - DOCUMENTS);
  });
});
