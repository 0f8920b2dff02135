import { linkId, sliceOf } from '../../domain/ids';
import type { LeaseRequest } from '../../store/link-records';
import { ALL, createLeasing, creation, existing, LEASE_MS, released, START } from './link-support';
import type { Leasing } from './link-support';
import { openTestStore } from './support';
import type { StoreUnderTest } from './support';

describe('links', () => {
  let test: StoreUnderTest;
  let leasing: Leasing;
  beforeAll(async () => {
    test = await openTestStore('links');
    leasing = createLeasing(test.store);
  });
  afterAll(() => test.remove());
  const acquire: Leasing['acquire'] = (...input) => leasing.acquire(...input);
  const born: Leasing['born'] = (...input) => leasing.born(...input);
  const read: Leasing['read'] = (...input) => leasing.read(...input);

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

  describe('what is due', () => {
    const times = { missingSince: '2026-03-01T00:00:00.000Z', outOfScopeSince: null, disabledSince: null };
    const note = (externalId: string, due: string | null) =>
      test.store.links.note([{ id: linkId('due', externalId), connectorId: 'due', externalId, due, ...times }]);
    const dueAt = async (until: string): Promise<string[]> =>
      (await test.store.links.due(until, 10)).map((link) => link.externalId);

    it('is found from its hour on, the oldest first, until it is noted otherwise', async () => {
      await acquire('due', [creation('late'), creation('soon'), creation('never')], 't');
      await note('late', '2026-03-02T08:30:00.000Z');
      await note('soon', '2026-03-01T23:10:00.000Z');
      await note('never', null);
      expect(await dueAt('2026-03-01T22:59:00.000Z')).toEqual([]);
      expect(await dueAt('2026-03-01T23:00:00.000Z')).toEqual(['soon']);
      expect(await dueAt('2026-03-03T00:00:00.000Z')).toEqual(['soon', 'late']);
      await note('soon', null);
      expect(await dueAt('2026-03-03T00:00:00.000Z')).toEqual(['late']);
    });

    it('is put off, unless it was noted otherwise meanwhile', async () => {
      const [late] = await test.store.links.due('2026-03-03T00:00:00.000Z', 1);
      if (late === undefined) throw new Error('nothing is due');
      await test.store.links.postpone(late, '2026-03-05T00:00:00.000Z');
      expect(await dueAt('2026-03-04T00:00:00.000Z')).toEqual([]);
      await test.store.links.postpone(late, '2026-03-03T00:00:00.000Z');
      expect(await dueAt('2026-03-04T00:00:00.000Z')).toEqual([]);
      expect(await dueAt('2026-03-05T00:00:00.000Z')).toEqual(['late']);
    });
  });
});
