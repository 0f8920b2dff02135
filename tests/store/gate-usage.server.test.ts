import { openTestStore } from './support';
import type { StoreUnderTest } from './support';

const NONE = {
  disabled: 0,
  absent: 0,
  removals: 0,
  groupLoss: 0,
  renames: 0,
  emails: 0,
  creates: 0,
  groupsCreated: 0,
  reactivations: 0,
  sensitive: 0,
};

describe('gateUsage', () => {
  let test: StoreUnderTest;
  beforeAll(async () => {
    test = await openTestStore('gate-usage');
  });
  afterAll(() => test.remove());

  it('rule 4.1: sums 24 hours, the given one included, over midnight and month', async () => {
    const { gateUsage } = test.store;
    await gateUsage.set('day', '2026-02-28T02', 'day-1', { creates: 1 });
    await gateUsage.set('day', '2026-02-28T03', 'day-2', { creates: 10, removals: 5 });
    await gateUsage.set('day', '2026-03-01T02', 'day-3', { creates: 100 });
    await gateUsage.set('day', '2026-03-01T03', 'day-4', { creates: 1000 });
    expect(await gateUsage.used('day', '2026-03-01T02', 'none')).toEqual({ ...NONE, creates: 110, removals: 5 });
    expect(await gateUsage.used('other', '2026-03-01T02', 'none')).toEqual(NONE);
  });

  it('does not count the run that asks', async () => {
    const { gateUsage } = test.store;
    await gateUsage.set('self', '2026-03-01T02', 'self-1', { creates: 1 });
    await gateUsage.set('self', '2026-03-01T02', 'self-2', { creates: 2 });
    expect(await gateUsage.used('self', '2026-03-01T02', 'self-2')).toEqual({ ...NONE, creates: 1 });
  });

  it('is set, not added up: a repetition changes nothing, a correction replaces', async () => {
    const { gateUsage } = test.store;
    const hour = '2026-03-01T02';
    await gateUsage.set('again', hour, 'a.$b%c', { creates: 7, renames: 1 });
    await gateUsage.set('again', hour, 'a.$b%c', { creates: 7, renames: 1 });
    expect(await gateUsage.used('again', hour, 'none')).toEqual({ ...NONE, creates: 7, renames: 1 });
    await gateUsage.set('again', hour, 'a.$b%c', { creates: 3 });
    expect(await gateUsage.used('again', hour, 'none')).toEqual({ ...NONE, creates: 3 });
    expect(await gateUsage.used('again', hour, 'a.$b%c')).toEqual(NONE);
  });

  it('loses nothing when runs write one hour at once', async () => {
    const { gateUsage } = test.store;
    const runs = Array.from({ length: 8 }, (_, n) => `raced-${n}`);
    await Promise.all(runs.map((run) => gateUsage.set('raced', '2026-03-01T02', run, { absent: 1 })));
    expect((await gateUsage.used('raced', '2026-03-01T02', 'none')).absent).toBe(8);
  });

  it('refuses an hour of another form', async () => {
    const { gateUsage } = test.store;
    await expect(gateUsage.set('c', '2026-03-01', 'r', {})).rejects.toBeInstanceOf(RangeError);
    await expect(gateUsage.used('c', '2026-13-01T02', 'r')).rejects.toBeInstanceOf(RangeError);
  });

  describe('reservations of single-user syncs', () => {
    const hour = '2026-03-01T02';
    const reservation = (connectorId: string, key: string) => ({
      connectorId,
      hour,
      runId: `${connectorId}-user`,
      key,
    });

    it('add up, and give back what was not used', async () => {
      const { gateUsage } = test.store;
      await gateUsage.reserve(reservation('sum', 'a'), { renames: 1, emails: 1 });
      await gateUsage.reserve(reservation('sum', 'b.$'), { renames: 1 });
      expect(await gateUsage.used('sum', hour, '')).toEqual({ ...NONE, renames: 2, emails: 1 });
      await gateUsage.settle(reservation('sum', 'a'), { renames: 1 });
      await gateUsage.settle(reservation('sum', 'b.$'), {});
      expect(await gateUsage.used('sum', hour, '')).toEqual({ ...NONE, renames: 1 });
    });

    it('count once for an attempt and its repetition, with the counts of the last', async () => {
      const { gateUsage } = test.store;
      await gateUsage.reserve(reservation('retry', 'a'), { creates: 5 });
      await gateUsage.reserve(reservation('retry', 'a'), { creates: 1 });
      expect(await gateUsage.used('retry', hour, '')).toEqual({ ...NONE, creates: 1 });
      await gateUsage.settle(reservation('retry', 'a'), { creates: 1 });
      await gateUsage.settle(reservation('retry', 'a'), {});
      expect(await gateUsage.used('retry', hour, '')).toEqual({ ...NONE, creates: 1 });
    });

    it('are exact when many come at once', async () => {
      const { gateUsage } = test.store;
      const keys = Array.from({ length: 30 }, (_, n) => `k${n}`);
      await Promise.all(keys.map((key) => gateUsage.reserve(reservation('many', key), { creates: 1 })));
      expect(await gateUsage.used('many', hour, '')).toEqual({ ...NONE, creates: 30 });
      await Promise.all(keys.map((key) => gateUsage.settle(reservation('many', key), {})));
      expect(await gateUsage.used('many', hour, '')).toEqual(NONE);
    });
  });
});
