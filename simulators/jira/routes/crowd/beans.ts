import { createHash } from 'node:crypto';
import { API_ROOTS, numberParameter, type Call, type JsonObject } from '../../http/call';
import type { JiraGroup, JiraUser } from '../../model/state';
import type { Simulator } from '../../simulator';

const DEFAULT_PAGE = 1000;

function link(simulator: Simulator, path: string): JsonObject {
  return { href: `${simulator.baseUrl()}${API_ROOTS.crowd[0]}${path}`, rel: 'self' };
}

/** Directory and external id: not the key that the rest of Jira knows. */
export function crowdKey(user: JiraUser): string {
  const hash = createHash('sha256').update(user.key).digest('hex');
  const parts = [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)];
  return `${user.directoryId}:${parts.join('-')}`;
}

/** Everything before the last blank is the first name. A single word is a last name only. */
export function splitName(displayName: string): { readonly first: string; readonly last: string } {
  const at = displayName.lastIndexOf(' ');
  return { first: displayName.slice(0, Math.max(at, 0)), last: displayName.slice(at + 1) };
}

export function crowdUser(simulator: Simulator, user: JiraUser, withAttributes: boolean): JsonObject {
  const query = `?username=${encodeURIComponent(user.name)}`;
  const { first, last } = splitName(user.displayName);
  return {
    expand: 'attributes',
    link: link(simulator, `/user${query}`),
    name: user.name,
    'first-name': first,
    'last-name': last,
    'display-name': user.displayName,
    email: user.emailAddress,
    active: user.active,
    key: crowdKey(user),
    password: { link: link(simulator, `/user/password${query}`) },
    attributes: { attributes: withAttributes ? attributesOf(user) : [] },
  };
}

export function attributesOf(user: JiraUser): readonly JsonObject[] {
  return [...user.attributes].map(([name, values]) => ({ name, values }));
}

export function crowdGroup(simulator: Simulator, group: JiraGroup): JsonObject {
  return {
    expand: 'attributes',
    link: link(simulator, `/group?groupname=${encodeURIComponent(group.name)}`),
    name: group.name,
    description: group.description,
    type: 'GROUP',
    active: true,
  };
}

/** The part of a list that `start-index` and `max-results` ask for. */
export function pageOf<T>(call: Call, all: readonly T[]): readonly T[] {
  const start = numberParameter(call, 'start-index', 0);
  return all.slice(start, start + numberParameter(call, 'max-results', DEFAULT_PAGE));
}

/** Users or groups: their names, or all of them with `expand`. */
export function userList(call: Call, simulator: Simulator, users: readonly JiraUser[]): JsonObject {
  const whole = call.query.get('expand')?.split(',').includes('user') === true;
  return {
    expand: 'user',
    users: pageOf(call, users).map((user) => (whole ? crowdUser(simulator, user, false) : { name: user.name })),
  };
}

export function groupList(call: Call, simulator: Simulator, groups: readonly JiraGroup[]): JsonObject {
  const whole = call.query.get('expand')?.split(',').includes('group') === true;
  return {
    expand: 'group',
    groups: pageOf(call, groups).map((group) => (whole ? crowdGroup(simulator, group) : { name: group.name })),
  };
}
