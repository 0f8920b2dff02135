import { linkId, sliceOf } from '../../domain/ids';
import type { LeaseRequest, LinkRelease } from '../../store/records';
import { AWKWARD_KEYS, openTestStore } from './support';
import type { StoreUnderTest } from './support';

const ALL = { from: 0, to: 4095 };
const START = 1_000_000;
const LEASE_MS = 60_000;

describe('links', () => {
  let test: StoreUnderTest;
  beforeAll(async () => {
    test = await openTestStore('links');
  });
  afterAll(() => test.remove());

  let names = 0;
  const creation = (externalId: string, usernameKey = `name ${names++}`): LeaseRequest => ({
    externalId,
    create: { targetId: 'jira', usernameKey },
  });
  const existing = (externalId: string): LeaseRequest => ({ externalId, create: null });
  const released = (connectorId: string, externalId: string, token: string, key: string): LinkRelease => ({
    id: linkId(connectorId, externalId),
    token,
    set: { state: 'active', targetKey: key, version: 1 },
    claimKey: key,
    dropNameClaim: true,
  });

  async function acquire(connectorId: string, requests: readonly LeaseRequest[], token: string, now = START) {
    const lease = { owner: `${connectorId}-1`, token, now, until: now + LEASE_MS };
    const { got, busy } = await test.store.links.acquire({ connectorId, requests, ...lease });
    return { got: [...got.keys()], busy, links: got };
  }
  /** A link with an account, free. */
  async function born(connectorId: string, externalId: string, key: string): Promise<void> {
    await acquire(connectorId, [creation(externalId)], 'birth');
    await test.store.links.release([released(connectorId, externalId, 'birth', key)]);
  }
  const read = async (connectorId: string, externalId: string) =>
    (await test.store.links.byExternalIds(connectorId, [externalId])).get(externalId) ?? null;

  describe('leases', () => {
    it('creates the link of a new person, pending and leased', async () => {
      const { links, busy } = await acquire('new', [creation('u:1')], 't');
      expect(busy).toEqual([]);
      expect(links.get('u:1')).toEqual({
        id: 'new:u%3A1',
        connectorId: 'new',
        externalId: 'u:1',
        slice: sliceOf('u:1'),
        targetId: 'jira',
        targetKey: null,
        state: 'pending',
        version: 0,
        versionBy: null,
        lastApplied: null,
        lastDeactivatedBy: null,
        lastDeactivatedCause: null,
        missingSince: null,
        outOfScopeSince: null,
        disabledSince: null,
        lease: { owner: 'new-1', token: 't', until: START + LEASE_MS },
      });
      expect(await read('new', 'u:1')).toEqual(links.get('u:1'));
    });

    it('rule 2.1: of callers that ask for the same people at once each person goes to one', async () => {
      const people = Array.from({ length: 40 }, (_, at) => `r${at}`);
      for (const id of people.slice(0, 20)) await born('race', id, `race-${id}`);
      const requests = people.map((id, at) => (at < 20 ? existing(id) : creation(id)));
      const tokens = Array.from({ length: 6 }, (_, at) => `t${at}`);
      const answers = await Promise.all(tokens.map((token) => acquire('race', requests, token)));
      expect(answers.flatMap(({ got }) => got).sort()).toEqual([...people].sort());
      for (const [at, { got, busy }] of answers.entries()) {
        expect(got.length + busy.length).toBe(people.length);
        for (const id of got) expect((await read('race', id))?.lease?.token).toBe(tokens[at]);
      }
    });

    it('is busy until the lease is past, then goes to the next', async () => {
      await born('past', 'u', 'past-u');
      expect((await acquire('past', [existing('u')], 'a')).got).toEqual(['u']);
      expect((await acquire('past', [existing('u')], 'b', START + LEASE_MS - 1)).busy).toEqual(['u']);
      expect((await acquire('past', [existing('u')], 'b', START + LEASE_MS)).got).toEqual(['u']);
    });

    it('gives the same token its leases again, for the new time', async () => {
      await acquire('same', [creation('u')], 'a');
      const again = await acquire('same', [creation('u')], 'a', START + 5_000);
      expect(again.got).toEqual(['u']);
      expect(again.links.get('u')?.lease?.until).toBe(START + 5_000 + LEASE_MS);
      expect((await read('same', 'u'))?.lease?.until).toBe(START + 5_000 + LEASE_MS);
    });

    it('takes over what a crash left pending, with the name that is wanted now', async () => {
      await acquire('left', [creation('u', 'old name')], 'dead');
      const later = START + LEASE_MS;
      expect((await acquire('left', [creation('u', 'new name')], 'b', later)).got).toEqual(['u']);
      expect((await acquire('left', [creation('v', 'old name')], 'b', later)).got).toEqual(['v']);
      expect((await acquire('left', [creation('w', 'new name')], 'c', later)).busy).toEqual(['w']);
    });

    it('finds a link without an account busy when asked for as an existing one that is not there', async () => {
      expect(await acquire('none', [existing('nobody')], 'a')).toMatchObject({ got: [], busy: ['nobody'] });
      expect(await read('none', 'nobody')).toBeNull();
    });

    it('takes a link that got its account since the plan, and claims no name for it', async () => {
      await born('grown', 'u', 'grown-u');
      const { links } = await acquire('grown', [creation('u', 'some name')], 'a');
      expect(links.get('u')).toMatchObject({ targetKey: 'grown-u', version: 1, lease: { token: 'a' } });
      expect((await acquire('grown', [creation('v', 'some name')], 'b')).got).toEqual(['v']);
    });

    it('renews the leases of its token, never shortens them, and none of another', async () => {
      await acquire('renewed', [creation('u'), creation('v')], 'a');
      await acquire('renewed', [creation('w')], 'b');
      await test.store.links.renew('renewed', ['u', 'w'], 'a', START + 90_000);
      await test.store.links.renew('renewed', ['v'], 'a', START + 1);
      const untils = await Promise.all(['u', 'v', 'w'].map(async (id) => (await read('renewed', id))?.lease?.until));
      expect(untils).toEqual([START + 90_000, START + LEASE_MS, START + LEASE_MS]);
    });
  });

  describe('claims of names', () => {
    it('rule 2.1: two people who want one name at once: one gets it, no trace of the other', async () => {
      const tries = ['a', 'b', 'c', 'd'].map((id) => acquire('names', [creation(id, 'jsmith')], `t-${id}`));
      const answers = await Promise.all(tries);
      const [winner, ...others] = answers.flatMap(({ got }) => got);
      expect(others).toEqual([]);
      expect((await test.store.links.inSlices('names', ALL)).map(({ externalId }) => externalId)).toEqual([winner]);
    });

    it('goes to one of two within one call', async () => {
      const { got, busy } = await acquire('within', [creation('a', 'twin'), creation('b', 'twin')], 't');
      expect([got.length, busy.length]).toEqual([1, 1]);
    });

    it('is free for others once dropped with the account there', async () => {
      await acquire('dropped', [creation('a', 'kim')], 't');
      await test.store.links.release([released('dropped', 'a', 't', 'kim-key')]);
      expect((await acquire('dropped', [creation('b', 'kim')], 't')).got).toEqual(['b']);
    });

    it('is void when the lease under which it was made is past without an account', async () => {
      await acquire('void', [creation('gone', 'lee')], 'dead');
      expect((await acquire('void', [creation('b', 'lee')], 'b', START + 1)).busy).toEqual(['b']);
      expect((await acquire('void', [creation('b', 'lee')], 'b', START + LEASE_MS)).got).toEqual(['b']);
    });

    it('keeps targets apart', async () => {
      const other: LeaseRequest = { externalId: 'b', create: { targetId: 'jira-2', usernameKey: 'max' } };
      await acquire('targets', [creation('a', 'max')], 't');
      expect((await acquire('targets', [other], 't')).got).toEqual(['b']);
    });
  });

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
        { id: linkId('noted', 'u'), ...times },
        { id: linkId('noted', 'nobody'), ...times },
      ]);
      expect(await read('noted', 'u')).toMatchObject({ ...times, lease: { token: 't' } });
      expect(await read('noted', 'nobody')).toBeNull();
    });
  });
});
