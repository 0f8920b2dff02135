import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestStore, describeEmbeddedStore } from '../support/servers-store';
import type { TestStore } from '../support/servers-store';

const DOCUMENTS = 300;
const ROUNDS = 8;
/** Dead space may be used again after so long (RETENTION_MS of EmbeddedMongo.java). */
const DEAD_SPACE_MS = 2_200;
/** Every write takes at least a block of 4 kB, and three in truth: without reuse these rounds would need 10 to 30 MB. */
const RUNNING_LIMIT_BYTES = 9 * 1024 * 1024;
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

  async function rewriteAll(round: number): Promise<void> {
    const items = store.db.collection<Item>('items');
    for (let n = 0; n < DOCUMENTS; n++) {
      const set = { n: round, text: 'x'.repeat(200) };
      await items.updateOne({ _id: `i${n}` }, { $set: set }, { upsert: true });
    }
  }

  it('uses its dead space again, shrinks on stop and holds the same afterwards', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      await rewriteAll(round);
      await sleep(DEAD_SPACE_MS);
    }
    const running = statSync(store.file).size;
    const began = Date.now();
    await store.stop();

    expect(Date.now() - began).toBeLessThan(STOP_LIMIT_MS);
    expect(running).toBeLessThan(RUNNING_LIMIT_BYTES);
    expect(statSync(store.file).size).toBeLessThan(running / 2);

    await store.start();
    const found = await store.db.collection<Item>('items').find().toArray();
    expect(found).toHaveLength(DOCUMENTS);
    expect(new Set(found.map((item) => item.n))).toEqual(new Set([ROUNDS]));
  });
});
