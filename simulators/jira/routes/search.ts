import { json, type Answer } from '../http/answer';
import { flagParameter, numberParameter, refuse, type Call, type Endpoint } from '../http/call';
import type { JiraState, JiraUser } from '../model/state';
import type { Simulator } from '../simulator';
import { searchBean } from './beans';

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

export const SEARCH_ENDPOINT: Endpoint = {
  method: 'GET',
  path: '/user/search',
  access: 'loggedIn',
  handle: searchUsers,
};
