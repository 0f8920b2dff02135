import { forbidden, json, refusal, type Answer } from './answer';
import {
  allUsers,
  childrenOf,
  groupsOf,
  listedUsers,
  membersOf,
  pathOf,
  type RealmGroup,
  type RealmUser,
} from './realm';
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
/** Pages of users and members, and of children, where `max` is not given; of top-level groups and those of a user all. */
const DEFAULT_MAX = 100;
const DEFAULT_CHILDREN_MAX = 10;
/** Versions from which on `exact` is known, and a group says what it lies in. */
const KNOWS_EXACT = 11;
const TELLS_PARENT = 23;
const SEARCHED = ['username', 'email', 'firstName', 'lastName'] as const;

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
  const page = pageOf(foundUsers(simulator, query), query, DEFAULT_MAX);
  const isBrief = query.get('briefRepresentation') === 'true';
  return json(200, sees(simulator) ? page.map((user) => userBody(user, isBrief)) : []);
}

/** Who is asked for by a field is looked for among the accounts of clients too; an empty value asks for everybody. */
function foundUsers(simulator: Simulator, query: URLSearchParams): readonly RealmUser[] {
  const asked = SEARCHED.filter((field) => query.has(field));
  if (asked.length === 0) return listedUsers(simulator.realm);
  const isExact = query.get('exact') === 'true' && simulator.version >= KNOWS_EXACT;
  return allUsers(simulator.realm).filter((user) =>
    asked.every((field) => matches(user[field], query.get(field) ?? '', isExact))
  );
}

/** By a part of a name or address, or by the whole of it; letter case does not count. */
function matches(held: string | null, wanted: string, isExact: boolean): boolean {
  if (wanted === '') return true;
  const [own, asked] = [held?.toLowerCase() ?? '', wanted.toLowerCase()];
  return isExact ? own === asked : own.includes(asked);
}

function listGroupsOfUser(simulator: Simulator, { id, query }: Call): Answer {
  if (!asksUsers(simulator)) return forbidden();
  const user = simulator.realm.users.get(id);
  if (user === undefined) return refusal(404, ABSENT_USER);
  if (!sees(simulator)) return forbidden();
  const isBrief = query.get('briefRepresentation') !== 'false';
  const page = pageOf(groupsOf(simulator.realm, user), query, Number.POSITIVE_INFINITY);
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
  return withGroup(simulator, id, (group) => json(200, countedBody(simulator, group, false)));
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
    page.map((group) => countedBody(simulator, group, isBrief))
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

/** A group in a list of groups; the groups of a user come without the number of their sub-groups. */
function countedBody(simulator: Simulator, group: RealmGroup, isBrief: boolean): unknown {
  const subGroupCount = childrenOf(simulator.realm, group.id).length;
  return { ...groupBody(simulator, group, isBrief), subGroupCount };
}

/** Sub-groups are never listed here. */
function groupBody({ realm, version }: Simulator, group: RealmGroup, isBrief: boolean): object {
  const { id, name, parentId, attributes } = group;
  return {
    ...{ id, name, path: pathOf(realm, group), subGroups: [] },
    ...(parentId !== null && version >= TELLS_PARENT && { parentId }),
    ...(!isBrief && { attributes, realmRoles: [], clientRoles: {} }),
    access: { view: true, viewMembers: true, manageMembers: false, manage: false, manageMembership: false },
  };
}
