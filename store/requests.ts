import type { Collection, Db } from 'mongodb';
import type { AttributeRecord } from '../domain/model';
import { isDuplicateKey } from './mongo';
import type { CollectionIndexes } from './mongo';
import type { RequestRecord } from './records';
import type { RequestRepository } from './store';
import { fromText, toText } from './text';
import type { JsonText } from './text';

interface RequestDocument extends Omit<RequestRecord, 'id' | 'input' | 'result'> {
  readonly _id: string;
  readonly input: JsonText<AttributeRecord>;
  readonly result: JsonText<AttributeRecord> | null;
}
type NewRequest = Parameters<RequestRepository['open']>[0];
type End = Parameters<RequestRepository['finish']>[1];

export const requestIndexes: CollectionIndexes = { collection: 'requests', indexes: [] };

function toRecord({ _id, input, result, ...rest }: RequestDocument): RequestRecord {
  return { id: _id, input: fromText(input), result: result === null ? null : fromText(result), ...rest };
}

async function get(requests: Collection<RequestDocument>, id: string): Promise<RequestRecord | null> {
  const found = await requests.findOne({ _id: id });
  return found && toRecord(found);
}

async function open(
  requests: Collection<RequestDocument>,
  { id, input, ...given }: NewRequest
): Promise<RequestRecord> {
  const nothing = { status: 'waiting', runId: null, result: null, error: null, finishedAt: null } as const;
  try {
    await requests.insertOne({ _id: id, ...given, input: toText(input), ...nothing });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const stored = await get(requests, id);
  if (!stored) throw new Error(`request ${id} is not there after it was opened`);
  return stored;
}

/** The first end counts: a late attempt does not turn an answer that was given. */
async function finish(requests: Collection<RequestDocument>, id: string, { result, ...end }: End): Promise<void> {
  const set = { ...end, result: result === null ? null : toText(result) };
  await requests.updateOne({ _id: id, status: 'waiting' }, { $set: set });
}

/** Requests whose answer comes later. */
export function createRequestRepository(db: Db): RequestRepository {
  const requests = db.collection<RequestDocument>(requestIndexes.collection);
  return {
    open: (request) => open(requests, request),
    get: (id) => get(requests, id),
    finish: (id, end) => finish(requests, id, end),
  };
}
