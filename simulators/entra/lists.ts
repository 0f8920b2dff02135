import { graphError, json, text, type Answer } from './answer';
import { subjectOf, type GraphCall } from './call';
import { decodeToken, encodeToken } from './rounds';
import type { Fields } from './objects';
import type { Simulator } from './simulator';

const DEFAULT_TOP = 100;
const MOST_TOP = 999;
/** With `$expand` a page holds no more. */
const MOST_TOP_EXPANDED = 100;

export const badRequest = (): Answer => graphError(400, 'Request_BadRequest');
export const unsupported = (): Answer => graphError(400, 'Request_UnsupportedQuery');
export const notFound = (): Answer => graphError(404, 'Request_ResourceNotFound');
export const denied = (): Answer => graphError(403, 'Authorization_RequestDenied');
export const notImplemented = (): Answer => graphError(501, 'NotImplemented');

export const selectOf = (query: URLSearchParams): readonly string[] | null => query.get('$select')?.split(',') ?? null;

export interface Listed {
  readonly id: string;
}

interface ListInput<T extends Listed> {
  readonly call: GraphCall;
  readonly items: readonly T[];
  readonly show: (item: T) => Fields | 'elsewhere';
}

/** A page of a list: the first by its query, the next ones by the link. */
export function listPage<T extends Listed>(simulator: Simulator, { call, items, show }: ListInput<T>): Answer {
  const { query, isEventual } = call;
  const token = query.get('$skiptoken');
  const { after = null, eventual = isEventual } = token === null ? {} : decodeToken(token);
  // What the first page was asked with has to come with every page.
  if (query.has('$skip') || (eventual === true && !isEventual)) return badRequest();
  if (query.get('$count') === 'true' && !isEventual) return unsupported();
  const top = Number(query.get('$top') ?? DEFAULT_TOP);
  if (!Number.isInteger(top) || top < 1 || top > MOST_TOP) return badRequest();
  const size = query.has('$expand') ? Math.min(top, MOST_TOP_EXPANDED) : top;
  const start = typeof after === 'string' ? items.findIndex(({ id }) => id === after) + 1 : 0;
  const page = items.slice(start, start + size).map(show);
  if (page.includes('elsewhere')) return notImplemented();
  const fault = simulator.faults.hit('meanwhile', subjectOf(call))?.kind;
  const isEmpty = fault === 'empty-page';
  const stays = isEmpty || fault === 'repeat-page' || fault === 'endless-page';
  const next = stays ? start : start + size * (fault === 'lost-page' ? 2 : 1);
  const count = token === null && query.get('$count') === 'true' ? { '@odata.count': items.length } : {};
  return json({
    '@odata.context': `${call.base}/$metadata#${call.path.slice(1)}`,
    ...count,
    ...(next < items.length && { '@odata.nextLink': linkTo(call, items[next - 1]?.id ?? null, eventual === true) }),
    value: isEmpty ? [] : page,
  });
}

function linkTo({ base, path, query }: GraphCall, after: string | null, eventual: boolean): string {
  const next = new URLSearchParams(query);
  next.set('$skiptoken', encodeToken({ after, eventual }));
  return `${base}${path}?${next.toString()}`;
}

/** The bare number, for those who accept that the index behind it lags. */
export function countAnswer({ isEventual }: GraphCall, items: readonly unknown[]): Answer {
  return isEventual ? text(String(items.length)) : badRequest();
}
