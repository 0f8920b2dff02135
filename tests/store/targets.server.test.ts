import { openTestStore, NOW } from './support';
import type { StoreUnderTest } from './support';

const LATER = '2026-03-02T02:00:00.000Z';

describe('targets', () => {
  let test: StoreUnderTest;
  beforeAll(async () => {
    test = await openTestStore('targets');
  });
  afterAll(() => test.remove());

  it('keeps a configuration with any member names', async () => {
    const config = { auth: { token: { $sealed: 'v1.x' } }, 'a.b': { $c: [1, 2.5, null, true] } };
    expect(await test.store.targets.insert({ id: 'awkward', config, now: NOW })).toBe(true);
    expect(await test.store.targets.get('awkward')).toEqual({
      id: 'awkward',
      config,
      version: 1,
      createdAt: NOW,
      updatedAt: NOW,
    });
  });

  it('refuses a taken id and leaves what is there', async () => {
    await test.store.targets.insert({ id: 'taken', config: { first: true }, now: NOW });
    expect(await test.store.targets.insert({ id: 'taken', config: { first: false }, now: LATER })).toBe(false);
    expect((await test.store.targets.get('taken'))?.config).toEqual({ first: true });
  });

  it('lists by id, and forgets what was removed', async () => {
    await test.store.targets.insert({ id: 'zeta', config: {}, now: NOW });
    await test.store.targets.insert({ id: 'alpha', config: {}, now: NOW });
    await test.store.targets.remove('zeta');
    await test.store.targets.remove('zeta');
    const ids = (await test.store.targets.list()).map(({ id }) => id);
    expect(ids).toContain('alpha');
    expect(ids).not.toContain('zeta');
    expect(ids).toEqual([...ids].sort());
    expect(await test.store.targets.get('zeta')).toBeNull();
  });

  it('rule 1.4: of writers that saw the same version exactly one succeeds', async () => {
    const { targets } = test.store;
    await targets.insert({ id: 'raced', config: {}, now: NOW });
    const writers = Array.from({ length: 8 }, (_, writer) => targets.replace('raced', 1, { writer }, LATER));
    const won = (await Promise.all(writers)).flatMap((success, writer) => (success ? [writer] : []));
    expect(won).toHaveLength(1);
    expect(await targets.get('raced')).toMatchObject({ version: 2, config: { writer: won[0] }, updatedAt: LATER });
  });
});
