import type { Store } from '../../store/store';
import { NOW, openTestStore } from './support';
import type { StoreUnderTest } from './support';

const event = (action: string) => ({
  at: NOW,
  by: 'ann',
  action,
  subject: 'corp',
  details: { 'a.$b': [action, null] },
});

describe('audit', () => {
  let test: StoreUnderTest;
  beforeEach(async () => {
    test = await openTestStore('audit');
  });
  afterEach(() => test.remove());

  async function append(store: Store, ...actions: readonly string[]): Promise<void> {
    for (const action of actions) await store.audit.append(event(action));
  }
  const events = () => test.db.collection<{ _id: number; by: string; details: string }>('auditEvents');

  it('is whole while it is empty', async () => {
    expect(await test.store.audit.verify()).toBeNull();
    expect(await test.store.audit.list({ limit: 5, cursor: null })).toEqual({ items: [], nextCursor: null });
  });

  it('chains each event to the one before, and lists newest first', async () => {
    const first = await test.store.audit.append(event('one'));
    const second = await test.store.audit.append(event('two'));
    await append(test.store, 'three');
    expect(first).toMatchObject({ seq: 1, prevHash: '0'.repeat(64), ...event('one') });
    expect(second).toMatchObject({ seq: 2, prevHash: first.hash });
    const page = await test.store.audit.list({ limit: 2, cursor: null });
    expect(page.items.map(({ action }) => action)).toEqual(['three', 'two']);
    expect(page.items[1]).toEqual(second);
    const rest = await test.store.audit.list({ limit: 2, cursor: page.nextCursor });
    expect(rest).toEqual({ items: [first], nextCursor: null });
  });

  it('rule 5.7: four writers at once make one chain without a gap', async () => {
    const writers = [test.store, await test.another(), await test.another(), await test.another()];
    const actions = Array.from({ length: 25 }, (_, n) => `a${n}`);
    await Promise.all(writers.map((writer) => append(writer, ...actions)));
    expect(await test.store.audit.verify()).toBeNull();
    const { items } = await test.store.audit.list({ limit: 200, cursor: null });
    expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, at) => 100 - at));
    for (const action of actions) expect(items.filter((each) => each.action === action)).toHaveLength(4);
  });

  it('goes on behind events that a crash left uncounted', async () => {
    await append(test.store, 'one', 'two', 'three');
    await test.db.collection<{ _id: string }>('counters').updateOne({ _id: 'audit' }, { $set: { n: 1 } });
    expect((await test.store.audit.append(event('four'))).seq).toBe(4);
    expect(await test.store.audit.verify()).toBeNull();
  });

  it.each([
    ['a changed field', () => events().updateOne({ _id: 3 }, { $set: { by: 'eve' } }), 3],
    ['changed details', () => events().updateOne({ _id: 2 }, { $set: { details: '{}' } }), 2],
    ['a removed event', () => events().deleteOne({ _id: 3 }), 3],
    ['a removed first event', () => events().deleteOne({ _id: 1 }), 1],
    ['a cut end', () => events().deleteMany({ _id: { $gte: 4 } }), 4],
  ])('finds %s', async (_, tamper, seq) => {
    await append(test.store, 'one', 'two', 'three', 'four', 'five');
    await tamper();
    expect(await test.store.audit.verify()).toBe(seq);
  });

  it('finds an event that was written again with a hash of its own', async () => {
    await append(test.store, 'one', 'two', 'three');
    const other = await openTestStore('audit-forger');
    await append(other.store, 'one', 'forged');
    const forged = await other.db.collection<{ _id: number }>('auditEvents').findOne({ _id: 2 });
    await test.db.collection<{ _id: number }>('auditEvents').replaceOne({ _id: 2 }, { ...forged });
    expect(await test.store.audit.verify()).toBe(3);
    await other.remove();
  });
});
