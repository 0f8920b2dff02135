import type { Collection } from 'mongodb';
import { outcomeId } from '../domain/ids';
import { nameKey } from '../domain/names';
import type { Outcome } from '../domain/run';
import type { OutcomeDocument } from './outcomes';
import { decodeCursor, encodeCursor, idsUnder, prefixRange } from './ranges';
import type { ListPage } from './store';

interface Search {
  readonly outcome?: Outcome;
  /** Not empty. */
  readonly q: string;
  readonly limit: number;
  readonly cursor: string | null;
}
type Outcomes = Collection<OutcomeDocument>;
interface Base {
  readonly runId: string;
  readonly outcome?: Outcome;
}

/** Documents in the order (searchKey, _id) after a position, by two ranges that both are closed. */
async function following(
  outcomes: Outcomes,
  base: Base,
  { searchKey, _id }: { readonly searchKey: string; readonly _id: string },
  q: string,
  limit: number
): Promise<readonly OutcomeDocument[]> {
  const { runId } = base;
  const sameName = await outcomes
    .find({ ...base, searchKey, _id: { $gt: _id, $lt: idsUnder(runId).$lt } })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray();
  const others = await outcomes
    .find({ ...base, searchKey: { $gt: searchKey, $lt: prefixRange(q).$lt } })
    .sort({ searchKey: 1, _id: 1 })
    .limit(limit)
    .toArray();
  return [...sameName, ...others].slice(0, limit);
}

async function firstWith(
  outcomes: Outcomes,
  base: Base,
  q: string,
  limit: number
): Promise<readonly OutcomeDocument[]> {
  return outcomes
    .find({ ...base, searchKey: prefixRange(q) })
    .sort({ searchKey: 1, _id: 1 })
    .limit(limit)
    .toArray();
}

/**
 * The person with exactly this external id first, then those whose username begins with `q`, by name.
 * A cursor is the number n of the page's last person: it says nothing about him.
 */
export async function searchOutcomes(
  outcomes: Outcomes,
  runId: string,
  { outcome, q, limit, cursor }: Search
): Promise<ListPage<OutcomeDocument>> {
  const base: Base = outcome === undefined ? { runId } : { runId, outcome };
  const prefix = nameKey(q);
  const exactId = outcomeId(runId, q);
  const last = cursor === null ? null : await outcomes.findOne({ runId, n: decodeCursor(cursor) });
  if (cursor !== null && !last) return { items: [], nextCursor: null };

  const exact = last ? null : await outcomes.findOne({ ...base, _id: exactId });
  const wanted = limit + 2; // one that shows there is more, one that may be the exact one again
  const listed =
    last?.searchKey?.startsWith(prefix) && last._id !== exactId
      ? await following(outcomes, base, { searchKey: last.searchKey, _id: last._id }, prefix, wanted)
      : await firstWith(outcomes, base, prefix, wanted);
  const found = [...(exact ? [exact] : []), ...listed.filter((document) => document._id !== exactId)];
  const items = found.slice(0, limit);
  const end = items.at(-1);
  return { items, nextCursor: found.length > limit && end ? encodeCursor(end.n) : null };
}
