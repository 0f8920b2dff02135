import { z } from 'zod';
import type { CallLimiter } from '../../domain/call-limiter';
import { ProviderError } from '../errors';
import { createHttpClient, type HttpAnswer, type HttpCall, type HttpClient } from '../http';
import type { LinkedPage } from '../membershipWalk';
import { createTokenSource, type Token } from '../token';
import { createGooglePace, isRateRefusal, reasonOf } from './refusals';
import { serviceAccountIn, type GoogleSettings } from './settings';
import {
  groupShape,
  idShape,
  memberShape,
  photoShape,
  userShape,
  type GoogleGroup,
  type GoogleMember,
  type GoogleUser,
} from './shapes';
import { requestToken, SCOPES } from './token';

/** Clock, patience, chance and shared budget of the client; the defaults are those of connectors/http.ts and token.ts. */
export interface GoogleOptions {
  readonly limiter?: CallLimiter | undefined;
  readonly timeoutMs?: number;
  readonly now?: () => number;
  readonly random?: () => number;
}

/**
 * The calls of the Directory API that a sync makes, one a function. `next` is the token of a page that an earlier one named.
 * @throws ProviderError; cursorExpired when Google does not know `next` any more
 */
export interface GoogleApi {
  /** A new token, for the connection test. */
  token(signal: AbortSignal): Promise<Token>;
  users(next: string | null, signal: AbortSignal): Promise<LinkedPage<GoogleUser>>;
  /** The same list, ids alone. */
  userIds(next: string | null, signal: AbortSignal): Promise<LinkedPage<string>>;
  usersNamed(email: string, signal: AbortSignal): Promise<readonly GoogleUser[]>;
  /** `absent` only on Google's own word. */
  user(id: string, signal: AbortSignal): Promise<GoogleUser | 'absent' | 'unknown'>;
  /** Base64 as it stands in addresses, or null without one. */
  photo(userId: string, signal: AbortSignal): Promise<string | null>;
  groups(next: string | null, signal: AbortSignal): Promise<LinkedPage<GoogleGroup>>;
  group(id: string, signal: AbortSignal): Promise<GoogleGroup | 'absent' | 'unknown'>;
  /** Groups of which a user or a group is a direct member; null when there is no such member. */
  groupsWith(member: string, next: string | null, signal: AbortSignal): Promise<LinkedPage<GoogleGroup> | null>;
  /** Direct members; null when the group is gone. */
  members(group: string, next: string | null, signal: AbortSignal): Promise<LinkedPage<GoogleMember> | null>;
  close(): Promise<void>;
}

const BASE = '/admin/directory/v1';
const [USER_SCOPE, GROUP_SCOPE] = SCOPES;
const NEEDS_USERS = `the Admin SDK API enabled, ${USER_SCOPE} delegated, and an administrator who may read users`;
const NEEDS_GROUPS = `the Admin SDK API enabled, ${GROUP_SCOPE} delegated, and an administrator who may read groups`;
const CONCURRENCY = 4;
/** The largest pages. */
const USERS = '500';
const GROUPS = '200';
/** Each person with a photo is one more request: a step must not take too long. */
const USERS_WITH_PHOTOS = '50';
const BAD_REQUEST = 400;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
const UNAUTHORIZED =
  'see that the key of the service account was not deleted, and that the delegation to its client id still stands';

export function createGoogleApi(settings: GoogleSettings, options: GoogleOptions = {}): GoogleApi {
  const patience = options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs };
  const login = createHttpClient({ service: 'Google', baseUrl: new URL(settings.tokenUrl).origin, ...patience });
  const account = serviceAccountIn(settings.serviceAccountKey);
  if (account === null)
    throw new ProviderError('configuration', 'Google: the key of the service account is not usable');
  const fetchToken = (signal: AbortSignal): Promise<Token> => requestToken(login, settings, account, signal);
  const http = createHttpClient({
    service: 'Google',
    baseUrl: `${settings.baseUrl}${BASE}`,
    tokens: createTokenSource(fetchToken, options.now),
    concurrency: CONCURRENCY,
    limiter: options.limiter,
    ...createGooglePace(settings.quotaShare, options.random),
    unauthorized: UNAUTHORIZED,
    ...patience,
  });
  const calls = callsOf(settings);
  return {
    token: fetchToken,
    users: (next, signal) => page(http, calls.users, { name: 'users', row: userShape }, next, signal),
    userIds: async (next, signal) => {
      const { rows, next: after } = await page(http, calls.userIds, { name: 'users', row: idShape }, next, signal);
      return { rows: rows.map(({ id }) => id), next: after };
    },
    usersNamed: async (email, signal) =>
      (await page(http, calls.usersNamed(email), { name: 'users', row: userShape }, null, signal)).rows,
    user: (id, signal) => lookUp(http, calls.user(id), { row: userShape, id }, signal),
    photo: async (id, signal) => {
      const answer = await http.send(calls.photo(id), signal);
      return isAbsent(answer) ? null : http.bodyOf(calls.photo(id), answer, photoShape).photoData;
    },
    groups: (next, signal) => page(http, calls.groups, { name: 'groups', row: groupShape }, next, signal),
    group: (id, signal) => lookUp(http, calls.group(id), { row: groupShape, id }, signal),
    groupsWith: (member, next, signal) =>
      pageOrGone(http, calls.groupsWith(member), { name: 'groups', row: groupShape }, next, signal),
    members: (group, next, signal) =>
      pageOrGone(http, calls.members(group), { name: 'members', row: memberShape }, next, signal),
    close: async () => {
      await Promise.all([http.close(), login.close()]);
    },
  };
}

function callsOf({ customer, domain, photos }: GoogleSettings) {
  const whose: Readonly<Record<string, string>> =
    domain === null ? { customer: customer ?? 'my_customer' } : { domain };
  const users = { step: 'list the users', needs: NEEDS_USERS, path: '/users' };
  const groups = { step: 'list the groups', needs: NEEDS_GROUPS, path: '/groups' };
  const full = { ...whose, projection: 'full', maxResults: photos ? USERS_WITH_PHOTOS : USERS };
  const ofUser = (id: string): string => `/users/${encodeURIComponent(id)}`;
  const ofGroup = (id: string): string => `/groups/${encodeURIComponent(id)}`;
  return {
    users: { ...users, query: full },
    userIds: { ...users, query: { ...whose, maxResults: USERS, fields: 'nextPageToken,users(id)' } },
    usersNamed: (email: string): HttpCall => ({
      ...{ ...users, step: 'look for a user' },
      query: { ...full, query: `email='${email.replaceAll(/(['\\])/g, '\\$1')}'` },
    }),
    user: (id: string): HttpCall => ({
      ...{ step: 'look up a user', needs: NEEDS_USERS, path: ofUser(id), query: { projection: 'full' } },
    }),
    photo: (id: string): HttpCall => ({
      ...{ step: 'read the photo of a user', needs: NEEDS_USERS, path: `${ofUser(id)}/photos/thumbnail` },
    }),
    groups: { ...groups, query: { ...whose, maxResults: GROUPS } },
    group: (id: string): HttpCall => ({ step: 'look up a group', needs: NEEDS_GROUPS, path: ofGroup(id) }),
    groupsWith: (member: string): HttpCall => ({
      ...{ ...groups, step: 'list the groups of a member' },
      query: { userKey: member, maxResults: GROUPS },
    }),
    members: (group: string): HttpCall => ({
      ...{ step: 'list the members of a group', needs: NEEDS_GROUPS, path: `${ofGroup(group)}/members` },
      query: { maxResults: GROUPS, fields: 'nextPageToken,members(id,email,type)' },
    }),
  };
}

interface ListOf<T> {
  /** The key that holds the rows; it is not there when there are none. */
  readonly name: string;
  readonly row: z.ZodType<T>;
}

async function pageOrGone<T>(
  http: HttpClient,
  call: HttpCall,
  { name, row }: ListOf<T>,
  next: string | null,
  signal: AbortSignal
): Promise<LinkedPage<T> | null> {
  const sent = next === null ? call : { ...call, query: { ...call.query, pageToken: next } };
  const answer = await http.send(sent, signal);
  if (isAbsent(answer)) return null;
  if (next !== null && answer.status === BAD_REQUEST) {
    throw new ProviderError('cursorExpired', `Google: ${call.step}: the place in the list is not known any more`);
  }
  const shape = z.looseObject({ [name]: z.array(row).optional(), nextPageToken: z.string().optional() });
  const body = http.bodyOf(call, answer, shape) as { readonly nextPageToken?: string } & Readonly<
    Record<string, unknown>
  >;
  return { rows: (body[name] ?? []) as readonly T[], next: body.nextPageToken ?? null };
}

async function page<T>(
  http: HttpClient,
  call: HttpCall,
  list: ListOf<T>,
  next: string | null,
  signal: AbortSignal
): Promise<LinkedPage<T>> {
  const found = await pageOrGone(http, call, list, next, signal);
  if (found !== null) return found;
  throw new ProviderError('configuration', `Google: ${call.step}: there is no such customer or domain`);
}

/** A single record by its id. What is not certain is `unknown`: it must never cost anybody his account. */
async function lookUp<T extends { readonly id: string }>(
  http: HttpClient,
  call: HttpCall,
  { row, id }: { readonly row: z.ZodType<T>; readonly id: string },
  signal: AbortSignal
): Promise<T | 'absent' | 'unknown'> {
  const answer = await http.send(call, signal);
  if (isAbsent(answer)) return 'absent';
  const isRefused = answer.status === FORBIDDEN && !isRateRefusal(answer);
  if (isRefused || answer.status === NOT_FOUND) return 'unknown';
  const record = http.bodyOf(call, answer, row);
  // An address leads to somebody, too.
  return record.id === id ? record : 'unknown';
}

/** Google's own word; what stands in front of it answers a 404 in other forms. */
const isAbsent = (answer: HttpAnswer): boolean => answer.status === NOT_FOUND && reasonOf(answer) === 'notFound';
