import { json, type Answer } from '../support/answer';
import { pageOf, type PageFault } from '../support/pages';
import { badRequest, invalidInput, notFound } from './answers';
import { groupBody, memberBody, photoBody, userBody, type Projection } from './bodies';
import { groupAt, userAt, type GoogleGroup, type GoogleMember, type GoogleUser } from './directory';
import { FieldsError, selected } from './fields';
import { GROUP_SCOPE, MEMBER_SCOPE, USER_SCOPE } from './options';
import { QueryError, userQuery } from './query';
import type { Simulator } from './simulator';

export interface Call {
  readonly query: URLSearchParams;
  readonly key: string;
  readonly fault: PageFault | null;
}

/** One endpoint of the Directory API. Handlers run without a pause. */
export interface Endpoint {
  readonly path: string;
  /** One of these is enough. */
  readonly scopes: readonly string[];
  readonly handle: (simulator: Simulator, call: Call) => Answer;
}

export const BASE = '/admin/directory/v1';
const DEFAULT_USERS = 100;
const MOST_USERS = 500;
const MOST_GROUPS = 200;
const TOKEN_LIFETIME_MS = 3 * 86_400_000;

export const ENDPOINTS: readonly Endpoint[] = [
  { path: '/users', scopes: [USER_SCOPE], handle: listUsers },
  { path: '/users/{key}', scopes: [USER_SCOPE], handle: getUser },
  { path: '/users/{key}/photos/thumbnail', scopes: [USER_SCOPE], handle: getPhoto },
  { path: '/groups', scopes: [GROUP_SCOPE], handle: listGroups },
  { path: '/groups/{key}', scopes: [GROUP_SCOPE], handle: getGroup },
  { path: '/groups/{key}/members', scopes: [MEMBER_SCOPE, GROUP_SCOPE], handle: listMembers },
];

function listUsers(simulator: Simulator, { query, fault }: Call): Answer {
  if (!isOfDomain(simulator, query)) return badRequest();
  const isDeleted = query.get('showDeleted') === 'true';
  const all = [...(isDeleted ? simulator.directory.deleted : simulator.directory.users).values()];
  return guarded(() => {
    const matches = userQuery(query.get('query') ?? '');
    const projection = (query.get('projection') ?? 'basic') as Projection;
    return listing(simulator, { query, fault }, all.filter(matches), {
      kind: 'users',
      fallback: DEFAULT_USERS,
      most: MOST_USERS,
      body: (user: GoogleUser) => userBody(simulator, user, projection, isDeleted),
    });
  });
}

function getUser(simulator: Simulator, { query, key }: Call): Answer {
  const user = userAt(simulator.directory, key);
  const projection = (query.get('projection') ?? 'basic') as Projection;
  return user === undefined ? notFound('userKey') : json(200, userBody(simulator, user, projection));
}

function getPhoto({ directory }: Simulator, { key }: Call): Answer {
  const user = userAt(directory, key);
  if (user === undefined) return notFound('userKey');
  return user.photo === null ? notFound('photo') : json(200, photoBody(user));
}

/** All of the domain, or those of one user or group: direct ones only. */
function listGroups(simulator: Simulator, { query, fault }: Call): Answer {
  const { directory } = simulator;
  const userKey = query.get('userKey');
  if (userKey !== null && query.has('customer')) return badRequest();
  if (userKey === null && !isOfDomain(simulator, query)) return badRequest();
  const member = userKey === null ? undefined : (userAt(directory, userKey) ?? groupAt(directory, userKey));
  if (userKey !== null && member === undefined) return notFound('userKey');
  const groups = [...directory.groups.values()].filter(({ members }) => member === undefined || members.has(member.id));
  return guarded(() =>
    listing(simulator, { query, fault }, groups, {
      ...{ kind: 'groups', fallback: MOST_GROUPS, most: MOST_GROUPS },
      body: (group: GoogleGroup) => groupBody(group),
    })
  );
}

function getGroup({ directory }: Simulator, { key }: Call): Answer {
  const group = groupAt(directory, key);
  return group === undefined ? notFound('groupKey') : json(200, groupBody(group));
}

/** Direct members, in an order of their own. */
function listMembers(simulator: Simulator, { query, key, fault }: Call): Answer {
  const group = groupAt(simulator.directory, key);
  if (group === undefined) return notFound('groupKey');
  const rows = [...group.members].map(([id, member]) => ({ id, member }));
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  return guarded(() =>
    listing(simulator, { query, fault }, rows, {
      ...{ kind: 'members', fallback: MOST_GROUPS, most: MOST_GROUPS },
      body: ({ member }: { readonly member: GoogleMember }) => memberBody(member, simulator.customerId),
    })
  );
}

function isOfDomain({ customerId, domain }: Simulator, query: URLSearchParams): boolean {
  const customer = query.get('customer');
  if (customer !== null) return customer === 'my_customer' || customer === customerId;
  return query.get('domain')?.toLowerCase() === domain;
}

interface Listing<T> {
  /** Name of the list; absent from the answer when it is empty. */
  readonly kind: 'users' | 'groups' | 'members';
  readonly fallback: number;
  readonly most: number;
  readonly body: (row: T) => unknown;
}

function listing<T extends { readonly id: string }>(
  simulator: Simulator,
  { query, fault }: Pick<Call, 'query' | 'fault'>,
  rows: readonly T[],
  { kind, fallback, most, body }: Listing<T>
): Answer {
  const limit = limitOf(query, fallback, most);
  if (limit === null) return invalidInput('maxResults');
  const after = placeOf(query.get('pageToken'), simulator.now());
  if (after === undefined) return invalidInput('pageToken');
  const page = pageOf(rows, { after, limit, fault });
  const answer = {
    ...{ kind: `admin#directory#${kind}`, etag: `"${kind}"` },
    ...(page.rows.length > 0 && { [kind]: page.rows.map(body) }),
    ...(page.next !== null && { nextPageToken: tokenOf(page.next, simulator.now()) }),
  };
  const fields = query.get('fields');
  return json(200, fields === null ? answer : selected(answer, fields));
}

function limitOf(query: URLSearchParams, fallback: number, most: number): number | null {
  const text = query.get('maxResults');
  if (text === null) return fallback;
  return /^[1-9]\d{0,5}$/.test(text) && Number(text) <= most ? Number(text) : null;
}

const tokenOf = (after: string, now: number): string => Buffer.from(JSON.stringify([after, now])).toString('base64url');

/** Undefined for a token that is too old, or none of ours. */
function placeOf(token: string | null, now: number): string | null | undefined {
  if (token === null) return null;
  try {
    const [after, at] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [string, number];
    if (now - at > TOKEN_LIFETIME_MS) return undefined;
    return after === '' ? null : after;
  } catch {
    return undefined;
  }
}

function guarded(answer: () => Answer): Answer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof QueryError) return invalidInput('query');
    if (error instanceof FieldsError) return invalidInput('fields');
    throw error;
  }
}
