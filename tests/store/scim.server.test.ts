import type { MemberIntent, PendingChange, ScimStore } from '../../store/scim-store';
import { inserted, moment, scimUser } from './scim-support';
import { AWKWARD_KEYS, NOW, openTestStore } from './support';
import type { StoreUnderTest } from './support';

const NOW_MS = Date.parse(NOW);
const names = (records: readonly { readonly id: string }[]): string[] => records.map(({ id }) => id);
const member = (id: string) => ({ id, type: 'User' as const, display: null });

describe('what identity providers pushed', () => {
  let test: StoreUnderTest;
  let scim: ScimStore;
  beforeEach(async () => {
    test = await openTestStore('scim');
    scim = test.store.scim;
  });
  afterEach(() => test.remove());

  describe('users and groups', () => {
    it('are unique by their name, also when many come at once', async () => {
      const tries = Array.from({ length: 10 }, (_, n) =>
        scim.users.insert(scimUser(`u${n}`, { keys: { name: 'ann' } }))
      );
      const taken = (await Promise.all(tries)).filter((made) => made === 'taken');
      expect(taken).toHaveLength(9);
      expect(await scim.users.insert(scimUser('other', { connectorId: 'other', keys: { name: 'ann' } }))).not.toBe(
        'taken'
      );
      expect(await scim.groups.insert(scimUser('g', { keys: { name: 'ann' } }))).not.toBe('taken');
    });

    it('change by compare-and-set, and cannot take a name that another has', async () => {
      const ann = await inserted(scim.users, scimUser('ann'));
      await inserted(scim.users, scimUser('bob'));
      const update = { connectorId: 'corp', id: 'ann', version: 1, moment: moment(), now: NOW, takesAway: true };
      const attributes = { json: '{"userName":"anna"}', keys: { name: 'anna', externalId: 'e', emails: ['a@x'] } };

      const after = await scim.users.update({ ...update, attributes });
      expect(after).toMatchObject({ version: 2, json: attributes.json, takesAway: true, createdAt: ann.createdAt });
      expect(await scim.users.update({ ...update, attributes })).toBe('stale');
      const bob = { ...attributes, keys: { ...attributes.keys, name: 'bob' } };
      expect(await scim.users.update({ ...update, version: 2, attributes: bob })).toBe('taken');
      expect(names(await scim.users.find('corp', { by: 'name', value: 'ann' }, 9))).toEqual([]);
      expect(names(await scim.users.find('corp', { by: 'name', value: 'anna' }, 9))).toEqual(['ann']);
    });

    it('leave a tombstone without attributes, and their name to the next', async () => {
      await inserted(scim.users, scimUser('ann', { keys: { externalId: 'e', emails: ['a@x'] } }));
      const gone = { connectorId: 'corp', id: 'ann', version: 1, moment: moment(), now: NOW };
      expect(await scim.users.remove(gone)).toBe(true);
      expect(await scim.users.remove({ ...gone, version: 2 })).toBe(false);

      expect(await scim.users.get('corp', 'ann')).toMatchObject({
        deleted: true,
        json: '{}',
        version: 2,
        takesAway: true,
      });
      expect(await scim.users.find('corp', { by: 'externalId', value: 'e' }, 9)).toEqual([]);
      expect(await scim.users.find('corp', { by: 'email', value: 'a@x' }, 9)).toEqual([]);
      expect(await scim.users.count('corp')).toBe(0);
      expect(await scim.users.insert(scimUser('anew', { keys: { name: 'ann' } }))).not.toBe('taken');
    });

    it('are found by any of their addresses and by the exact external id', async () => {
      const emails = ['1@x', '2@x', '3@x', '4@x', '5@x'];
      await inserted(scim.users, scimUser('many', { keys: { emails, externalId: 'E' } }));
      await inserted(scim.users, scimUser('one', { keys: { emails: ['2@x'], externalId: 'E' } }));
      const by = async (value: string) => names(await scim.users.find('corp', { by: 'email', value }, 9));

      expect((await by('2@x')).sort()).toEqual(['many', 'one']);
      // Beyond what the index holds it names candidates: the filter is checked on them.
      expect(await by('5@x')).toContain('many');
      expect(names(await scim.users.find('corp', { by: 'externalId', value: 'E' }, 9)).sort()).toEqual(['many', 'one']);
      expect(await scim.users.find('corp', { by: 'externalId', value: 'e' }, 9)).toEqual([]);
    });

    it.each(AWKWARD_KEYS)('bear the name %j', async (name) => {
      await inserted(scim.users, scimUser(`id ${name}`, { keys: { name, externalId: name, emails: [name] } }));
      for (const by of ['name', 'externalId', 'email'] as const) {
        expect(names(await scim.users.find('corp', { by, value: name }, 9))).toEqual([`id ${name}`]);
      }
    });
  });

  describe('pages', () => {
    it('are counted from the first that is still there, whatever was deleted between', async () => {
      for (let n = 1; n <= 25; n++) await inserted(scim.users, scimUser(`u${n}`));
      for (const n of [1, 7, 8]) {
        await scim.users.remove({ connectorId: 'corp', id: `u${n}`, version: 1, moment: moment(), now: NOW });
      }
      const first = await scim.users.page('corp', 1, 5);
      expect([names(first.items), first.total]).toEqual([['u2', 'u3', 'u4', 'u5', 'u6'], 22]);
      expect(names((await scim.users.page('corp', 6, 5)).items)).toEqual(['u9', 'u10', 'u11', 'u12', 'u13']);
      expect(names((await scim.users.page('corp', 21, 5)).items)).toEqual(['u24', 'u25']);
      expect((await scim.users.page('corp', 99, 5)).items).toEqual([]);
      expect(await scim.users.page('corp', 1, 0)).toEqual({ items: [], total: 22 });
    });

    it('go over several blocks', async () => {
      await inserted(scim.users, scimUser('first'));
      await test.db.collection('counters').updateOne({ _id: 'scim:User:corp' as never }, { $set: { n: 500 } });
      for (const id of ['x', 'y', 'z']) await inserted(scim.users, scimUser(id));
      expect(names((await scim.users.page('corp', 1, 3)).items)).toEqual(['first', 'x', 'y']);
      expect(names((await scim.users.page('corp', 3, 3)).items)).toEqual(['y', 'z']);
    });

    it('put a count right that a crash left wrong', async () => {
      for (const id of ['a', 'b', 'c']) await inserted(scim.users, scimUser(id));
      await test.db.collection('scimBlocks').updateMany({}, { $set: { n: 1 } });
      expect((await scim.users.page('corp', 1, 10)).total).toBe(3);
      await test.db.collection('scimBlocks').updateMany({}, { $set: { n: 9 } });
      await scim.users.recount('corp', [2]);
      expect(await scim.users.count('corp')).toBe(3);
    });
  });

  describe('memberships', () => {
    const write = (revision: number) => ({ connectorId: 'corp', groupId: 'g', revision, moment: moment() });
    const now = async () => {
      const found = await scim.members.inSlices('corp', 'g', { from: 0, to: 4095 });
      return names(found).sort();
    };

    it('tell whether they changed anything', async () => {
      expect(await scim.members.add(write(1), member('a'))).toBe(true);
      expect(await scim.members.add(write(1), member('a'))).toBe(false);
      expect(await scim.members.remove(write(1), 'a')).toBe(true);
      expect(await scim.members.remove(write(1), 'a')).toBe(false);
      expect(await scim.members.remove(write(1), 'nobody')).toBe(false);
      expect(await scim.members.add(write(2), member('a'))).toBe(true);
      expect(await now()).toEqual(['a']);
    });

    it('are found from both sides', async () => {
      await scim.members.add(write(1), member('a:b'));
      await scim.members.add({ ...write(1), groupId: 'other' }, member('a:b'));
      expect((await scim.members.of('corp', 'a:b')).map(({ groupId }) => groupId).sort()).toEqual(['g', 'other']);
      expect(await scim.members.among('corp', 'g', ['a:b', 'c'])).toEqual(new Set(['a:b']));
    });

    it('are written in bulk once, however often, and never over what came later', async () => {
      const add = ['a', 'b', 'c'].map(member);
      await scim.members.apply(write(2), add, []);
      await scim.members.remove(write(2), 'b');
      await scim.members.apply(write(2), add, []);
      expect(await now()).toEqual(['a', 'c']);
      await scim.members.apply(write(3), [member('b')], ['a', 'nobody']);
      expect(await now()).toEqual(['b', 'c']);
      await scim.members.apply(write(2), [member('a')], ['c']);
      expect(await now()).toEqual(['b', 'c']);
    });

    it('keep what is too much for an intent in parts', async () => {
      const intent: MemberIntent = { id: 'i', revision: 2, chunks: 2, add: [], remove: [], moment: moment() };
      await scim.members.putChunk('corp', 'g', intent, 0, { add: [member('a')], remove: ['b'] });
      expect(await scim.members.chunk('corp', 'g', intent, 0)).toEqual({ add: [member('a')], remove: ['b'] });
      await scim.members.dropChunks('corp', 'g', intent);
      expect(await scim.members.chunk('corp', 'g', intent, 0)).toEqual({ add: [], remove: [] });
    });
  });

  describe('what waits to be carried', () => {
    const oldest = (limit = 100) => scim.pending.oldest('corp', limit, NOW_MS);

    it('comes in the order in which it was accepted, of every kind', async () => {
      const at = (seconds: number) => moment(NOW_MS - seconds * 1_000);
      await inserted(scim.users, scimUser('late', { moment: at(1) }));
      await inserted(scim.users, scimUser('early', { moment: at(9_000), takesAway: true }));
      await inserted(scim.users, scimUser('alien', { connectorId: 'other', moment: at(5) }));
      await inserted(scim.groups, scimUser('g', { moment: at(600) }));
      await scim.members.add({ connectorId: 'corp', groupId: 'g', revision: 1, moment: at(60) }, member('late'));

      const found = await oldest();
      expect(found.map(({ kind, id }) => [kind, id])).toEqual([
        ['user', 'early'],
        ['group', 'g'],
        ['member', 'late'],
        ['user', 'late'],
      ]);
      expect(found[0]).toMatchObject({ acceptedAt: NOW_MS - 9_000_000, takesAway: true });
      expect(await scim.pending.any('corp', NOW_MS)).toBe(true);
      expect(await scim.pending.any('nobody', NOW_MS)).toBe(false);
    });

    it('is carried once, unless it changed again meanwhile', async () => {
      await inserted(scim.users, scimUser('a'));
      await inserted(scim.users, scimUser('b'));
      const found = await oldest();
      await scim.users.update({
        connectorId: 'corp',
        id: 'b',
        version: 1,
        moment: moment(),
        now: NOW,
        takesAway: false,
      });
      await scim.pending.carried(found);
      expect(names(await oldest())).toEqual(['b']);
    });

    it('is read in bounded parts', async () => {
      for (let n = 0; n < 60; n++) {
        await inserted(scim.users, scimUser(`u${n}`, { moment: moment(NOW_MS - 3_600_000 + n * 60_000) }));
      }
      const seen: string[] = [];
      for (let found: readonly PendingChange[]; (found = await oldest(5)).length > 0;) {
        seen.push(...names(found));
        await scim.pending.carried(found);
      }
      expect(seen).toEqual(Array.from({ length: 60 }, (_, n) => `u${n}`));
    });

    it('is set aside with its error, and waits again when somebody says so or it changes', async () => {
      await inserted(scim.users, scimUser('a'));
      const parked = { id: 'a', error: 'refused', at: NOW };
      await scim.pending.park('corp', 'user', parked, await oldest());
      expect(await oldest()).toEqual([]);
      expect(await scim.pending.parked('corp', 10)).toEqual([{ ...parked, kind: 'user' }]);

      expect(await scim.pending.retry('corp', 'a', moment())).toBe(true);
      expect(await scim.pending.retry('corp', 'a', moment())).toBe(false);
      expect(names(await oldest())).toEqual(['a']);

      await scim.pending.park('corp', 'user', parked, await oldest());
      await scim.users.update({
        connectorId: 'corp',
        id: 'a',
        version: 1,
        moment: moment(),
        now: NOW,
        takesAway: false,
      });
      expect(await scim.pending.parked('corp', 10)).toEqual([]);
      expect(names(await oldest())).toEqual(['a']);
    });
  });

  it('tokens are known by their digest and belong to one connector', async () => {
    const token = {
      id: 't1',
      connectorId: 'corp',
      kind: 'bearer' as const,
      name: 'entra',
      createdAt: NOW,
      expiresAt: null,
      lastUsedAt: null,
    };
    await scim.tokens.insert(token, 'd1');
    await scim.tokens.used('t1', NOW);
    expect(await scim.tokens.byDigest('d1')).toEqual({ ...token, lastUsedAt: NOW });
    expect(JSON.stringify(await scim.tokens.list('corp'))).not.toContain('d1');
    expect(await scim.tokens.remove('other', 't1')).toBe(false);
    expect(await scim.tokens.remove('corp', 't1')).toBe(true);
    expect(await scim.tokens.byDigest('d1')).toBeNull();
  });

  it('everything goes with its connector', async () => {
    for (const connectorId of ['corp', 'corp-2']) {
      await inserted(scim.users, scimUser('a', { connectorId }));
      await inserted(scim.groups, scimUser('g', { connectorId }));
      await scim.members.add({ connectorId, groupId: 'g', revision: 1, moment: moment() }, member('a'));
      const token = { id: connectorId, connectorId, kind: 'bearer' as const, name: '', createdAt: NOW };
      await scim.tokens.insert({ ...token, expiresAt: null, lastUsedAt: null }, connectorId);
    }
    await test.store.connectors.remove('corp');
    expect([await scim.users.get('corp', 'a'), await scim.groups.get('corp', 'g')]).toEqual([null, null]);
    expect([await scim.members.of('corp', 'a'), await scim.tokens.list('corp')]).toEqual([[], []]);
    expect(await scim.users.get('corp-2', 'a')).not.toBeNull();
    expect(await scim.members.of('corp-2', 'a')).toHaveLength(1);
  });
});
