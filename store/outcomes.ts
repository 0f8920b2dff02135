import type { Collection, Db, Filter } from 'mongodb';
import { dayOutcomeId, outcomeId } from '../domain/ids';
import { nameKey } from '../domain/names';
import type { Reason } from '../domain/operation';
import type { Outcome } from '../domain/run';
import type { Counters } from './counters';
import { isDuplicateKey, putAll } from './mongo';
import type { CollectionIndexes } from './mongo';
import { createPurge } from './purge';
import { closedRange, decodeCursor, encodeCursor, HIGHEST_NUMBER } from './ranges';
import type { OutcomeRecord, ResultOperation } from './records';
import { searchOutcomes } from './outcome-search';
import type { ListPage, OutcomeRepository } from './store';
import { fromText, toText } from './text';
import type { JsonText } from './text';

export interface OutcomeDocument extends Omit<OutcomeRecord, 'operations' | 'reasons'> {
  readonly _id: string;
  /** nameKey of the username, by which prefixes are searched. */
  readonly searchKey: string | null;
  readonly operations: JsonText<readonly ResultOperation[]>;
  readonly reasons: JsonText<readonly Reason[]>;
}
const PURGED_NUMBERS = 500;

interface Places {
  readonly outcomes: Collection<OutcomeDocument>;
  readonly counters: Counters;
}

type ListInput = Parameters<OutcomeRepository['list']>[1];

export const outcomeIndexes: CollectionIndexes = {
  collection: 'outcomes',
  indexes: [
    { keys: ['runId', 'n', '_id'] },
    { keys: ['runId', 'outcome', 'm', '_id'] },
    { keys: ['runId', 'searchKey', '_id'] },
  ],
};

function toDocument({ operations, reasons, ...rest }: OutcomeRecord): OutcomeDocument {
  return {
    _id: outcomeId(rest.runId, rest.externalId),
    searchKey: rest.username === null ? null : nameKey(rest.username),
    ...rest,
    operations: toText(operations),
    reasons: toText(reasons),
  };
}

function toRecord(document: OutcomeDocument): OutcomeRecord {
  const { runId, externalId, username, outcome, n, m, error, durationMs } = document;
  const [operations, reasons] = [fromText(document.operations), fromText(document.reasons)];
  return { runId, externalId, username, outcome, n, m, operations, reasons, error, durationMs };
}

const numbersOf = (runId: string, outcome?: Outcome): string =>
  outcome === undefined ? `outcomes:${runId}` : `outcomes:${runId}:${outcome}`;

/**
 * A page is a closed range of numbers: of all (n) or of one outcome (m). They are dense but for the runs of a day, whose
 * numbers come from counters: there a crash leaves a gap, and the counter tells whether more follows.
 */
async function page(
  { outcomes, counters }: Places,
  runId: string,
  outcome: Outcome | undefined,
  { limit, cursor }: ListInput
): Promise<ListPage<OutcomeDocument>> {
  const after = cursor === null ? 0 : decodeCursor(cursor);
  const key = outcome === undefined ? 'n' : 'm';
  const numbers = closedRange(after + 1, after + limit + 1);
  const filter: Filter<OutcomeDocument> =
    outcome === undefined ? { runId, n: numbers } : { runId, outcome, m: numbers };
  const found = await outcomes
    .find(filter)
    .sort({ [key]: 1 })
    .toArray();
  const more = found.length > limit || (await counters.read(numbersOf(runId, outcome))) > after + limit;
  return {
    items: found.filter((one) => one[key] <= after + limit),
    nextCursor: more ? encodeCursor(after + limit) : null,
  };
}

/** The numbers are given out before the write: a repetition finds the result and takes none. */
async function append(
  { outcomes, counters }: Places,
  result: Parameters<OutcomeRepository['append']>[0],
  requestId: string
): Promise<boolean> {
  const _id = dayOutcomeId(result.runId, result.externalId, requestId);
  if ((await outcomes.findOne({ _id }, { projection: { _id: 1 } })) !== null) return false;
  const n = await counters.next(numbersOf(result.runId));
  const m = await counters.next(numbersOf(result.runId, result.outcome));
  try {
    await outcomes.insertOne({ ...toDocument({ ...result, n, m }), _id });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

async function list(places: Places, runId: string, input: ListInput): Promise<ListPage<OutcomeRecord>> {
  const { outcome, q } = input;
  const { items, nextCursor } =
    q === undefined || q === ''
      ? await page(places, runId, outcome, input)
      : await searchOutcomes(places.outcomes, runId, { ...input, q });
  return { items: items.map(toRecord), nextCursor };
}

/** The result of every person in a run. */
export function createOutcomeRepository(db: Db, counters: Counters): OutcomeRepository {
  const outcomes = db.collection<OutcomeDocument>(outcomeIndexes.collection);
  const places = { outcomes, counters };
  return {
    put: (given) => putAll(outcomes, given.map(toDocument)),
    append: (result, requestId) => append(places, result, requestId),
    list: (runId, input) => list(places, runId, input),
    purge: createPurge({
      collection: outcomes,
      run: (runId) => ({ runId }),
      key: 'n',
      lowest: 0,
      highest: HIGHEST_NUMBER,
      width: PURGED_NUMBERS,
    }),
  };
}
