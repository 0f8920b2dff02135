import { forbidden, json, refusal, type Answer } from './answer';
import { childrenOf, groupsOf, listedUsers, membersOf, pathOf, type RealmGroup, type RealmUser } from './realm';
import type { Simulator } from './simulator';

export interface Call {
  readonly query: URLSearchParams;
  readonly id: string;
}

/** One endpoint of the Admin REST API below /admin/realms/{realm}. Handlers run without a pause. */
export interface Endpoint {
  readonly path: string;
  readonly handle: (simulator: Simulator, call: Call) => Answer;
}

const ABSENT_USER = 'User not found';
const ABSENT_GROUP = 'Could not find group by id';
/** Pages of users and members, and of children, where `max` is not given; of top-level groups all. */
const DEFAULT_MAX = 100;
const DEFAULT_CHILDREN_MAX = 10;

export const ENDPOINTS: readonly Endpoint[] = [
  { path: '/users/count', handle: countUsers },
  { path: '/users/{id}/groups', handle: listGroupsOfUser },
  { path: '/users/{id}', handle: getUser },
  { path: '/users', handle: listUsers },
  { path: '/groups/count', handle: countGroups },
  { path: '/groups/{id}/children', handle: listChildren },
  { path: '/groups/{id}/members', handle: listMembers },
  { path: '/groups/{id}', handle: getGroup },
  { path: '/groups', handle: listGroups },
];

/** The role that shows users and groups includes those that only let them be asked for. */
const sees = ({ roles }: Simulator): boolean => roles.has('view-users');
const asksUsers = (simulator: Simulator): boolean => sees(simulator) || simulator.roles.has('query-users');
const asksGroups = (simulator: Simulator): boolean => sees(simulator) || simulator.roles.has('query-groups');

function listUsers(simulator: Simulator, { query }: Call): Answer {
  if (!asksUsers(simulator)) return forbidden();
  const found = listedUsers(simulator.realm).filter((user) => matches(user, query));
  const page = pageOf(found, query, DEFAULT_MAX);
  const isBrief = query.get('briefRepresentation') === 'true';
  return json(200, sees(simulator) ? page.map((user) => userBody(user, isBrief)) : []);
}

/** By parts of a name or address, or by the whole of it (`exact`); letter case does not count. */
function matches(user: RealmUser, query: URLSearchParams): boolean {
  const isExact = query.get('exact') === 'true';
  return (['username', 'email', 'firstName', 'lastName'] as const).every((field) => {
    const wanted = query.get(field)?.toLowerCase();
    if (wanted === undefined) return true;
    const held = user[field]?.toLowerCase() ?? null;
    return held !== null && (isExact ? held === wanted : held.includes(wanted));
  });
}

function listGroupsOfUser(simulator: Simulator, { id, query }: Call): Answer {
  if (!asksUsers(simulator)) return forbidden();
  const user = simulator.realm.users.get(id);
  if (user === undefined) return refusal(404, ABSENT_USER);
  if (!sees(simulator)) return forbidden();
  const isBrief = query.get('briefRepresentation') !== 'false';
  const page = pageOf(groupsOf(simulator.realm, user), query, DEFAULT_MAX);
  return json(
    200,
    page.map((group) => groupBody(simulator, group, isBrief))
  );
}

function countUsers(simulator: Simulator): Answer {
  return asksUsers(simulator) ? json(200, listedUsers(simulator.realm).length) : forbidden();
}

function getUser(simulator: Simulator, { id }: Call): Answer {
  if (!asksUsers(simulator)) return forbidden();
  const user = simulator.realm.users.get(id);
  if (user === undefined) return refusal(404, ABSENT_USER);
  return sees(simulator) ? json(200, userBody(user, false)) : forbidden();
}

function listGroups(simulator: Simulator, { query }: Call): Answer {
  if (!asksGroups(simulator)) return forbidden();
  const isBrief = query.get('briefRepresentation') !== 'false';
  return groupPage(simulator, { parent: null, isBrief, max: Number.POSITIVE_INFINITY }, query);
}

function countGroups(simulator: Simulator): Answer {
  return asksGroups(simulator) ? json(200, { count: simulator.realm.groups.size }) : forbidden();
}

function getGroup(simulator: Simulator, { id }: Call): Answer {
  return withGroup(simulator, id, (group) => json(200, groupBody(simulator, group, false)));
}

function listChildren(simulator: Simulator, { id, query }: Call): Answer {
  const isBrief = query.get('briefRepresentation') === 'true';
  return withGroup(simulator, id, (group) =>
    groupPage(simulator, { parent: group.id, isBrief, max: DEFAULT_CHILDREN_MAX }, query)
  );
}

function listMembers(simulator: Simulator, { id, query }: Call): Answer {
  return withGroup(simulator, id, (group) => {
    const isBrief = query.get('briefRepresentation') === 'true';
    const page = pageOf(membersOf(simulator.realm, group), query, DEFAULT_MAX);
    return json(
      200,
      page.map((user) => userBody(user, isBrief))
    );
  });
}

/** Whether a group is there is told to everybody; what it holds only to those who may see it. */
function withGroup(simulator: Simulator, id: string, answer: (group: RealmGroup) => Answer): Answer {
  const group = simulator.realm.groups.get(id);
  if (group === undefined) return refusal(404, ABSENT_GROUP);
  return sees(simulator) ? answer(group) : forbidden();
}

interface GroupPage {
  readonly parent: string | null;
  /** By default groups at the top are brief, children are full. */
  readonly isBrief: boolean;
  readonly max: number;
}

function groupPage(simulator: Simulator, { parent, isBrief, max }: GroupPage, query: URLSearchParams): Answer {
  if (!sees(simulator)) return json(200, []);
  const page = pageOf(childrenOf(simulator.realm, parent), query, max);
  return json(
    200,
    page.map((group) => groupBody(simulator, group, isBrief))
  );
}

/** `max` -1 is all, 0 nothing; a negative `first` counts as 0. No total and no link to the next page. */
function pageOf<T>(items: readonly T[], query: URLSearchParams, fallback: number): readonly T[] {
  const first = Math.max(0, wholeNumber(query.get('first'), 0));
  const max = wholeNumber(query.get('max'), fallback);
  return items.slice(first, max < 0 ? items.length : first + max);
}

const wholeNumber = (text: string | null, fallback: number): number =>
  text !== null && /^-?\d{1,9}$/.test(text) ? Number(text) : fallback;

/** Keys without a value are left out; the brief form has no attributes. */
function userBody(user: RealmUser, isBrief: boolean): unknown {
  const { id, username, enabled, email, firstName, lastName, attributes, createdTimestamp } = user;
  const hasAttributes = !isBrief && Object.keys(attributes).length > 0;
  return {
    ...{ id, username },
    ...(firstName !== null && { firstName }),
    ...(lastName !== null && { lastName }),
    ...(email !== null && { email }),
    emailVerified: false,
    ...(hasAttributes && { attributes }),
    ...{ enabled, createdTimestamp },
    ...(!isBrief && { totp: false, disableableCredentialTypes: [], requiredActions: [], notBefore: 0 }),
  };
}

/** Sub-groups are counted and never listed here. */
function groupBody({ realm }: Simulator, group: RealmGroup, isBrief: boolean): unknown {
  const { id, name, parentId, attributes } = group;
  return {
    ...{ id, name, path: pathOf(realm, group) },
    ...(parentId !== null && { parentId }),
    ...{ subGroupCount: childrenOf(realm, id).length, subGroups: [] },
    ...(!isBrief && { attributes, realmRoles: [], clientRoles: {} }),
    access: { view: true, viewMembers: true, manageMembers: false, manage: false, manageMembership: false },
  };
}
