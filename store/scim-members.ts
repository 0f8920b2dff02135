import type { AnyBulkWriteOperation, Collection, Db } from 'mongodb';
import { scimId, scimIntentChunkId, scimMemberId, scimPendingMark, sliceOf } from '../domain/ids';
import type { ScimMember } from '../domain/scim/members';
import { deleteByIds, findByIds, isDuplicateKey, writeAll, chunks } from './mongo';
import type { CollectionIndexes } from './mongo';
import { sliceFilter } from './ranges';
import type { MemberPart, MemberWrite, ScimMemberRepository, ScimMembership } from './scim-store';
import { fromText, toText } from './text';
import type { JsonText } from './text';

export interface MemberDocument {
  readonly _id: string;
  readonly connectorId: string;
  readonly groupId: string;
  readonly memberId: string;
  /** Both with the connector, for the indexes. */
  readonly group: string;
  readonly member: string;
  readonly slice: number;
  readonly type: 'User' | 'Group';
  readonly display: string | null;
  /** The version of the group under which it was last changed. */
  readonly revision: number;
  /** A removed one stays, so that a late repetition of its addition is told from a new one. */
  readonly removed: boolean;
  readonly pending?: string;
}
interface ChunkDocument {
  readonly _id: string;
  readonly part: JsonText<MemberPart>;
}
export const scimMemberIndexes: CollectionIndexes = {
  collection: 'scimMembers',
  indexes: [{ keys: ['group', 'slice', '_id'] }, { keys: ['member', '_id'] }, { keys: ['pending'], sparse: true }],
};
export const scimIntentIndexes: CollectionIndexes = { collection: 'scimIntents', indexes: [] };

type Members = Collection<MemberDocument>;
const WRITES_AT_ONCE = 500;

const idOf = ({ connectorId, groupId }: MemberWrite, memberId: string): string =>
  scimMemberId(connectorId, groupId, memberId);
const markOf = ({ connectorId, groupId, moment }: MemberWrite, memberId: string): string =>
  scimPendingMark(connectorId, moment, groupId, memberId);

function added(write: MemberWrite, { id, type, display }: ScimMember): MemberDocument {
  const { connectorId, groupId, revision } = write;
  return {
    _id: idOf(write, id),
    connectorId,
    groupId,
    memberId: id,
    group: scimId(connectorId, groupId),
    member: scimId(connectorId, id),
    slice: sliceOf(id),
    type,
    display,
    revision,
    removed: false,
    pending: markOf(write, id),
  };
}

async function add(members: Members, write: MemberWrite, member: ScimMember): Promise<boolean> {
  const document = added(write, member);
  try {
    await members.insertOne(document);
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const { _id, removed, type, display, revision, pending } = document;
  const filter = { _id, removed: true, revision: { $lte: revision } };
  const $set = { removed, type, display, revision, pending: pending ?? '' };
  return (await members.updateOne(filter, { $set })).modifiedCount === 1;
}

async function remove(members: Members, write: MemberWrite, id: string): Promise<boolean> {
  const { revision } = write;
  const filter = { _id: idOf(write, id), removed: false, revision: { $lte: revision } };
  const $set = { removed: true, display: null, revision, pending: markOf(write, id) };
  return (await members.updateOne(filter, { $set })).modifiedCount === 1;
}

/**
 * Each write is fenced by the revision: what was changed under a later one stays. An upsert that the fence keeps from its
 * document meets that document's id and is refused, which is what is wanted.
 */
async function apply(
  members: Members,
  write: MemberWrite,
  adding: readonly ScimMember[],
  removing: readonly string[]
): Promise<void> {
  const { revision } = write;
  const operations: AnyBulkWriteOperation<MemberDocument>[] = [
    ...adding.map((member) => {
      const { _id, removed, pending, type, display, ...rest } = added(write, member);
      const $set = { removed, type, display, revision, pending: pending ?? '' };
      const { revision: _revision, ...$setOnInsert } = rest;
      const filter = { _id, revision: { $lt: revision } };
      return { updateOne: { filter, update: { $set, $setOnInsert }, upsert: true } };
    }),
    ...removing.map((id) => {
      const filter = { _id: idOf(write, id), removed: false, revision: { $lt: revision } };
      const $set = { removed: true, display: null, revision, pending: markOf(write, id) };
      return { updateOne: { filter, update: { $set } } };
    }),
  ];
  for (const part of chunks(operations, WRITES_AT_ONCE)) await writeAll(members, part);
}

const isThere = ({ removed }: MemberDocument): boolean => !removed;

function toMembership({ groupId, memberId, type, display, removed, pending }: MemberDocument): ScimMembership {
  return { groupId, id: memberId, type, display, removed, pending: pending ?? null };
}

/** Memberships of pushed groups, one document each: a change costs the same in a group of 10 and of 100,000 (durability 4.2). */
export function createScimMemberRepository(db: Db): ScimMemberRepository {
  const members: Members = db.collection(scimMemberIndexes.collection);
  const parts: Collection<ChunkDocument> = db.collection(scimIntentIndexes.collection);
  return {
    add: (write, member) => add(members, write, member),
    remove: (write, id) => remove(members, write, id),
    apply: (write, adding, removing) => apply(members, write, adding, removing),
    among: async (connectorId, groupId, ids) => {
      const found = await findByIds(
        members,
        ids.map((id) => scimMemberId(connectorId, groupId, id)),
        ['memberId', 'removed']
      );
      return new Set(found.filter(({ removed }) => !removed).map(({ memberId }) => memberId));
    },
    inSlices: async (connectorId, groupId, range) => {
      const filter = { group: scimId(connectorId, groupId), slice: sliceFilter(range) };
      return (await members.find(filter).toArray()).filter(isThere).map(toMembership);
    },
    of: async (connectorId, memberId) => {
      const found = await members.find({ member: scimId(connectorId, memberId) }).toArray();
      return found.filter(isThere).map(toMembership);
    },
    putChunk: async (connectorId, groupId, intent, n, part) => {
      const _id = scimIntentChunkId(connectorId, groupId, intent.id, n);
      await parts.insertOne({ _id, part: toText(part) });
    },
    chunk: async (connectorId, groupId, intent, n) => {
      const found = await parts.findOne({ _id: scimIntentChunkId(connectorId, groupId, intent.id, n) });
      return found === null ? { add: [], remove: [] } : fromText(found.part);
    },
    dropChunks: async (connectorId, groupId, intent) => {
      const ids = Array.from({ length: intent.chunks }, (_, n) =>
        scimIntentChunkId(connectorId, groupId, intent.id, n)
      );
      await deleteByIds(parts, ids);
    },
  };
}
