import type { Db, Filter } from 'mongodb';
import { scimId, scimNameKey, scimPendingMark, scimSharedKey } from '../domain/ids';
import type { ScimKindName } from '../domain/scim/kinds';
import type { Counters } from './counters';
import { findByIds, isDuplicateKey } from './mongo';
import { closedRange, idsUnder } from './ranges';
import { createScimBlocks } from './scim-blocks';
import type { ScimBlocks } from './scim-blocks';
import { pageOf, recount } from './scim-pages';
import {
  EMAIL_FIELDS,
  KEY_FIELDS,
  intentFields,
  keyFields,
  newDocument,
  scimGroupIndexes,
  scimUserIndexes,
  toScimRecord,
} from './scim-resource-document';
import type { ScimDocument, ScimDocuments } from './scim-resource-document';
import type { NewScimRecord, ScimKey, ScimRecord, ScimResourceRepository, ScimUpdate } from './scim-store';

interface Resources {
  readonly kind: ScimKindName;
  readonly documents: ScimDocuments;
  readonly blocks: ScimBlocks;
  readonly counters: Counters;
}

const sequence = (kind: ScimKindName, connectorId: string): string => `scim:${kind}:${connectorId}`;

async function insert(resources: Resources, record: NewScimRecord): Promise<ScimRecord | 'taken'> {
  const { kind, documents, blocks, counters } = resources;
  const seq = await counters.next(sequence(kind, record.connectorId));
  const document = newDocument(record, seq);
  try {
    await documents.insertOne(document);
  } catch (error) {
    if (isDuplicateKey(error)) return 'taken';
    throw error;
  }
  await blocks.note(record.connectorId, seq, 1);
  return toScimRecord(kind, document);
}

/** One write accepts the change and marks it (durability 4.1). */
async function update({ kind, documents }: Resources, given: ScimUpdate): Promise<ScimRecord | 'stale' | 'taken'> {
  const { connectorId, id, version, moment, now, takesAway, attributes, intent } = given;
  const keys = attributes && keyFields(connectorId, id, attributes.keys);
  const $set: Partial<ScimDocument> = {
    version: version + 1,
    modifiedAt: now,
    takesAway,
    pending: scimPendingMark(connectorId, moment, id),
    ...(attributes && { resource: attributes.json }),
    ...keys?.set,
    ...(intent && intentFields(intent)),
  };
  const $unset = { ...keys?.unset, parkedKey: '', parked: '' } as const;
  try {
    const filter = { _id: scimId(connectorId, id), version, deleted: false };
    const after = await documents.findOneAndUpdate(filter, { $set, $unset }, { returnDocument: 'after' });
    return after === null ? 'stale' : toScimRecord(kind, after);
  } catch (error) {
    if (isDuplicateKey(error)) return 'taken';
    throw error;
  }
}

async function remove(
  { documents, blocks }: Resources,
  { connectorId, id, version, moment, now }: Parameters<ScimResourceRepository['remove']>[0]
): Promise<boolean> {
  const $set = {
    version: version + 1,
    resource: '{}',
    deleted: true,
    takesAway: true,
    modifiedAt: now,
    pending: scimPendingMark(connectorId, moment, id),
  };
  const gone = [...KEY_FIELDS, 'intent', 'intentId', 'parkedKey', 'parked'];
  const $unset = Object.fromEntries(gone.map((field) => [field, '' as const]));
  const filter = { _id: scimId(connectorId, id), version, deleted: false };
  const before = await documents.findOneAndUpdate(filter, { $set, $unset }, { projection: { seq: 1 } });
  if (before === null) return false;
  await blocks.note(connectorId, before.seq, -1);
  return true;
}

/** The documents of one key. An address beyond those that an index holds is looked for among the few that have so many. */
async function find(
  { kind, documents }: Resources,
  connectorId: string,
  { by, value }: ScimKey,
  limit: number
): Promise<readonly ScimRecord[]> {
  const shared = idsUnder(scimSharedKey(connectorId, value));
  const among = async (filter: Filter<ScimDocument>): Promise<readonly ScimDocument[]> =>
    documents.find(filter).limit(limit).toArray();
  switch (by) {
    case 'name': {
      const found = await documents.findOne({ nameKey: scimNameKey(connectorId, value) });
      return found === null ? [] : [toScimRecord(kind, found)];
    }
    case 'externalId':
      return (await among({ externalKey: shared })).map((document) => toScimRecord(kind, document));
    case 'email': {
      const lists = await Promise.all([
        ...EMAIL_FIELDS.map((field) => among({ [field]: shared })),
        among({ manyEmails: idsUnder(connectorId) }),
      ]);
      const found = new Map(lists.flat().map((document) => [document._id, document]));
      return [...found.values()].map((document) => toScimRecord(kind, document));
    }
  }
}

async function between(
  { kind, documents }: Resources,
  connectorId: string,
  from: number,
  to: number
): Promise<readonly ScimRecord[]> {
  const found = await documents.find({ connectorId, seq: closedRange(from, to) }).toArray();
  return found
    .filter(({ deleted }) => !deleted)
    .sort((a, b) => a.seq - b.seq)
    .map((document) => toScimRecord(kind, document));
}

/** Users or groups that were pushed (durability 4.1). */
export function createScimResourceRepository(db: Db, kind: ScimKindName, counters: Counters): ScimResourceRepository {
  const { collection } = kind === 'User' ? scimUserIndexes : scimGroupIndexes;
  const documents: ScimDocuments = db.collection(collection);
  const blocks = createScimBlocks(db, kind);
  const resources = { kind, documents, blocks, counters };
  const read = (connectorId: string, from: number, to: number) => between(resources, connectorId, from, to);
  return {
    insert: (record) => insert(resources, record),
    update: (given) => update(resources, given),
    remove: (given) => remove(resources, given),
    noteMember: async (connectorId, id, change, now) => {
      const noted = { $inc: { version: 1, members: change }, $set: { modifiedAt: now } };
      await documents.updateOne({ _id: scimId(connectorId, id), deleted: false }, noted);
    },
    endIntent: async (connectorId, id, intent, members) => {
      const ended = { $unset: { intent: '' as const, intentId: '' as const }, $inc: { members } };
      await documents.updateOne({ _id: scimId(connectorId, id), intentId: intent.id }, ended);
    },
    get: async (connectorId, id) => {
      const found = await documents.findOne({ _id: scimId(connectorId, id) });
      return found && toScimRecord(kind, found);
    },
    byIds: async (connectorId, ids) => {
      const found = await findByIds(
        documents,
        ids.map((id) => scimId(connectorId, id))
      );
      return found.map((document) => toScimRecord(kind, document));
    },
    find: (connectorId, key, limit) => find(resources, connectorId, key, limit),
    between: read,
    last: (connectorId) => counters.read(sequence(kind, connectorId)),
    count: async (connectorId) => (await blocks.list(connectorId)).reduce((sum, { n }) => sum + n, 0),
    page: (connectorId, start, count) => pageOf({ blocks, read }, connectorId, start, count),
    recount: (connectorId, seqs) => recount({ blocks, read }, connectorId, seqs),
  };
}
