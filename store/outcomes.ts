import type { Collection, Db, Filter } from 'mongodb';
import { outcomeId } from '../domain/ids';
import { nameKey } from '../domain/names';
import type { Reason } from '../domain/operation';
import type { Outcome } from '../domain/run';
import { putAll } from './mongo';
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

/** Numbers are dense, so a page is a closed range of them: of all (n) or of one outcome (m). */
async function page(
  outcomes: Collection<OutcomeDocument>,
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
  return { items: found.slice(0, limit), nextCursor: found.length > limit ? encodeCursor(after + limit) : null };
}

async function list(
  outcomes: Collection<OutcomeDocument>,
  runId: string,
  input: ListInput
): Promise<ListPage<OutcomeRecord>> {
  const { outcome, q } = input;
  const { items, nextCursor } =
    q === undefined || q === ''
      ? await page(outcomes, runId, outcome, input)
      : await searchOutcomes(outcomes, runId, { ...input, q });
  return { items: items.map(toRecord), nextCursor };
}

/** The result of every person in a run. */
export function createOutcomeRepository(db: Db): OutcomeRepository {
  const outcomes = db.collection<OutcomeDocument>(outcomeIndexes.collection);
  return {
    put: (given) => putAll(outcomes, given.map(toDocument)),
    list: (runId, input) => list(outcomes, runId, input),
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
