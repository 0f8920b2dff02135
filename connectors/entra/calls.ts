import type { HttpCall } from '../http';
import type { ProviderParts, UserKey } from '../provider';
import { EVENTUAL } from './api';
import { DEFAULT_KINDS, groupSelect, managerExpand, userSelect } from './records';
import type { EntraSettings } from './settings';
import { NEEDS_GROUPS } from './walk';

export const NEEDS_USERS = 'the application permission User.Read.All';

/** The requests that a provider makes; what they select depends on its settings. */
export interface EntraCalls {
  readonly users: HttpCall;
  readonly groups: HttpCall;
  /** Of a batch: users by their ids. */
  readonly usersById: (ids: readonly string[]) => string;
  readonly userById: (id: string) => string;
  readonly groupById: (id: string) => string;
  readonly usersNamed: (by: UserKey, value: string) => HttpCall;
  readonly groupsOf: (userId: string) => HttpCall;
  readonly usersDelta: (query: Readonly<Record<string, string>>) => HttpCall;
  readonly groupsDelta: (query: Readonly<Record<string, string>>) => HttpCall;
}

/** The largest page, and the largest with something expanded. */
const TOP = 999;
const TOP_EXPANDED = 100;
const FEW = 2;

export function entraCalls(settings: EntraSettings, parts: ProviderParts): EntraCalls {
  const { managers, nested } = settings;
  const select = userSelect(settings, parts);
  const user = { $select: select, ...(managers && { $expand: managerExpand }) };
  const userQuery = encoded(user);
  // Of other kinds Graph lists all, and what is not wanted is left out here.
  const isDefault = (parts.naming?.kinds ?? DEFAULT_KINDS).join() === DEFAULT_KINDS.join();
  const onlySecurity = isDefault ? { $filter: 'securityEnabled eq true' } : {};
  return {
    users: {
      step: 'list the users',
      needs: NEEDS_USERS,
      path: '/users',
      query: { ...user, $top: String(managers ? TOP_EXPANDED : TOP), $count: 'true' },
      headers: EVENTUAL,
      cost: managers ? FEW : 1,
    },
    groups: {
      step: 'list the groups',
      needs: NEEDS_GROUPS,
      path: '/groups',
      query: { $select: groupSelect, ...onlySecurity, $top: String(TOP), $count: 'true' },
      headers: EVENTUAL,
    },
    usersById: (ids) => `/users?${userQuery}&${encoded({ $filter: `id in (${ids.map(quoted).join(',')})` })}`,
    userById: (id) => `/users/${encodeURIComponent(id)}?${userQuery}`,
    groupById: (id) => `/groups/${encodeURIComponent(id)}?${encoded({ $select: groupSelect })}`,
    usersNamed: (by, value) => ({
      step: 'look for a user',
      needs: NEEDS_USERS,
      path: '/users',
      query: { ...user, $filter: `${by === 'email' ? 'mail' : 'userPrincipalName'} eq ${quoted(value)}` },
      cost: FEW,
    }),
    groupsOf: (userId) => ({
      step: 'list the groups of a user',
      needs: NEEDS_GROUPS,
      path: `/users/${encodeURIComponent(userId)}/${nested === 'flatten' ? 'transitiveMemberOf' : 'memberOf'}`,
      query: { $select: groupSelect, $top: String(TOP) },
    }),
    usersDelta: (query) => ({
      step: 'read what changed of users',
      needs: NEEDS_USERS,
      path: '/users/delta',
      query: { $select: select, ...query },
    }),
    groupsDelta: (query) => ({
      step: 'read what changed of groups',
      needs: NEEDS_GROUPS,
      path: '/groups/delta',
      query: { $select: `${groupSelect},members`, ...query },
    }),
  };
}

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** In a batch the query is part of the address; a blank as '+' is right in forms only. */
const encoded = (query: Readonly<Record<string, string>>): string =>
  new URLSearchParams(query).toString().replaceAll('+', '%20');
