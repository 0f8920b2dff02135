import { linkId, sliceOf } from '../../domain/ids';
import { ALL, createLeasing, creation, existing, LEASE_MS, released, START } from './link-support';
import type { Leasing } from './link-support';
import { AWKWARD_KEYS, openTestStore } from './support';
import type { StoreUnderTest } from './support';

describe('links', () => {
  let test: StoreUnderTest;
  let leasing: Leasing;
  beforeAll(async () => {
    test = await openTestStore('link-release');
    leasing = createLeasing(test.store);
  });
  afterAll(() => test.remove());
  const acquire: Leasing['acquire'] = (...input) => leasing.acquire(...input);
  const born: Leasing['born'] = (...input) => leasing.born(...input);
  const read: Leasing['read'] = (...input) => leasing.read(...input);

  describe('release', () => {
    it('stores what was applied, gives the lease back, and may be repeated', async () => {
      await acquire('done', [creation('u')], 't');
      const lastApplied = { username: 'u', email: null, displayName: 'U' };
      const release = released('done', 'u', 't', 'k:1');
      const full = { ...release, set: { ...release.set, lastApplied, versionBy: 'done-1' } };
      expect(await test.store.links.release([full])).toEqual({ conflicts: [] });
      expect(await test.store.links.release([{ ...full, set: { version: 99 } }])).toEqual({ conflicts: [] });
      expect(await read('done', 'u')).toMatchObject({
        state: 'active',
        targetKey: 'k:1',
        version: 1,
        lastApplied,
        versionBy: 'done-1',
        lease: null,
      });
    });

    it('rule 2.2: changes nothing once the lease is another’s', async () => {
      await born('fenced', 'u', 'fenced-u');
      await acquire('fenced', [existing('u')], 'old');
      await acquire('fenced', [existing('u')], 'new', START + LEASE_MS);
      await test.store.links.release([{ id: linkId('fenced', 'u'), token: 'old', set: { version: 99 } }]);
      expect(await read('fenced', 'u')).toMatchObject({ version: 1, lease: { token: 'new' } });
    });

    it('deletes a new link that never got an account, and sets its name free', async () => {
      await acquire('never', [creation('u', 'ray')], 't');
      await test.store.links.release([{ id: linkId('never', 'u'), token: 't', set: { state: 'pending' } }]);
      expect(await read('never', 'u')).toBeNull();
      expect((await acquire('never', [creation('v', 'ray')], 't')).got).toEqual(['v']);
      await test.store.links.release([{ id: linkId('never', 'v'), token: 't', set: {} }]);
      expect(await read('never', 'v')).toBeNull();
    });

    it('rule 1.3: an account has one owner; who comes second is told and keeps what he had', async () => {
      await born('owner', 'u', 'shared-key');
      await born('second', 'v', 'own-key');
      await acquire('second', [existing('v'), creation('w')], 't');
      const claim = (id: string) => ({
        ...released('second', id, 't', 'shared-key'),
        set: { targetKey: 'shared-key' },
      });
      const { conflicts } = await test.store.links.release([claim('v'), claim('w')]);
      expect([...conflicts].sort()).toEqual([linkId('second', 'v'), linkId('second', 'w')]);
      expect(await read('second', 'v')).toMatchObject({ targetKey: 'own-key', lease: null });
      expect(await read('second', 'w')).toBeNull();
      expect((await test.store.links.owners('jira', ['shared-key'])).get('shared-key')?.connectorId).toBe('owner');
    });

    it('lets two that claim one account at once not both have it', async () => {
      await acquire('claims', [creation('a'), creation('b')], 't');
      const claims = ['a', 'b'].map((id) => test.store.links.release([released('claims', id, 't', 'one-key')]));
      const conflicts = (await Promise.all(claims)).flatMap((answer) => answer.conflicts);
      expect(conflicts).toHaveLength(1);
    });

    it('gives the account up with the state `released`', async () => {
      await born('gave', 'u', 'given-key');
      await acquire('gave', [existing('u')], 't');
      await test.store.links.release([{ id: linkId('gave', 'u'), token: 't', set: { state: 'released' } }]);
      expect(await test.store.links.owners('jira', ['given-key'])).toEqual(new Map());
      await born('takes', 'v', 'given-key');
      expect((await test.store.links.owners('jira', ['given-key'])).get('given-key')?.externalId).toBe('v');
    });
  });

  describe('reads', () => {
    it('finds people of any id, and the owners of accounts of any key', async () => {
      for (const key of AWKWARD_KEYS) await born('odd', key, key);
      const links = await test.store.links.byExternalIds('odd', [...AWKWARD_KEYS, 'nobody']);
      expect([...links.keys()].sort()).toEqual([...AWKWARD_KEYS].sort());
      const owners = await test.store.links.owners('jira', [...AWKWARD_KEYS, 'unknown']);
      for (const key of AWKWARD_KEYS) expect(owners.get(key)?.externalId).toBe(key);
      expect(owners.size).toBe(AWKWARD_KEYS.length);
      expect(await test.store.links.owners('jira-2', [...AWKWARD_KEYS])).toEqual(new Map());
    });

    it('reads the links of a connector by slice, ordered by external id', async () => {
      const ids = ['c', 'a', 'b'];
      await acquire(
        'read',
        ids.map((id) => creation(id)),
        't'
      );
      expect((await test.store.links.inSlices('read', ALL)).map(({ externalId }) => externalId)).toEqual([
        'a',
        'b',
        'c',
      ]);
      const slice = sliceOf('b');
      const one = await test.store.links.inSlices('read', { from: slice, to: slice });
      expect(one.map(({ externalId }) => externalId)).toEqual(['b']);
      expect(await test.store.links.inSlices('rea', ALL)).toEqual([]);
    });

    it('notes times beside any lease, and for existing links only', async () => {
      await acquire('noted', [creation('u')], 't');
      const times = { missingSince: '2026-03-01T00:00:00.000Z', outOfScopeSince: null, disabledSince: null };
      await test.store.links.note([
        { id: linkId('noted', 'u'), connectorId: 'noted', externalId: 'u', due: null, ...times },
        { id: linkId('noted', 'nobody'), connectorId: 'noted', externalId: 'nobody', due: null, ...times },
      ]);
      expect(await read('noted', 'u')).toMatchObject({ ...times, lease: { token: 't' } });
      expect(await read('noted', 'nobody')).toBeNull();
    });
  });
});
