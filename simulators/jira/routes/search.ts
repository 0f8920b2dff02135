import { json, type Answer } from '../http/answer';
import { flagParameter, numberParameter, parameter, refuse, say, type Call, type Endpoint } from '../http/call';
import { highlight } from '../http/html';
import type { JiraState, JiraUser } from '../model/state';
import type { Simulator } from '../simulator';
import { avatarUrls, link, searchBean } from './beans';

/** Which of these match everybody differs between versions (JRASERVER-29069); '.' does on all. */
const MATCH_ALL = new Set(['.', '%', '_', '""', "''"]);
const DEFAULT_PAGE = 50;

/** A bare array: no total, no last page (JRASERVER-71380). What lies beyond the version's cap is not there. */
function searchUsers(call: Call, simulator: Simulator): Answer {
  const query = call.query.get('username');
  if (query === null || query === '') throw refuse(call, 400, 'searchParameterRequired');
  const { searchPageCap, searchTotalCap } = simulator.version;
  const start = numberParameter(call, 'startAt', 0);
  const length = Math.min(numberParameter(call, 'maxResults', DEFAULT_PAGE), searchPageCap);
  const end = Math.min(start + length, searchTotalCap ?? Infinity);
  const wanted = {
    active: flagParameter(call, 'includeActive', true),
    inactive: flagParameter(call, 'includeInactive', false),
  };
  const users = findPage(simulator.state, query.toLowerCase(), wanted, start, end);
  return json(
    200,
    users.map((user) => searchBean(simulator, user))
  );
}

interface Wanted {
  readonly active: boolean;
  readonly inactive: boolean;
}

/**
 * Everybody in order of username is a slice of an index; only a real query walks through the users, as far as the page
 * needs.
 */
function findPage(state: JiraState, query: string, wanted: Wanted, start: number, end: number): readonly JiraUser[] {
  if (start >= end || (!wanted.active && !wanted.inactive)) return [];
  const index = wanted.inactive ? state.userNames : state.activeUserNames;
  const names = MATCH_ALL.has(query) && wanted.active ? index.slice(start, end) : undefined;
  if (names !== undefined) return names.map((name) => state.usersByName.get(name)).filter((user) => user !== undefined);
  const found: JiraUser[] = [];
  for (const name of index.slice(0, index.size())) {
    const user = state.usersByName.get(name);
    if (user === undefined || (user.active && !wanted.active) || !matches(user, query)) continue;
    found.push(user);
    if (found.length >= end) break;
  }
  return found.slice(start);
}

/** The beginning of the username, of the address or of any word of the display name. */
function matches(user: JiraUser, query: string): boolean {
  if (MATCH_ALL.has(query) || user.lowerName.startsWith(query)) return true;
  if (user.emailAddress.toLowerCase().startsWith(query)) return true;
  const displayName = user.displayName.toLowerCase();
  return displayName.startsWith(query) || displayName.includes(` ${query}`);
}

const LONGEST_LIST = 2000;

/** Everybody, inactive ones too, with a cursor: late patches of 10.3. The cursor is the last name of the page. */
function listUsers(call: Call, simulator: Simulator): Answer {
  const { userNames, usersByName } = simulator.state;
  const maxResults = Math.min(numberParameter(call, 'maxResults', LONGEST_LIST), LONGEST_LIST);
  const cursor = parameter(call, 'cursor');
  const start = cursor === undefined ? 0 : userNames.positionAfter(Buffer.from(cursor, 'base64url').toString('utf8'));
  const names = userNames.slice(start, start + maxResults);
  const last = names.at(-1);
  const isLast = last === undefined || start + names.length >= userNames.size();
  const nextCursor = isLast ? null : Buffer.from(last, 'utf8').toString('base64url');
  const page = (at: string | undefined): string =>
    link(simulator, '/user/list', { ...(at === undefined ? {} : { cursor: at }), maxResults });
  return json(200, {
    self: page(cursor),
    ...(nextCursor === null ? {} : { nextPage: page(nextCursor), nextCursor }),
    maxResults,
    isLast,
    values: names
      .map((name) => usersByName.get(name))
      .filter((user) => user !== undefined)
      .map((user) => searchBean(simulator, user)),
  });
}

/** Suggestions for people: active users only, with what matched in bold. */
function pickUsers(call: Call, simulator: Simulator): Answer {
  const query = (call.query.get('query') ?? '').trim().toLowerCase();
  const excluded = new Set(call.query.getAll('exclude').map((name) => name.toLowerCase()));
  const everybody = { active: true, inactive: false };
  const matching = (query === '' ? [] : findPage(simulator.state, query, everybody, 0, Infinity)).filter(
    (user) => !excluded.has(user.lowerName)
  );
  const { searchPageCap } = simulator.version;
  const shown = matching.slice(0, Math.min(numberParameter(call, 'maxResults', DEFAULT_PAGE), searchPageCap));
  const withAvatar = flagParameter(call, 'showAvatar', false);
  return json(200, {
    users: shown.map((user) => ({
      name: user.name,
      key: user.key,
      html: [user.displayName, user.emailAddress, `(${user.name})`].map((part) => highlight(part, query)).join(' - '),
      displayName: user.displayName,
      ...(withAvatar ? { avatarUrl: avatarUrls(simulator, user)['24x24'] } : {}),
    })),
    total: matching.length,
    header: say(call, 'userPickerHeader', shown.length, matching.length),
  });
}

export const SEARCH_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/user/search', access: 'loggedIn', handle: searchUsers },
  {
    method: 'GET',
    path: '/user/list',
    access: 'administrator',
    offered: ({ version }) => version.userList,
    handle: listUsers,
  },
  { method: 'GET', path: '/user/picker', access: 'loggedIn', handle: pickUsers },
];
