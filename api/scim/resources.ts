import { ScimError } from '../../domain/scim/error';
import type { ScimKind } from '../../domain/scim/kinds';
import { parseListQuery } from '../../domain/scim/list-query';
import { projectionOf } from '../../domain/scim/projection';
import type { Projection } from '../../domain/scim/projection';
import { memberOf } from '../../domain/scim/json';
import { URNS } from '../../domain/scim/urns';
import type { ScimRecord } from '../../store/scim-store';
import type { ScimCall, ScimDependencies, ScimReply } from './call';
import { list, repositoryOf } from './list';
import { hasVersion } from './preconditions';
import { etagOf, locationOf, partsOf, showsMembers, textOf } from './view';
import type { Shown } from './view';

export const notFound = (kind: ScimKind): ScimError => new ScimError(404, null, `There is no ${kind.name} of this id.`);

/** Another writer came first so often that the client had better ask again. */
export const tooBusy = (): ScimError => new ScimError(503, null, 'The resource is being changed: ask again.');

/** The projection that the query of a request asks for. @throws ScimError invalidValue */
export function projectionIn(kind: ScimKind, query: Readonly<Record<string, unknown>>): Projection {
  const [attributes, excludedAttributes] = [memberOf(query, 'attributes'), memberOf(query, 'excludedAttributes')];
  return projectionOf(kind, { attributes, excludedAttributes });
}

export const shownFor = (deps: ScimDependencies, call: ScimCall, kind: ScimKind): Shown => ({
  kind,
  projection: projectionIn(kind, call.query),
  base: call.base,
  store: deps.store,
});

/** An answer that shows one resource. */
export function resourceReply(status: 200 | 201, record: ScimRecord, shown: Shown): ScimReply {
  const location = locationOf(shown.base, shown.kind, record.id);
  const headers = {
    ETag: etagOf(record),
    ...(status === 201 ? { Location: location } : { 'Content-Location': location }),
  };
  return { status, headers, body: showsMembers(shown) ? partsOf(record, shown) : textOf(record, shown) };
}

/** GET of one resource (RFC 7644 3.4.1). @throws ScimError 404 */
export async function getResource(
  deps: ScimDependencies,
  call: ScimCall,
  kind: ScimKind,
  id: string
): Promise<ScimReply> {
  const shown = shownFor(deps, call, kind);
  const record = await repositoryOf(deps.store, kind).get(call.connector.id, id);
  if (record === null || record.deleted) throw notFound(kind);
  if (hasVersion(call, record)) return { status: 304, headers: { ETag: etagOf(record) } };
  return resourceReply(200, record, shown);
}

/** GET of a list, or a search (RFC 7644 3.4.2, 3.4.3). */
export async function listResources(
  deps: ScimDependencies,
  call: ScimCall,
  kind: ScimKind,
  given: Readonly<Record<string, unknown>>
): Promise<ScimReply> {
  const query = parseListQuery(given);
  const shown: Shown = { ...shownFor(deps, call, kind), projection: projectionOf(kind, query) };
  const listing = { store: deps.store, connectorId: call.connector.id, kind, base: call.base };
  const { items, total, nextCursor } = await list(listing, query);
  const startIndex = query.place.mode === 'index' ? query.place.startIndex : null;
  const head = {
    schemas: [URNS.listResponse],
    ...(total !== null && { totalResults: total }),
    itemsPerPage: items.length,
    ...(startIndex !== null && { startIndex }),
    ...(nextCursor !== null && { nextCursor }),
  };
  return { status: 200, body: listParts(head, items, shown) };
}

/** A list response in parts. Without members it is one. */
export function listParts(head: object, items: readonly ScimRecord[], shown: Shown): string | AsyncIterable<string> {
  const opening = `${JSON.stringify(head).slice(0, -1)},"Resources":[`;
  if (!showsMembers(shown)) return `${opening}${items.map((record) => textOf(record, shown)).join(',')}]}`;
  return streamed(opening, items, shown);
}

async function* streamed(opening: string, items: readonly ScimRecord[], shown: Shown): AsyncGenerator<string> {
  yield opening;
  for (const [at, record] of items.entries()) {
    if (at > 0) yield ',';
    yield* partsOf(record, shown);
  }
  yield ']}';
}
