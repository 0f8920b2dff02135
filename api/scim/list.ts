import type { AttributeRecord } from '../../domain/model';
import { decodeScimCursor, encodeScimCursor } from '../../domain/scim/cursor';
import { SCAN_LIMIT } from '../../domain/scim/discovery';
import { badRequest } from '../../domain/scim/error';
import { compileFilter } from '../../domain/scim/evaluate';
import type { ScimKind } from '../../domain/scim/kinds';
import type { ListQuery } from '../../domain/scim/list-query';
import { lookupOf } from '../../domain/scim/lookup';
import type { Lookup } from '../../domain/scim/lookup';
import { membersAskedFor } from '../../domain/scim/member-filter';
import { compareSorted, sortKeyOf } from '../../domain/scim/sort';
import { nameKey } from '../../domain/names';
import type { ScimRecord, ScimResourceRepository, ScimStore } from '../../store/scim-store';
import { resourceOf } from './view';

const WINDOW = 500;
/** More resources with one external id or address are no provider's. */
const FOUND_LIMIT = 1_000;

export interface Listed {
  readonly items: readonly ScimRecord[];
  /** Null where counting would mean to read everything: pages by cursor need not tell (RFC 9865). */
  readonly total: number | null;
  /** Null: there is no further page, or pages are not by cursor. */
  readonly nextCursor: string | null;
}
export interface Listing {
  readonly store: ScimStore;
  readonly connectorId: string;
  readonly kind: ScimKind;
  readonly base: string;
}

export const repositoryOf = (store: ScimStore, kind: ScimKind): ScimResourceRepository =>
  kind.name === 'User' ? store.users : store.groups;

/** Lists users or groups as the query asks. @throws ScimError tooMany where a filter would have to look at too many */
export async function list(listing: Listing, query: ListQuery): Promise<Listed> {
  const { store, connectorId, kind } = listing;
  if (query.filter === null && query.sort === null && query.place.mode === 'index') {
    const page = await repositoryOf(store, kind).page(connectorId, query.place.startIndex, query.count);
    return { ...page, nextCursor: null };
  }
  const fits = matcher(listing, query);
  const lookup = query.filter === null ? null : lookupOf(kind, query.filter);
  if (lookup !== null) {
    const found = await lookUp(listing, lookup);
    return pageOfFound(listing, query, await those(found, fits));
  }
  if (query.sort === null && query.place.mode === 'cursor') return walk(listing, query, fits);
  return pageOfFound(listing, query, await scan(listing, fits));
}

type Matcher = (records: readonly ScimRecord[]) => Promise<readonly ScimRecord[]>;

/** Which of some records fulfil the filter. Members that it asks for are looked up beside the records. */
function matcher({ store, connectorId, kind, base }: Listing, { filter }: ListQuery): Matcher {
  if (filter === null) return (records) => Promise.resolve(records);
  const predicate = compileFilter(kind, filter);
  const members = membersAskedFor(kind, filter);
  const membersOf = async ({ id }: ScimRecord): Promise<AttributeRecord> => {
    const found = await store.members.among(connectorId, id, members);
    return { members: [...found].map((value) => ({ value })) };
  };
  return async (records) => {
    const fitting: ScimRecord[] = [];
    for (const record of records) {
      const resource = resourceOf(record, kind, base);
      const whole = members.length === 0 ? resource : { ...resource, ...(await membersOf(record)) };
      if (predicate(whole)) fitting.push(record);
    }
    return fitting;
  };
}

const those = (records: readonly ScimRecord[], fits: Matcher): Promise<readonly ScimRecord[]> =>
  fits([...records].filter(({ deleted }) => !deleted).sort((a, b) => a.seq - b.seq));

async function lookUp({ store, connectorId, kind }: Listing, { by, value }: Lookup): Promise<readonly ScimRecord[]> {
  const repository = repositoryOf(store, kind);
  switch (by) {
    case 'id': {
      const record = await repository.get(connectorId, value);
      return record === null ? [] : [record];
    }
    case 'externalId':
      return repository.find(connectorId, { by, value }, FOUND_LIMIT);
    case 'name':
    case 'email':
      return repository.find(connectorId, { by, value: nameKey(value) }, FOUND_LIMIT);
    case 'member': {
      const memberships = await store.members.of(connectorId, value);
      return repository.byIds(
        connectorId,
        memberships.map(({ groupId }) => groupId)
      );
    }
  }
}

/** Looks at everything in bounded windows; only what fits is kept. */
async function scan({ store, connectorId, kind }: Listing, fits: Matcher): Promise<readonly ScimRecord[]> {
  const repository = repositoryOf(store, kind);
  if ((await repository.count(connectorId)) > SCAN_LIMIT) {
    throw badRequest('tooMany', `A filter or an order that no index has looks at ${SCAN_LIMIT} resources at most.`);
  }
  const last = await repository.last(connectorId);
  const found: ScimRecord[] = [];
  for (let from = 1; from <= last; from += WINDOW) {
    found.push(...(await fits(await repository.between(connectorId, from, from + WINDOW - 1))));
  }
  return found;
}

const nameOf = ({ kind }: Listing, { filterText, sort }: ListQuery): string =>
  JSON.stringify([kind.name, filterText, sort]);

function pageOfFound(listing: Listing, query: ListQuery, found: readonly ScimRecord[]): Listed {
  const { place, count } = query;
  const all = sorted(listing, query, found);
  if (place.mode === 'index') {
    const items = all.slice(place.startIndex - 1, place.startIndex - 1 + count);
    return { items, total: all.length, nextCursor: null };
  }
  const name = nameOf(listing, query);
  const after = place.cursor === null ? 0 : decodeScimCursor(name, place.cursor).after;
  const end = after + count;
  const nextCursor = end < all.length ? encodeScimCursor(name, { after: end }) : null;
  return { items: all.slice(after, end), total: all.length, nextCursor };
}

function sorted({ kind, base }: Listing, { sort }: ListQuery, found: readonly ScimRecord[]): readonly ScimRecord[] {
  if (sort === null) return found;
  const keyOf = sortKeyOf(kind, sort);
  return found
    .map((record) => ({ record, key: keyOf(resourceOf(record, kind, base)), seq: record.seq }))
    .sort((a, b) => compareSorted(a, b, sort.descending))
    .map(({ record }) => record);
}

/** A page by cursor, in the order of the sequence: it may look at less than everything, and go on from there. */
async function walk(listing: Listing, query: ListQuery, fits: Matcher): Promise<Listed> {
  const { store, connectorId, kind } = listing;
  const { place, count } = query;
  const repository = repositoryOf(store, kind);
  const name = nameOf(listing, query);
  const cursor = place.mode === 'cursor' ? place.cursor : null;
  let after = cursor === null ? 0 : decodeScimCursor(name, cursor).after;
  const last = await repository.last(connectorId);
  const until = after + SCAN_LIMIT;
  const items: ScimRecord[] = [];
  while (after < Math.min(last, until) && items.length < count) {
    const window = await fits(await repository.between(connectorId, after + 1, after + WINDOW));
    const taken = window.slice(0, count - items.length);
    items.push(...taken);
    const isCut = taken.length < window.length || items.length === count;
    after = isCut ? (taken.at(-1)?.seq ?? after + WINDOW) : after + WINDOW;
  }
  const nextCursor = after < last ? encodeScimCursor(name, { after }) : null;
  return { items, total: query.filter === null ? await repository.count(connectorId) : null, nextCursor };
}
