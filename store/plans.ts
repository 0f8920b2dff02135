import type { Collection, Db } from 'mongodb';
import { operationId, planShardId } from '../domain/ids';
import type { AttributeRecord } from '../domain/model';
import type { OperationStatus, Phase, Reason } from '../domain/operation';
import { chunks, findByIds, insertMissing, purgeSome, putAll, replaceAll, writeAll } from './mongo';
import type { CollectionIndexes } from './mongo';
import { createPurge } from './purge';
import { byText, closedRange, HIGHEST_NUMBER } from './ranges';
import type { OperationRecord, OperationResult, PlanShardRecord } from './records';
import type { PlanRepository } from './store';
import { fromText, toText } from './text';
import type { JsonText } from './text';

interface OperationDocument extends Omit<OperationRecord, 'id' | 'before' | 'after' | 'reasons'> {
  readonly _id: string;
  /** before, after and reasons. */
  readonly content: JsonText<Content>;
}
interface Content {
  readonly before: AttributeRecord | null;
  readonly after: AttributeRecord | null;
  readonly reasons: readonly Reason[];
}
interface ShardDocument {
  readonly _id: string;
  readonly runId: string;
  readonly shard: string;
  readonly record: JsonText<PlanShardRecord>;
}

export const operationIndexes: CollectionIndexes = {
  collection: 'operations',
  indexes: [{ keys: ['runId', 'seq', '_id'] }],
};
export const planShardIndexes: CollectionIndexes = {
  collection: 'planShards',
  indexes: [{ keys: ['runId', 'shard', '_id'] }],
};

type Operations = Collection<OperationDocument>;
type Seals = Parameters<PlanRepository['seal']>[0];

const WRITTEN_AT_ONCE = 1_000;
const PURGED_NUMBERS = 500;
const UNTOUCHED: readonly OperationStatus[] = ['planned', 'held'];
const MARKABLE: readonly OperationStatus[] = ['planned', 'held', 'applying'];

function toDocument({ id, before, after, reasons, ...rest }: OperationRecord): OperationDocument {
  const content: Content = { before, after, reasons };
  return { _id: id, ...rest, content: toText(content) };
}

function toRecord({ _id, content, ...rest }: OperationDocument): OperationRecord {
  return { id: _id, ...rest, ...fromText(content) };
}

/** A repetition replaces operations that no seal has numbered; a late attempt cannot undo a plan that is being applied. */
async function putShard(
  operations: Operations,
  shards: Collection<ShardDocument>,
  shard: PlanShardRecord,
  planned: readonly OperationRecord[]
): Promise<void> {
  for (const part of chunks(planned.map(toDocument), WRITTEN_AT_ONCE)) {
    await replaceAll(operations, await insertMissing(operations, part), () => ({ seq: null }));
  }
  const { runId, shard: name } = shard;
  await putAll(shards, [{ _id: planShardId(runId, name), runId, shard: name, record: toText(shard) }]);
}

async function readShards(shards: Collection<ShardDocument>, runId: string): Promise<readonly PlanShardRecord[]> {
  const found = await shards.find({ runId }).toArray();
  return found.sort(byText(({ shard }) => shard)).map(({ record }) => fromText(record));
}

async function readCell(operations: Operations, ids: readonly string[]): Promise<readonly OperationRecord[]> {
  const found = await findByIds(operations, ids);
  return found.map(toRecord).sort((a, b) => a.n - b.n);
}

async function readPage(
  operations: Operations,
  runId: string,
  from: number,
  to: number
): Promise<readonly OperationRecord[]> {
  const found = await operations
    .find({ runId, seq: closedRange(from, to) })
    .sort({ seq: 1 })
    .toArray();
  return found.map(toRecord);
}

/** Only what nobody has begun: a late repetition leaves results alone. */
async function seal(operations: Operations, updates: Seals): Promise<void> {
  await writeAll(
    operations,
    updates.map(({ id, seq, status, gateKinds, noSeats = [] }) => ({
      updateOne: {
        filter: { _id: id, token: null, status: { $in: UNTOUCHED } },
        update: { $set: { seq, status, gateKinds, noSeats } },
      },
    }))
  );
}

async function setWhere(
  operations: Operations,
  ids: readonly string[],
  from: readonly OperationStatus[],
  set: Partial<OperationDocument>
): Promise<void> {
  for (const part of chunks(ids)) {
    await operations.updateMany({ _id: { $in: part }, status: { $in: from } }, { $set: set });
  }
}

/** A result goes where its token still stands: an attempt that was overtaken changes nothing (durability 2.2). */
async function flush(operations: Operations, results: readonly OperationResult[]): Promise<void> {
  await writeAll(
    operations,
    results.map(({ id, token, status, error }) => ({
      updateOne: { filter: { _id: id, token }, update: { $set: { status, error } } },
    }))
  );
}

/** What was never numbered goes first, then the numbered operations, then the shards. */
function createPlanPurge(operations: Operations, shards: Collection<ShardDocument>): PlanRepository['purge'] {
  const run = (runId: string): { readonly runId: string } => ({ runId });
  const purgeNumbered = createPurge({
    collection: operations,
    run,
    key: 'seq',
    lowest: 0,
    highest: HIGHEST_NUMBER,
    width: PURGED_NUMBERS,
  });
  return async (runId, limit) => {
    let purged = await purgeSome(operations, { runId, seq: null }, limit);
    if (purged < limit) purged += await purgeNumbered(runId, limit - purged);
    if (purged < limit) purged += await purgeSome(shards, run(runId), limit - purged);
    return purged;
  };
}

/** Plans: operations by shard, numbered when sealed, and their way through the attempts to apply them. */
export function createPlanRepository(db: Db): PlanRepository {
  const operations = db.collection<OperationDocument>(operationIndexes.collection);
  const shards = db.collection<ShardDocument>(planShardIndexes.collection);
  return {
    putShard: (shard, planned) => putShard(operations, shards, shard, planned),
    shards: (runId) => readShards(shards, runId),
    cell: (runId: string, phase: Phase, shard: string, from: number, to: number) =>
      readCell(
        operations,
        Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => operationId(runId, phase, shard, from + at))
      ),
    seal: (updates) => seal(operations, updates),
    page: (runId, from, to) => readPage(operations, runId, from, to),
    markApplying: (ids, token, appliedBy) =>
      setWhere(operations, ids, MARKABLE, { status: 'applying', token, appliedBy }),
    flush: (results) => flush(operations, results),
    setStatus: (ids, from, status) => setWhere(operations, ids, from, { status }),
    purge: createPlanPurge(operations, shards),
  };
}
