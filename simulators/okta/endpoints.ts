import { json, type Answer } from '../support/answer';
import { pageOf, type PageFault } from '../support/pages';
import { accessDenied, badSearch, invalid, notFound } from './answer';
import { groupBody, userBody } from './bodies';
import { FilterError, parseFilter, type FilterRules } from './filter';
import { groupsOf, indexedUser, membersOf, type OktaGroup, type OktaUser } from './org';
import { roleBody, seenUsers, seesGroup, seesUser } from './roles';
import type { Simulator } from './simulator';

export interface Call {
  /** Of the address as it was called, for links. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly id: string;
  readonly fault: PageFault | null;
  /** The API token was used: `me` is its owner. */
  readonly isAdmin: boolean;
}

/** One endpoint of the management API. Handlers run without a pause. */
export interface Endpoint {
  readonly path: string;
  readonly scope: string;
  readonly handle: (simulator: Simulator, call: Call) => Answer;
}

const MOST_USERS = 200;
const MOST_GROUPS = 10_000;
const MOST_MEMBERS = 1_000;
const MOST_EVENTS = 1_000;
const ADMIN_ID = '00usimadmin000000001';

export const ENDPOINTS: readonly Endpoint[] = [
  { path: '/api/v1/users', scope: 'okta.users.read', handle: listUsers },
  { path: '/api/v1/users/{id}', scope: 'okta.users.read', handle: getUser },
  { path: '/api/v1/users/{id}/groups', scope: 'okta.users.read', handle: listGroupsOfUser },
  { path: '/api/v1/users/{id}/roles', scope: 'okta.roles.read', handle: listRolesOfUser },
  { path: '/api/v1/groups', scope: 'okta.groups.read', handle: listGroups },
  { path: '/api/v1/groups/{id}', scope: 'okta.groups.read', handle: getGroup },
  { path: '/api/v1/groups/{id}/users', scope: 'okta.groups.read', handle: listMembers },
  { path: '/oauth2/v1/clients/{id}/roles', scope: 'okta.roles.read', handle: listRolesOfClient },
  { path: '/api/v1/logs', scope: 'okta.logs.read', handle: listEvents },
];

const FILTERED_USERS: FilterRules = {
  fields: ['status', 'lastUpdated', 'id', 'profile.login', 'profile.email', 'profile.firstName', 'profile.lastName'],
  ignoresCase: false,
};
const SEARCHED_USERS: FilterRules = {
  fields: ['status', 'lastUpdated', 'id', 'created', 'activated', 'statusChanged', 'type.id', 'profile.'],
  ignoresCase: true,
};
const FILTERED_GROUPS: FilterRules = {
  fields: ['id', 'type', 'lastUpdated', 'lastMembershipUpdated'],
  ignoresCase: false,
};

/** DEPROVISIONED users come with `filter` and `search` only; `search` asks an index that lags behind. */
function listUsers(simulator: Simulator, call: Call): Answer {
  const { org, view } = simulator;
  const seen = seenUsers(view, org);
  const visible = [...org.users.values()].filter(({ id }) => seen === null || seen.has(id));
  return guarded(() => {
    const filter = call.query.get('filter');
    const search = call.query.get('search');
    if (search !== null) {
      const matches = parseFilter(search, SEARCHED_USERS);
      const indexed = visible.map((user) => indexedUser(org, user)).filter((user) => user !== null);
      return listing(
        simulator,
        call,
        indexed.filter((user) => matches(userField(user))),
        usersPage
      );
    }
    if (filter !== null) {
      const matches = parseFilter(filter, FILTERED_USERS);
      return listing(
        simulator,
        call,
        visible.filter((user) => matches(userField(user))),
        usersPage
      );
    }
    return listing(
      simulator,
      call,
      visible.filter(({ status }) => status !== 'DEPROVISIONED'),
      usersPage
    );
  });
}

const userField =
  (user: OktaUser) =>
  (field: string): string | null => {
    const value = field.startsWith('profile.')
      ? user.profile[field.slice('profile.'.length)]
      : (user as unknown as Readonly<Record<string, unknown>>)[field];
    return typeof value === 'string' ? value : null;
  };

/** By id or by login, letter case of the login aside; a role that does not see the user is told that there is none. */
function getUser(simulator: Simulator, { id, isAdmin }: Call): Answer {
  if (id === 'me') return isAdmin ? json(200, { id: ADMIN_ID, status: 'ACTIVE', profile: {} }) : notFound('me', 'User');
  const user = userAt(simulator, id);
  return user === undefined ? notFound(id, 'User') : json(200, userBody(user));
}

function userAt({ org, view }: Simulator, id: string): OktaUser | undefined {
  const login = id.toLowerCase();
  const user =
    org.users.get(id) ??
    [...org.users.values()].find((one) => userField(one)('profile.login')?.toLowerCase() === login);
  return user !== undefined && seesUser(view, org, user) ? user : undefined;
}

/** Not paged. */
function listGroupsOfUser(simulator: Simulator, { id }: Call): Answer {
  const user = userAt(simulator, id);
  if (user === undefined) return notFound(id, 'User');
  const groups = groupsOf(simulator.org, user).filter((group) => seesGroup(simulator.view, group));
  return json(
    200,
    groups.map((group) => groupBody(simulator, group, []))
  );
}

function listGroups(simulator: Simulator, call: Call): Answer {
  const visible = [...simulator.org.groups.values()].filter((group) => seesGroup(simulator.view, group));
  return guarded(() => {
    const filter = call.query.get('filter');
    const matches = filter === null ? null : parseFilter(filter, FILTERED_GROUPS);
    const groups = visible.filter((group) => matches === null || matches(groupField(group)));
    const expand = (call.query.get('expand') ?? '').split(',');
    return listing(simulator, call, groups, {
      most: MOST_GROUPS,
      body: (group: OktaGroup) => groupBody(simulator, group, expand),
    });
  });
}

const groupField =
  (group: OktaGroup) =>
  (field: string): string | null => {
    const value = (group as unknown as Readonly<Record<string, unknown>>)[field];
    return typeof value === 'string' ? value : null;
  };

function getGroup(simulator: Simulator, { id }: Call): Answer {
  const group = groupAt(simulator, id);
  return group === undefined ? notFound(id, 'UserGroup') : json(200, groupBody(simulator, group, []));
}

function listMembers(simulator: Simulator, call: Call): Answer {
  const group = groupAt(simulator, call.id);
  if (group === undefined) return notFound(call.id, 'UserGroup');
  return listing(simulator, call, membersOf(simulator.org, group), { most: MOST_MEMBERS, body: userBody });
}

function groupAt({ org, view }: Simulator, id: string): OktaGroup | undefined {
  const group = org.groups.get(id);
  return group !== undefined && seesGroup(view, group) ? group : undefined;
}

function listRolesOfClient(simulator: Simulator, { id }: Call): Answer {
  return id === simulator.clientId ? rolesAnswer(simulator) : notFound(id, 'Client');
}

function listRolesOfUser(simulator: Simulator, { id, isAdmin }: Call): Answer {
  return isAdmin && id === ADMIN_ID ? rolesAnswer(simulator) : accessDenied();
}

const rolesAnswer = ({ view, org }: Simulator): Answer =>
  json(200, [roleBody(view, new Date(org.clock()).toISOString())]);

/** No events are kept. A request without an end is polling: the link to the next page is there on an empty page too. */
function listEvents(simulator: Simulator, { path, query }: Call): Answer {
  if (query.has('since') && query.has('after')) return invalid('since', 'since and after exclude each other');
  const limit = limitOf(query, MOST_EVENTS);
  if (limit === null) return invalid('limit', `limit must be from 1 to ${MOST_EVENTS}`);
  const next = new URLSearchParams(query);
  next.delete('since');
  next.set('after', query.get('after') ?? '1627500044869_1');
  const links = query.has('until') ? [] : [link(simulator, path, next, 'next')];
  return json(200, [], { link: [link(simulator, path, query, 'self'), ...links] });
}

interface Listing<T> {
  /** The largest page, and what a page has where no limit is given. */
  readonly most: number;
  readonly body: (row: T) => unknown;
}

const usersPage: Listing<OktaUser> = { most: MOST_USERS, body: userBody };

/** A page with its links: two header lines, `self` and, unless it is the last page, `next`. */
function listing<T extends { readonly id: string }>(
  simulator: Simulator,
  { path, query, fault }: Call,
  rows: readonly T[],
  { most, body }: Listing<T>
): Answer {
  const limit = limitOf(query, most);
  if (limit === null) return invalid('limit', 'limit must be a whole number above 0');
  const after = query.get('after');
  const page = pageOf(rows, { after: after === '' ? null : after, limit, fault });
  const links = [link(simulator, path, query, 'self')];
  if (page.next !== null) {
    const next = new URLSearchParams(query);
    next.set('after', page.next);
    next.set('limit', String(limit));
    links.push(link(simulator, path, next, 'next'));
  }
  return json(200, page.rows.map(body), { link: links });
}

function limitOf(query: URLSearchParams, most: number): number | null {
  const text = query.get('limit');
  if (text === null) return most;
  return /^[1-9]\d{0,6}$/.test(text) ? Math.min(most, Number(text)) : null;
}

function link({ origin }: Simulator, path: string, query: URLSearchParams, rel: string): string {
  const text = query.toString();
  return `<${origin}${path}${text === '' ? '' : `?${text}`}>; rel="${rel}"`;
}

function guarded(answer: () => Answer): Answer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof FilterError) return badSearch(error.message);
    throw error;
  }
}
