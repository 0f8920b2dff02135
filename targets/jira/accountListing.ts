import { z } from 'zod';
import { TargetError, type AccountsPage } from '../target';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { searchEverybody } from './search';
import { uniqueAccounts, userListShape } from './shapes';
import { mayListByCursor, readServerInfo, searchCap } from './version';

/** Jira's own default for GET /user/list. */
const ACCOUNTS_PER_PAGE = 2_000;

/** Where a listing goes on: in the stream of GET /user/list, or at a position of GET /user/search. */
const placeShape = z.discriminatedUnion('by', [
  z.object({ by: z.literal('list'), cursor: z.string() }),
  z.object({ by: z.literal('search'), startAt: z.number(), cap: z.number().nullable() }),
]);
type Place = z.infer<typeof placeShape>;

/**
 * One page of all accounts by the way that this version has: GET /user/list where it is there, else the search. Null
 * when the search ended exactly where versions cut it, so that nobody can tell whether there are more.
 */
export async function listAccounts(
  client: JiraClient,
  cursor: string | null,
  signal: AbortSignal
): Promise<AccountsPage | null> {
  if (cursor === null) return firstPage(client, signal);
  const place = parsePlace(cursor);
  if (place.by === 'search') return searchedPage(client, place, signal);
  const page = await streamedPage(client, place.cursor, signal);
  if (page === null) throw new TargetError('ambiguous', 'list accounts: the listing went away half-way', 404);
  return page;
}

async function firstPage(client: JiraClient, signal: AbortSignal): Promise<AccountsPage | null> {
  const info = await readServerInfo(client, signal);
  const streamed = mayListByCursor(info) ? await streamedPage(client, null, signal) : null;
  return streamed ?? searchedPage(client, { by: 'search', startAt: 0, cap: searchCap(info) }, signal);
}

/**
 * The search says neither its length nor its end and is no snapshot, so it goes on until a page is empty and an account
 * may come twice (JRASERVER-70269): callers keep one record a key.
 */
async function searchedPage(
  client: JiraClient,
  { startAt, cap }: Extract<Place, { by: 'search' }>,
  signal: AbortSignal
): Promise<AccountsPage | null> {
  const { items, length } = await searchEverybody(client, startAt, signal);
  if (length === 0) return startAt === cap ? null : { items, cursor: null, complete: true };
  return { items, cursor: cursorOf({ by: 'search', startAt: startAt + length, cap }), complete: true };
}

/** Null where this Jira has no such listing. It is nowhere said that inactive accounts are on it: never complete. */
async function streamedPage(
  client: JiraClient,
  cursor: string | null,
  signal: AbortSignal
): Promise<AccountsPage | null> {
  const query = { ...(cursor !== null && { cursor }), maxResults: String(ACCOUNTS_PER_PAGE) };
  const call: JiraCall = { step: 'list accounts', method: 'GET', path: '/user/list', query };
  try {
    const { values, isLast, nextCursor } = await client.request(call, userListShape, signal);
    const items = uniqueAccounts(values);
    if (isLast) return { items, cursor: null, complete: false };
    if (nextCursor === undefined || nextCursor === null || String(nextCursor) === cursor) {
      throw new TargetError('ambiguous', `${call.step}: a page that is not the last names no next one`, 200);
    }
    return { items, cursor: cursorOf({ by: 'list', cursor: String(nextCursor) }), complete: false };
  } catch (error) {
    if (error instanceof TargetError && error.status === 404) return null;
    throw error;
  }
}

const cursorOf = (place: Place): string => JSON.stringify(place);

/** A cursor that was not given out here is a mistake of the caller. */
function parsePlace(cursor: string): Place {
  const place = placeShape.safeParse(cursor.startsWith('{') ? JSON.parse(cursor) : null);
  if (!place.success) throw new Error('a cursor of another listing');
  return place.data;
}
