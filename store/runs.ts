import type { Collection, Db, Filter } from 'mongodb';
import { emptyCounts } from '../domain/counts';
import type { RunCounts } from '../domain/run';
import type { Counters } from './counters';
import { isDuplicateKey, without } from './mongo';
import type { CollectionIndexes } from './mongo';
import { closedRange, decodeCursor, encodeCursor } from './ranges';
import type { NewRun, RunRecord } from './records';
import type { ListPage, RunRepository } from './store';

interface RunDocument extends Omit<RunRecord, 'id'> {
  readonly _id: string;
  /** Its number among the runs of all connectors, so that these too are listed by closed ranges. */
  readonly position: number;
}
type Shown = Omit<RunDocument, 'position'>;
type Change = Partial<Omit<RunRecord, 'id' | 'connectorId' | 'n'>>;

export const runIndexes: CollectionIndexes = {
  collection: 'runs',
  indexes: [{ keys: ['position', '_id'] }, { keys: ['connectorId', 'position', '_id'] }],
};

const POSITIONS = 'runs';
const WITHOUT_POSITION = { projection: { position: 0 } } as const;

function toRecord({ _id, ...rest }: Shown): RunRecord {
  return { id: _id, ...rest };
}

function toDocument({ id, ...given }: NewRun, position: number): RunDocument {
  return {
    _id: id,
    position,
    ...given,
    status: 'running',
    phase: 'open',
    finishedAt: null,
    progress: { done: 0, total: 0 },
    counts: emptyCounts(),
    source: null,
    planHash: null,
    heldHash: null,
    holdOf: null,
    supersededBy: null,
    gate: [],
    holdReasons: [],
    approvals: [],
    warnings: [],
    error: null,
    shards: 0,
    plan: null,
    recovered: 0,
  };
}

async function get(runs: Collection<RunDocument>, id: string): Promise<RunRecord | null> {
  const found = await runs.findOne<Shown>({ _id: id }, WITHOUT_POSITION);
  return found && toRecord(found);
}

/** The counter moves first: a crash leaves a gap in the numbers, which lists step over, never a run that no list shows. */
async function open(runs: Collection<RunDocument>, counters: Counters, run: NewRun): Promise<RunRecord> {
  const earlier = await get(runs, run.id);
  if (earlier) return earlier;
  const document = toDocument(run, await counters.next(POSITIONS));
  try {
    await runs.insertOne(document);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const stored = await get(runs, run.id);
  if (!stored) throw new Error(`run ${run.id} is not there after it was opened`);
  return stored;
}

/** Walks down the positions in closed ranges; a stretch without runs doubles the next one. */
async function walkDown(
  runs: Collection<RunDocument>,
  filter: Filter<RunDocument>,
  limit: number,
  from: number
): Promise<RunDocument[]> {
  const found: RunDocument[] = [];
  let [top, width] = [from, limit];
  while (found.length < limit && top > 0) {
    const bottom = Math.max(1, top - width + 1);
    const part = await runs
      .find({ ...filter, position: closedRange(bottom, top) })
      .sort({ position: -1 })
      .limit(limit - found.length)
      .toArray();
    found.push(...part);
    if (part.length === 0) width *= 2;
    top = bottom - 1;
  }
  return found;
}

async function list(
  runs: Collection<RunDocument>,
  counters: Counters,
  { connectorId, limit, cursor }: Parameters<RunRepository['list']>[0]
): Promise<ListPage<RunRecord>> {
  const from = cursor === null ? await counters.read(POSITIONS) : decodeCursor(cursor) - 1;
  const found = await walkDown(runs, connectorId === undefined ? {} : { connectorId }, limit + 1, from);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((document) => toRecord(without(document, 'position'))),
    nextCursor: found.length > limit && last ? encodeCursor(last.position) : null,
  };
}

/** What one more result adds to the counts of a run. */
async function count(runs: Collection<RunDocument>, id: string, added: RunCounts): Promise<void> {
  const entries = Object.entries(added).filter(([, number]) => number > 0);
  const $inc = Object.fromEntries(entries.map(([name, number]) => [`counts.${name}`, number]));
  if (entries.length > 0) await runs.updateOne({ _id: id }, { $inc });
}

async function move(
  runs: Collection<RunDocument>,
  id: string,
  from: readonly RunRecord['status'][],
  set: Change
): Promise<boolean> {
  return (await runs.updateOne({ _id: id, status: { $in: [...from] } }, { $set: set })).matchedCount === 1;
}

/** Runs and what they need to go on after a crash. */
export function createRunRepository(db: Db, counters: Counters): RunRepository {
  const runs = db.collection<RunDocument>(runIndexes.collection);
  return {
    open: (run) => open(runs, counters, run),
    get: (id) => get(runs, id),
    patch: async (id, set) => {
      if (Object.keys(set).length > 0) await runs.updateOne({ _id: id }, { $set: set });
    },
    move: (id, from, set) => move(runs, id, from, set),
    count: (id, added) => count(runs, id, added),
    addApproval: async (id, approval) => {
      await runs.updateOne({ _id: id }, { $addToSet: { approvals: approval } });
    },
    list: (input) => list(runs, counters, input),
  };
}
