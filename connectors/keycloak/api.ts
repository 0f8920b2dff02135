import { z } from 'zod';
import { ProviderError } from '../errors';
import { createHttpClient, type HttpAnswer, type HttpCall, type HttpClient } from '../http';
import type { UserKey } from '../provider';
import { createTokenSource, type Token } from '../token';
import type { KeycloakSettings } from './settings';
import {
  errorShape,
  groupCountShape,
  groupShape,
  memberShape,
  realmShape,
  tokenShape,
  userCountShape,
  userShape,
  type KeycloakGroup,
  type KeycloakMember,
  type KeycloakUser,
} from './shapes';

/** Clock and patience of the client, for tests; the defaults are those of connectors/http.ts and connectors/token.ts. */
export interface KeycloakOptions {
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

/**
 * The calls of the Admin REST API that a sync makes, one a function.
 * @throws ProviderError
 */
/** Whom to look for. Keycloak takes an empty value for no condition at all. */
export interface Named {
  readonly by: UserKey;
  readonly value: string;
}

export interface KeycloakApi {
  realm(signal: AbortSignal): Promise<string>;
  /** A new token, for the connection test. */
  token(signal: AbortSignal): Promise<Token>;
  users(first: number, max: number, signal: AbortSignal): Promise<readonly KeycloakUser[]>;
  userCount(signal: AbortSignal): Promise<number>;
  /** `absent` only on Keycloak's own word. */
  user(id: string, signal: AbortSignal): Promise<KeycloakUser | 'absent' | 'unknown'>;
  /** Users by their whole username or e-mail address; a server that does not know `exact` answers more. */
  usersNamed(named: Named, first: number, max: number, signal: AbortSignal): Promise<readonly KeycloakUser[]>;
  /** Direct groups of a user; null when the user is gone. @throws ProviderError permission */
  groupsOfUser(id: string, first: number, max: number, signal: AbortSignal): Promise<readonly KeycloakGroup[] | null>;
  /** The whole representation of a group, or what is known of its absence. */
  groupById(id: string, signal: AbortSignal): Promise<KeycloakGroup | 'absent' | 'unknown'>;
  /** Top-level groups, or the children of one; null when the parent is gone. */
  groups(
    parent: string | null,
    first: number,
    max: number,
    signal: AbortSignal
  ): Promise<readonly KeycloakGroup[] | null>;
  groupCount(signal: AbortSignal): Promise<number>;
  group(id: string, signal: AbortSignal): Promise<'present' | 'absent' | 'unknown'>;
  /** Direct members; null when the group is gone. */
  members(groupId: string, first: number, max: number, signal: AbortSignal): Promise<readonly KeycloakMember[] | null>;
  close(): Promise<void>;
}

/** For users, groups and members alike: it includes query-users and query-groups, which alone give empty lists. */
export const NEEDED_ROLE = 'the role view-users of the client realm-management';
const USER_ABSENT = /^user not found/i;
const GROUP_ABSENT = /^could not find group/i;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
const BAD_REQUEST = 400;

/** The client of one realm. */
export function createKeycloakApi(settings: KeycloakSettings, options: KeycloakOptions = {}): KeycloakApi {
  const fetchToken = (signal: AbortSignal): Promise<Token> => requestToken(http, settings, signal);
  const http: HttpClient = createHttpClient({
    service: 'Keycloak',
    baseUrl: settings.baseUrl,
    tokens: createTokenSource(fetchToken, options.now),
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
  });
  const admin = `/admin/realms/${encodeURIComponent(settings.realm)}`;
  const realm: HttpCall = {
    step: `find the realm ${settings.realm}`,
    path: `/realms/${encodeURIComponent(settings.realm)}`,
    open: true,
  };
  const userCount: HttpCall = { step: 'count the users', needs: NEEDED_ROLE, path: `${admin}/users/count` };
  const groupCount: HttpCall = { step: 'count the groups', needs: NEEDED_ROLE, path: `${admin}/groups/count` };

  return {
    realm: async (signal) => (await http.read(realm, realmShape, signal)).realm,
    token: fetchToken,
    users: (first, max, signal) => http.read(usersCall(admin, first, max), z.array(userShape), signal),
    userCount: (signal) => http.read(userCount, userCountShape, signal),
    user: (id, signal) => lookUp(http, userCall(admin, id), { shape: userShape, id, absent: USER_ABSENT }, signal),
    usersNamed: (named, first, max, signal) =>
      http.read(usersNamedCall(admin, named, first, max), z.array(userShape), signal),
    groupsOfUser: (id, first, max, signal) =>
      readUnlessGone(http, groupsOfUserCall(admin, id, first, max), { shape: groupShape, absent: USER_ABSENT }, signal),
    groupById: (id, signal) =>
      lookUp(http, groupCall(admin, id), { shape: groupShape, id, absent: GROUP_ABSENT }, signal),
    groups: (parent, first, max, signal) =>
      readUnlessGone(http, groupsCall(admin, parent, first, max), { shape: groupShape, absent: GROUP_ABSENT }, signal),
    groupCount: async (signal) => (await http.read(groupCount, groupCountShape, signal)).count,
    group: async (id, signal) => {
      const group = await lookUp(http, groupCall(admin, id), { shape: groupShape, id, absent: GROUP_ABSENT }, signal);
      return typeof group === 'string' ? group : 'present';
    },
    members: (group, first, max, signal) =>
      readUnlessGone(http, membersCall(admin, group, first, max), { shape: memberShape, absent: GROUP_ABSENT }, signal),
    close: () => http.close(),
  };
}

/**
 * Without the role Keycloak shows an empty list and still counts: that is a refusal, not an empty realm.
 * @throws ProviderError permission when there is something
 */
export async function refuseHidden(kind: 'users' | 'groups', counted: Promise<number>): Promise<void> {
  const count = await counted;
  if (count === 0) return;
  throw new ProviderError('permission', `Keycloak: it counts ${count} ${kind} and shows none; it needs ${NEEDED_ROLE}`);
}

/** Client credentials, sent in the body: how a secret is written in the header differs between versions. */
async function requestToken(http: HttpClient, settings: KeycloakSettings, signal: AbortSignal): Promise<Token> {
  const call: HttpCall = {
    step: 'log in as the client',
    path: `/realms/${encodeURIComponent(settings.realm)}/protocol/openid-connect/token`,
    form: {
      grant_type: 'client_credentials',
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
    },
    open: true,
  };
  const answer = await http.send(call, signal);
  try {
    const { access_token, expires_in } = http.bodyOf(call, answer, tokenShape);
    return { value: access_token, lifetimeMs: expires_in * 1_000 };
  } catch (error) {
    // invalid_client and unauthorized_client come as 400 or 401.
    const isRefused = answer.status === BAD_REQUEST && errorShape.safeParse(answer.json).success;
    if (isRefused && error instanceof ProviderError) throw new ProviderError('authentication', error.message);
    throw error;
  }
}

const page = (first: number, max: number) => ({ first: String(first), max: String(max) });

const usersCall = (admin: string, first: number, max: number): HttpCall => ({
  step: 'list the users',
  needs: NEEDED_ROLE,
  path: `${admin}/users`,
  query: { ...page(first, max), briefRepresentation: 'false' },
});

const usersNamedCall = (admin: string, { by, value }: Named, first: number, max: number): HttpCall => ({
  step: 'look for a user',
  needs: NEEDED_ROLE,
  path: `${admin}/users`,
  query: { [by]: value, exact: 'true', ...page(first, max), briefRepresentation: 'false' },
});

const groupsOfUserCall = (admin: string, id: string, first: number, max: number): HttpCall => ({
  step: 'list the groups of a user',
  needs: NEEDED_ROLE,
  path: `${admin}/users/${encodeURIComponent(id)}/groups`,
  query: { ...page(first, max), briefRepresentation: 'false' },
});

const userCall = (admin: string, id: string): HttpCall => ({
  step: 'look up a user',
  needs: NEEDED_ROLE,
  path: `${admin}/users/${encodeURIComponent(id)}`,
});

const groupsCall = (admin: string, parent: string | null, first: number, max: number): HttpCall => ({
  step: parent === null ? 'list the groups' : 'list sub-groups',
  needs: NEEDED_ROLE,
  path: parent === null ? `${admin}/groups` : `${admin}/groups/${encodeURIComponent(parent)}/children`,
  query: { ...page(first, max), briefRepresentation: 'false' },
});

const groupCall = (admin: string, id: string): HttpCall => ({
  step: 'look up a group',
  needs: NEEDED_ROLE,
  path: `${admin}/groups/${encodeURIComponent(id)}`,
});

const membersCall = (admin: string, group: string, first: number, max: number): HttpCall => ({
  step: 'list the members of a group',
  needs: NEEDED_ROLE,
  path: `${admin}/groups/${encodeURIComponent(group)}/members`,
  query: { ...page(first, max), briefRepresentation: 'true' },
});

interface Wanted<T> {
  readonly shape: z.ZodType<T>;
  readonly id: string;
  readonly absent: RegExp;
}

/** A single record by its id. What is not certain is `unknown`: it must never cost anybody his account. */
async function lookUp<T extends { readonly id: string }>(
  http: HttpClient,
  call: HttpCall,
  { shape, id, absent }: Wanted<T>,
  signal: AbortSignal
): Promise<T | 'absent' | 'unknown'> {
  const answer = await http.send(call, signal);
  if (answer.status === FORBIDDEN) return 'unknown';
  if (answer.status === NOT_FOUND) return saysAbsent(answer, absent) ? 'absent' : 'unknown';
  const record = http.bodyOf(call, answer, shape);
  return record.id === id ? record : 'unknown';
}

async function readUnlessGone<T>(
  http: HttpClient,
  call: HttpCall,
  { shape, absent }: Pick<Wanted<T>, 'shape' | 'absent'>,
  signal: AbortSignal
): Promise<readonly T[] | null> {
  const answer = await http.send(call, signal);
  if (answer.status === NOT_FOUND && saysAbsent(answer, absent)) return null;
  return http.bodyOf(call, answer, z.array(shape));
}

function saysAbsent(answer: HttpAnswer, pattern: RegExp): boolean {
  const said = errorShape.safeParse(answer.json);
  return said.success && pattern.test(said.data.error);
}
