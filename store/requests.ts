import type { Collection, Db } from 'mongodb';
import type { AttributeRecord } from '../domain/model';
import { requestExpiry } from '../domain/ids';
import { isDuplicateKey, purgeSome, without } from './mongo';
import { keysUntil } from './ranges';
import type { CollectionIndexes } from './mongo';
import type { RequestRecord } from './records';
import type { RequestRepository } from './store';
import { fromText, toText } from './text';
import type { JsonText } from './text';

interface RequestDocument extends Omit<RequestRecord, 'id' | 'input' | 'result' | 'progress'> {
  readonly _id: string;
  readonly input: JsonText<AttributeRecord>;
  /** Absent: nothing was begun. */
  readonly progress?: JsonText<AttributeRecord>;
  /** Raised with each progress. */
  readonly step: number;
  /** Sorts by the hour in which the request may go; unset: it is kept. */
  readonly expiry?: string;
  readonly result: JsonText<AttributeRecord> | null;
}
type NewRequest = Parameters<RequestRepository['open']>[0];
type End = Parameters<RequestRepository['finish']>[1];

export const requestIndexes: CollectionIndexes = {
  collection: 'requests',
  indexes: [{ keys: ['expiry'], sparse: true }],
};

function toRecord(document: RequestDocument): RequestRecord {
  const { _id, input, result, progress, ...rest } = without(document, 'step', 'expiry');
  return {
    id: _id,
    input: fromText(input),
    progress: progress === undefined ? null : fromText(progress),
    result: result === null ? null : fromText(result),
    ...rest,
  };
}

async function get(requests: Collection<RequestDocument>, id: string): Promise<RequestRecord | null> {
  const found = await requests.findOne({ _id: id });
  return found && toRecord(found);
}

async function open(
  requests: Collection<RequestDocument>,
  { id, input, keptUntil, ...given }: NewRequest
): Promise<RequestRecord> {
  const expiry = keptUntil === undefined ? {} : { expiry: requestExpiry(keptUntil, id) };
  const nothing = { status: 'waiting', runId: null, result: null, error: null, finishedAt: null } as const;
  try {
    await requests.insertOne({ _id: id, ...given, input: toText(input), step: 0, ...expiry, ...nothing });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const stored = await get(requests, id);
  if (!stored) throw new Error(`request ${id} is not there after it was opened`);
  return stored;
}

/** The first progress of a step counts: an attempt that was overtaken goes on with what another one noted. */
async function note(
  requests: Collection<RequestDocument>,
  id: string,
  step: number,
  progress: AttributeRecord
): Promise<AttributeRecord> {
  const set = { step, progress: toText(progress) };
  const { matchedCount } = await requests.updateOne({ _id: id, status: 'waiting', step: { $lt: step } }, { $set: set });
  return matchedCount === 1 ? progress : ((await get(requests, id))?.progress ?? progress);
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
    note: (id, step, progress) => note(requests, id, step, progress),
    finish: (id, end) => finish(requests, id, end),
    expire: (until, limit) => purgeSome(requests, { expiry: keysUntil(until) }, limit),
  };
}
