import type { z } from 'zod';
import type { HttpCall } from '../http';
import { lookUp, pageOf, pageOrGone, type OktaList, type OktaPage } from './calls';
import { createOktaClients, type OktaClients, type OktaOptions } from './clients';
import type { OktaSettings } from './settings';
import { groupShape, organizationShape, userShape, type OktaGroup, type OktaUser } from './shapes';

/** Which users: null leaves out those that are deprovisioned, a condition does not; `search` asks an index that lags. */
export type UserCondition = { readonly filter: string } | { readonly search: string } | null;

/**
 * The calls of the management API that a sync makes, beside log-in and roles. `next` is the query of a page that an earlier
 * page named.
 * @throws ProviderError; cursorExpired when Okta does not know `next` any more
 */
export interface OktaApi extends Omit<OktaClients, 'http'> {
  /** Epoch milliseconds by Okta's own clock. Needs no credential. */
  clock(signal: AbortSignal): Promise<number>;
  /** The id of the org. Needs no credential. */
  organization(signal: AbortSignal): Promise<string>;
  users(condition: UserCondition, next: string | null, signal: AbortSignal): Promise<OktaPage<OktaUser>>;
  /** `absent` only on Okta's own word. */
  user(id: string, signal: AbortSignal): Promise<OktaUser | 'absent' | 'unknown'>;
  /** Groups with the number of their members and the app that they come from. */
  groups(filter: string, next: string | null, signal: AbortSignal): Promise<OktaPage<OktaGroup>>;
  group(id: string, signal: AbortSignal): Promise<'present' | 'absent' | 'unknown'>;
  /** Users of a group as `row` reads them; null when the group is gone. */
  members<T>(group: string, row: z.ZodType<T>, next: string | null, signal: AbortSignal): Promise<OktaPage<T> | null>;
  /** Groups of a user, without what `groups` adds; null when the user is gone. */
  groupsOfUser(id: string, next: string | null, signal: AbortSignal): Promise<OktaPage<OktaGroup> | null>;
}

/** Rows of one page of users, members and groups: what Okta advises. */
const PAGE_ROWS = '200';
const NEEDS_USERS = 'the scope okta.users.read and an admin role that sees users, such as Read-Only Administrator';
const NEEDS_GROUPS = 'the scope okta.groups.read and an admin role that sees groups, such as Read-Only Administrator';
/** Leaves out what nobody reads; Okta answers large lists faster without it. */
const BRIEF = {
  'content-type': 'application/json; okta-response="omitCredentials,omitCredentialsLinks,omitTransitioningToStatus"',
} as const;

const ORGANIZATION: HttpCall = { step: 'find the org', path: '/.well-known/okta-organization', open: true };

export function createOktaApi(settings: OktaSettings, options: OktaOptions = {}): OktaApi {
  const { http, ...clients } = createOktaClients(settings, options);
  return {
    ...clients,
    clock: async (signal) => {
      const { headers } = await http.send(ORGANIZATION, signal);
      const told = Date.parse(headers['date'] ?? '');
      return Number.isNaN(told) ? Date.now() : told;
    },
    organization: async (signal) => (await http.read(ORGANIZATION, organizationShape, signal)).id,
    users: (condition, next, signal) => pageOf(http, usersList(condition), next, signal),
    user: (id, signal) => lookUp(http, userCall(id), { shape: userShape, id }, signal),
    groups: (filter, next, signal) => pageOf(http, groupsList(filter), next, signal),
    group: async (id, signal) => {
      const group = await lookUp(http, groupCall(id), { shape: groupShape, id }, signal);
      return typeof group === 'string' ? group : 'present';
    },
    members: (group, row, next, signal) => pageOrGone(http, membersList(group, row), next, signal),
    groupsOfUser: (id, next, signal) => pageOrGone(http, groupsOfUserList(id), next, signal),
  };
}

const usersList = (condition: UserCondition): OktaList<OktaUser> => ({
  call: { step: 'list the users', needs: NEEDS_USERS, path: '/api/v1/users', headers: BRIEF },
  query: { ...condition, limit: PAGE_ROWS },
  row: userShape,
});

const userCall = (id: string): HttpCall => ({
  step: 'look up a user',
  needs: NEEDS_USERS,
  path: `/api/v1/users/${encodeURIComponent(id)}`,
});

const groupsList = (filter: string): OktaList<OktaGroup> => ({
  call: { step: 'list the groups', needs: NEEDS_GROUPS, path: '/api/v1/groups' },
  query: { filter, expand: 'stats,app', limit: PAGE_ROWS },
  row: groupShape,
});

const groupCall = (id: string): HttpCall => ({
  step: 'look up a group',
  needs: NEEDS_GROUPS,
  path: `/api/v1/groups/${encodeURIComponent(id)}`,
});

const membersList = <T>(group: string, row: z.ZodType<T>): OktaList<T> => ({
  call: {
    step: 'list the members of a group',
    needs: NEEDS_GROUPS,
    path: `/api/v1/groups/${encodeURIComponent(group)}/users`,
    headers: BRIEF,
  },
  query: { limit: PAGE_ROWS },
  row,
});

const groupsOfUserList = (id: string): OktaList<OktaGroup> => ({
  call: {
    step: 'list the groups of a user',
    needs: NEEDS_USERS,
    path: `/api/v1/users/${encodeURIComponent(id)}/groups`,
  },
  query: {},
  row: groupShape,
});
