import { badRequest, invalidSyntax, ScimError } from '../../domain/scim/error';
import { discoveryOf } from '../../domain/scim/discovery';
import { isRecord } from '../../domain/scim/json';
import type { ScimKind } from '../../domain/scim/kinds';
import { parseListQuery } from '../../domain/scim/list-query';
import { projectionOf } from '../../domain/scim/projection';
import { memberOf } from '../../domain/scim/json';
import { URNS } from '../../domain/scim/urns';
import { jsonReply } from './call';
import type { ScimCall, ScimDependencies, ScimReply } from './call';
import { createGroup, deleteGroup, patchGroup, replaceGroup } from './groups';
import { list, repositoryOf } from './list';
import { getResource, listResources, shownFor } from './resources';
import { createUser, deleteUser, patchUser, replaceUser } from './users';
import { textOf } from './view';

type Answer = () => Promise<ScimReply>;
type Methods = Readonly<Record<string, Answer>>;

/**
 * Answers a request to the resources of a connector (RFC 7644 3.2).
 * @throws ScimError for every refusal: 404 for unknown addresses, 405 with the methods that there are
 */
export function dispatch(deps: ScimDependencies, call: ScimCall): Promise<ScimReply> {
  const methods = methodsAt(deps, call);
  if (methods === null) throw new ScimError(404, null, 'There is nothing at this address.');
  const answer = methods[call.method === 'HEAD' ? 'GET' : call.method];
  if (answer === undefined) throw new MethodNotAllowed(Object.keys(methods));
  return answer();
}

/** 405 with the methods that there are. */
export class MethodNotAllowed extends ScimError {
  constructor(readonly allowed: readonly string[]) {
    super(405, null, `The method is not allowed here; ${allowed.join(', ')} are.`);
  }
}

function methodsAt(deps: ScimDependencies, call: ScimCall): Methods | null {
  const [first = '', second, ...more] = call.segments;
  if (more.length > 0) return null;
  const { User, Group } = call.connector.kinds;
  switch (first.toLowerCase()) {
    case 'users':
      return resources(deps, call, User, second);
    case 'groups':
      return resources(deps, call, Group, second);
    case '.search':
      return second === undefined ? { POST: () => searchAll(deps, call) } : null;
    case 'serviceproviderconfig':
    case 'resourcetypes':
    case 'schemas':
      return { GET: () => Promise.resolve(discover(call, first.toLowerCase(), second)) };
    default:
      return null;
  }
}

function resources(deps: ScimDependencies, call: ScimCall, kind: ScimKind, id: string | undefined): Methods {
  const isUser = kind.name === 'User';
  if (id === undefined) {
    return {
      GET: () => listResources(deps, call, kind, call.query),
      POST: () => (isUser ? createUser(deps, call) : createGroup(deps, call)),
    };
  }
  if (id === '.search') return { POST: () => listResources(deps, call, kind, searchRequest(call)) };
  return {
    GET: () => getResource(deps, call, kind, id),
    PUT: () => (isUser ? replaceUser(deps, call, id) : replaceGroup(deps, call, id)),
    PATCH: () => (isUser ? patchUser(deps, call, id) : patchGroup(deps, call, id)),
    DELETE: () => (isUser ? deleteUser(deps, call, id) : deleteGroup(deps, call, id)),
  };
}

function searchRequest({ body }: ScimCall): Readonly<Record<string, unknown>> {
  if (!isRecord(body)) throw invalidSyntax('A search request is a JSON object.');
  return body;
}

/** A search over everything: users first, then groups. Orders are within each kind, pages by number alone. */
async function searchAll(deps: ScimDependencies, call: ScimCall): Promise<ScimReply> {
  const query = parseListQuery(searchRequest(call));
  if (query.place.mode === 'cursor') throw badRequest('invalidCursor', 'Search below /Users or /Groups by cursor.');
  const { startIndex } = query.place;
  const texts: string[] = [];
  let total = 0;
  for (const kind of [call.connector.kinds.User, call.connector.kinds.Group]) {
    const shown = { ...shownFor(deps, call, kind), projection: projectionOf(kind, query) };
    const listing = { store: deps.store, connectorId: call.connector.id, kind, base: call.base };
    const place = { mode: 'index', startIndex: Math.max(1, startIndex - total) } as const;
    const found = await list(listing, { ...query, place, count: query.count - texts.length });
    total += found.total ?? (await repositoryOf(deps.store, kind).count(call.connector.id));
    // Members of many groups at once are asked for at /Groups.
    texts.push(...found.items.map((record) => textOf(record, shown)));
  }
  const head = { schemas: [URNS.listResponse], totalResults: total, itemsPerPage: texts.length, startIndex };
  return { status: 200, body: `${JSON.stringify(head).slice(0, -1)},"Resources":[${texts.join(',')}]}` };
}

/** RFC 7644 4: a filter there is forbidden. */
function discover(call: ScimCall, name: string, id: string | undefined): ScimReply {
  if (memberOf(call.query, 'filter') !== undefined) throw new ScimError(403, null, 'There is no filter here.');
  const { serviceProviderConfig, resourceTypes, schemas } = discoveryOf(call.connector.kinds, call.base);
  if (name === 'serviceproviderconfig') {
    if (id !== undefined) throw new ScimError(404, null, 'There is nothing at this address.');
    return jsonReply(200, serviceProviderConfig);
  }
  const all = name === 'schemas' ? schemas : resourceTypes;
  if (id === undefined) {
    const counts = { totalResults: all.length, itemsPerPage: all.length, startIndex: 1 };
    return jsonReply(200, { schemas: [URNS.listResponse], ...counts, Resources: all });
  }
  const wanted = id.toLowerCase();
  const found = all.find((each) => typeof each['id'] === 'string' && each['id'].toLowerCase() === wanted);
  if (found === undefined) throw new ScimError(404, null, 'There is no schema or resource type of this name.');
  return jsonReply(200, found);
}
