import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { openStore, StoreUnavailableError } from '../../store/connect';
import { testMongoUri } from '../support/servers';
import { openTestStore } from './support';
import type { StoreUnderTest } from './support';

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A dense number of each connector, and digests of random tokens. */
const NATURAL_KEYS = new Set(['scimUsers: connectorId, seq', 'scimGroups: connectorId, seq', 'scimTokens: digest']);

describe('openStore', () => {
  let test: StoreUnderTest;
  beforeAll(async () => {
    test = await openTestStore('connect');
  });
  afterAll(() => test.remove());

  it('rule 1.2: every index is unique, and ends in _id unless it is a claim or unique by nature', async () => {
    for (const { name } of await test.db.listCollections().toArray()) {
      const indexes = await test.db.collection(name).indexes();
      for (const { key, unique, sparse } of indexes.filter((index) => !('_id' in index.key))) {
        const isNatural = NATURAL_KEYS.has(`${name}: ${Object.keys(key).join(', ')}`);
        expect([name, key, unique, sparse === true || isNatural]).toEqual([name, key, true, true]);
      }
      for (const index of indexes.filter((each) => each.name !== '_id_')) expect(index.unique).toBe(true);
    }
  });

  it('may open the same database again: what is there stays', async () => {
    await test.store.targets.insert({ id: 'jira', config: {}, now: '2026-03-01T00:00:00.000Z' });
    const again = await test.another();
    expect(await again.targets.list()).toHaveLength(1);
    await expect(again.ping()).resolves.toBeUndefined();
  });

  it('takes the database that the address names', async () => {
    const address = new URL(testMongoUri());
    address.pathname = `/${test.db.databaseName}`;
    const store = await openStore({ mongoUri: address.href });
    expect(await store.targets.list()).toHaveLength(1);
    await store.close();
  });

  it('says within seconds which server does not answer, without the credentials', async () => {
    const port = await freePort();
    const opening = openStore({ mongoUri: `mongodb://admin:hunter2@127.0.0.1:${port}` });
    const error: unknown = await opening.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(String(error)).toContain(`no MongoDB answers at 127.0.0.1:${port} within 5 s`);
    expect(String(error)).not.toContain('hunter2');
  });

  it('refuses what is no address, without repeating it', async () => {
    const error: unknown = await openStore({ mongoUri: 'postgres://u:hunter2@h' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(String(error)).not.toContain('hunter2');
  });
});
