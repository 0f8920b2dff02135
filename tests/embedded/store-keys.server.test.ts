import type { Collection, Document } from 'mongodb';
import { createTestStore, describeEmbeddedStore } from '../support/servers-store';
import type { TestStore } from '../support/servers-store';

const DUPLICATE_KEY = { code: 11000 };
const BAD_VALUE = { code: 2 };
const CANNOT_CREATE_INDEX = { code: 67 };

type Item = Document & { _id: string };

describeEmbeddedStore('keys of the embedded store', () => {
  let store: TestStore;
  let items: Collection<Item>;

  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.remove());
  beforeEach(async () => {
    items = store.db.collection<Item>('items');
    await items.drop();
  });

  async function entries(): Promise<unknown> {
    return (await store.db.command({ validate: 'items' }))['keysPerIndex'];
  }

  describe('null and missing in a sparse unique index', () => {
    beforeEach(async () => {
      await items.createIndexes([{ key: { claim: 1 }, unique: true, sparse: true }]);
    });

    it('lets any number of documents be without the key', async () => {
      await items.insertMany([{ _id: 'a' }, { _id: 'b' }, { _id: 'c', claim: 'x' }]);

      expect(await entries()).toMatchObject({ claim_1: 1 });
      expect(await items.find({ claim: null }).toArray()).toHaveLength(2);
      expect(await items.find({ claim: { $in: [null, 'x'] } }).toArray()).toHaveLength(3);
    });

    it('counts a stored null as a key, so a second one is refused', async () => {
      await items.insertOne({ _id: 'a', claim: null });

      await expect(items.insertOne({ _id: 'b', claim: null })).rejects.toMatchObject(DUPLICATE_KEY);
      await items.insertOne({ _id: 'c' });
      await expect(items.updateOne({ _id: 'c' }, { $set: { claim: null } })).rejects.toMatchObject(DUPLICATE_KEY);
    });

    it('gives the key free when null becomes missing, and takes it when missing becomes null', async () => {
      await items.insertMany([{ _id: 'a', claim: null }, { _id: 'b' }]);
      await items.updateOne({ _id: 'a' }, { $unset: { claim: '' } });
      await items.updateOne({ _id: 'b' }, { $set: { claim: null } });
      await items.deleteOne({ _id: 'a' });

      expect(await entries()).toEqual({ _id_: 1, claim_1: 1 });
      await expect(items.insertOne({ _id: 'c', claim: null })).rejects.toMatchObject(DUPLICATE_KEY);
    });

    it('gives a claim free when it is unset', async () => {
      await items.insertOne({ _id: 'a', claim: 'jira:U1' });
      await items.updateOne({ _id: 'a' }, { $unset: { claim: '' } });
      await items.insertOne({ _id: 'b', claim: 'jira:U1' });

      expect(await items.findOne({ claim: 'jira:U1' })).toMatchObject({ _id: 'b' });
    });
  });

  describe('null and missing in a plain unique index', () => {
    it('are the same key', async () => {
      await items.createIndexes([{ key: { group: 1, user: 1 }, unique: true }]);
      await items.insertOne({ _id: 'a', group: 'dev' });

      await expect(items.insertOne({ _id: 'b', group: 'dev', user: null })).rejects.toMatchObject(DUPLICATE_KEY);
      expect(await items.findOne({ group: 'dev', user: null })).toMatchObject({ _id: 'a' });
      expect(await items.find({ group: 'dev' }).toArray()).toHaveLength(1);
    });
  });

  describe('an array within an indexed path', () => {
    beforeEach(async () => {
      await items.createIndexes([{ key: { 'owner.tag': 1, _id: 1 }, unique: true }]);
      await items.insertOne({ _id: 'a', owner: { tag: 'x' } });
    });

    it('is refused in an insert, which then leaves nothing behind', async () => {
      await expect(items.insertOne({ _id: 'b', owner: { tag: ['x', 'y'] } })).rejects.toMatchObject(BAD_VALUE);
      await expect(items.insertOne({ _id: 'b', owner: [{ tag: 'x' }] })).rejects.toMatchObject(BAD_VALUE);

      expect(await items.findOne({ _id: 'b' })).toBeNull();
      expect(await entries()).toEqual({ _id_: 1, 'owner.tag_1__id_1': 1 });
    });

    it('is refused in an update, which then changes nothing', async () => {
      await expect(items.updateOne({ _id: 'a' }, { $set: { 'owner.tag': [] } })).rejects.toMatchObject(BAD_VALUE);

      expect(await items.findOne({ 'owner.tag': 'x', _id: 'a' })).toEqual({ _id: 'a', owner: { tag: 'x' } });
    });

    it('is refused when the index is made over it', async () => {
      await items.insertOne({ _id: 'c', list: ['x'] });

      await expect(items.createIndexes([{ key: { list: 1, _id: 1 }, unique: true }])).rejects.toThrow(
        'leads to an array'
      );
    });

    it('is allowed elsewhere, and found by its elements', async () => {
      await items.insertOne({ _id: 'd', owner: { tag: 'z' }, groups: ['dev', 'ops'] });

      expect(await items.findOne({ groups: 'ops' })).toMatchObject({ _id: 'd' });
      expect(await items.findOne({ 'owner.tag': 'z', groups: ['dev', 'ops'] })).toMatchObject({ _id: 'd' });
      expect(await items.findOne({ 'owner.tag': ['z'] })).toBeNull();
    });
  });

  it('refuses indexes that it would ignore or apply otherwise than MongoDB', async () => {
    await items.insertOne({ _id: 'a' });

    await expect(items.createIndexes([{ key: { group: 1 } }])).rejects.toMatchObject(CANNOT_CREATE_INDEX);
    await expect(
      items.createIndexes([{ key: { group: 1 }, unique: true, partialFilterExpression: { group: 'dev' } }])
    ).rejects.toMatchObject(CANNOT_CREATE_INDEX);
    await expect(
      items.createIndexes([{ key: { group: 1 }, unique: true, collation: { locale: 'en' } }])
    ).rejects.toMatchObject(CANNOT_CREATE_INDEX);
  });

  it('starts anew with a dropped collection', async () => {
    await items.createIndexes([{ key: { claim: 1 }, unique: true, sparse: true }]);
    await items.insertOne({ _id: 'a', claim: 'x' });
    await items.drop();
    await items.createIndexes([{ key: { claim: 1 }, unique: true, sparse: true }]);
    await items.insertOne({ _id: 'b', claim: 'x' });

    expect(await entries()).toEqual({ _id_: 1, claim_1: 1 });
  });

  it('compares numbers by value and keeps texts of all scripts apart', async () => {
    await items.createIndexes([{ key: { key: 1 }, unique: true }]);
    await items.insertMany([
      { _id: 'a', key: 1 },
      { _id: 'b', key: 'ä' },
      { _id: 'c', key: 'Ä' },
      { _id: 'd', key: '李' },
    ]);

    await expect(items.insertOne({ _id: 'e', key: 1.0 })).rejects.toMatchObject(DUPLICATE_KEY);
    expect(await items.findOne({ key: '李' })).toMatchObject({ _id: 'd' });
    expect(await items.find({ key: { $gte: 'Ä', $lte: 'ä' } }).toArray()).toHaveLength(2);
  });
});
