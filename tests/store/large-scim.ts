import type { Db } from 'mongodb';
import type { ScimMember } from '../../domain/scim/members';
import { scimBlockId } from '../../domain/ids';
import { newDocument } from '../../store/scim-resource-document';
import type { Store } from '../../store/store';
import type { Call } from './large-calls';
import { DOCUMENTS } from './large-data';
import { moment, scimUser } from './scim-support';
import { NOW } from './support';

const NOW_MS = Date.parse(NOW);
/** Changes wait for a day and a bit: a store that nobody carried from for so long. */
const APART_MS = 1_000;
const AT_ONCE = 1_000;
const PAGE = 200;

const id = (n: number): string => `u${n}`;
const acceptedAt = (n: number): string => moment(NOW_MS - (DOCUMENTS - n) * APART_MS);
const member = (n: number): ScimMember => ({ id: id(n), type: 'User', display: null });
const user = (n: number) =>
  scimUser(id(n), {
    moment: acceptedAt(n),
    keys: { name: `name-${n}`, externalId: `e-${n}`, emails: [`a${n}@x`, `b${n}@x`] },
  });
const users = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);

/** 100,000 people that wait to be carried, all of them members of one group. */
export async function fillScim(store: Store, db: Db): Promise<void> {
  await store.scim.groups.insert(scimUser('g', { moment: acceptedAt(0) }));
  for (let from = 0; from < DOCUMENTS; from += AT_ONCE) {
    const some = users(from, AT_ONCE);
    await db.collection('scimUsers').insertMany(some.map((n) => newDocument(user(n), n + 1)) as never);
    const write = { connectorId: 'corp', groupId: 'g', revision: 1, moment: acceptedAt(from) };
    await store.scim.members.apply(write, some.map(member), []);
  }
  const blocks = users(0, DOCUMENTS / PAGE).map((block) => ({
    _id: scimBlockId('corp', 'User', block),
    block,
    n: PAGE,
  }));
  await db.collection('scimBlocks').insertMany(blocks as never);
  await db.collection('counters').insertOne({ _id: 'scim:User:corp' as never, n: DOCUMENTS });
  await store.scim.pending.oldest('corp', 1, NOW_MS);
}

const write = (k: number) => ({ connectorId: 'corp', groupId: 'g', revision: k + 2, moment: moment() });

export const SCIM: Readonly<Record<string, Call>> = {
  insert: ({ scim }, k) => scim.users.insert(scimUser(`new${k}`)),
  update: async ({ scim }, k) => {
    const { keys } = user(k);
    const attributes = { json: '{}', keys };
    const update = { connectorId: 'corp', id: id(k), version: 1, moment: moment(), now: NOW, takesAway: false };
    return scim.users.update({ ...update, attributes });
  },
  get: ({ scim }, k) => scim.users.get('corp', id(k * 997)),
  byIds: ({ scim }, k) => scim.users.byIds('corp', users(k * 997, PAGE).map(id)),
  'find by name': ({ scim }, k) => scim.users.find('corp', { by: 'name', value: `name-${k * 997}` }, 10),
  'find by externalId': ({ scim }, k) => scim.users.find('corp', { by: 'externalId', value: `e-${k * 997}` }, 10),
  'find by address': ({ scim }, k) => scim.users.find('corp', { by: 'email', value: `b${k * 997}@x` }, 10),
  'page at the beginning': ({ scim }) => scim.users.page('corp', 1, 100),
  'page at the end': ({ scim }, k) => scim.users.page('corp', DOCUMENTS - 150 - k, 100),
  between: ({ scim }, k) => scim.users.between('corp', k * 500, k * 500 + PAGE),
  count: ({ scim }) => scim.users.count('corp'),
  recount: ({ scim }, k) => scim.users.recount('corp', [k * 500]),
  'member added': ({ scim }, k) => scim.members.add(write(k), { id: `m${k}`, type: 'User', display: null }),
  'member removed': ({ scim }, k) => scim.members.remove(write(k), id(k * 997)),
  'members in bulk': ({ scim }, k) => scim.members.apply(write(k), users(k * PAGE, PAGE).map(member), []),
  'members among': ({ scim }, k) => scim.members.among('corp', 'g', users(k * 997, PAGE).map(id)),
  'members in slices': ({ scim }) => scim.members.inSlices('corp', 'g', { from: 1_000, to: 1_020 }),
  'groups of a member': ({ scim }, k) => scim.members.of('corp', id(k * 997)),
  'oldest changes': ({ scim }) => scim.pending.oldest('corp', 500, NOW_MS),
  'any change': ({ scim }) => scim.pending.any('corp', NOW_MS),
  'parked changes': ({ scim }) => scim.pending.parked('corp', 100),
  carried: async ({ scim }) => scim.pending.carried(await scim.pending.oldest('corp', 50, NOW_MS)),
};
