import type { SourceGroup, SourceUser } from '../../domain/model';
import { emailKey, nameKey } from '../../domain/names';
import { ProviderError } from '../errors';
import type { UserKey } from '../provider';
import { followed, NO_TRAIL } from '../trail';
import type { OktaApi, UserCondition } from './api';
import { isWanted } from './groups';
import { groupOf, userOf } from './records';
import type { OktaSettings } from './settings';
import type { OktaGroup, OktaUser } from './shapes';

/** Enough to tell one from several. */
const MOST = 2;
/** Ids that are asked for in one request: the address must not grow too long. */
const IDS_ASKED = 40;

/**
 * Those of the users that Okta finds in a list by their ids, deprovisioned ones included; who is not among them is asked for
 * alone, since only that answer proves anything. One id is not worth a list.
 */
export async function usersByIds(
  api: OktaApi,
  ids: readonly string[],
  signal: AbortSignal
): Promise<ReadonlyMap<string, OktaUser>> {
  if (ids.length < MOST) return new Map();
  const pages = await Promise.all(chunked(ids).map((some) => api.users({ filter: anyOf(some) }, null, signal)));
  return new Map(pages.flatMap(({ rows }) => rows.map((user) => [user.id, user] as const)));
}

const anyOf = (ids: readonly string[]): string => ids.map((id) => `id eq ${JSON.stringify(id)}`).join(' or ');

const chunked = (ids: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(ids.length / IDS_ASKED) }, (_, n) => ids.slice(n * IDS_ASKED, (n + 1) * IDS_ASKED));

/**
 * Users whose own login or address this is, letter case aside. The exact condition sees the latest change; the search, which
 * lags, finds other spellings.
 */
export async function findOktaUsers(
  api: OktaApi,
  { pending }: OktaSettings,
  { by, value }: { readonly by: UserKey; readonly value: string },
  signal: AbortSignal
): Promise<readonly SourceUser[]> {
  const text = value.trim();
  const keyOf = by === 'email' ? emailKey : nameKey;
  const field = by === 'email' ? 'email' : 'login';
  if (keyOf(text) === '') return [];
  const isMeant = ({ profile }: OktaUser): boolean => {
    const own = profile[field];
    return typeof own === 'string' && keyOf(own) === keyOf(text);
  };
  const expression = `profile.${field} eq ${JSON.stringify(text)}`;
  const found = new Map<string, OktaUser>();
  for (const condition of [{ filter: expression }, { search: expression }] satisfies readonly UserCondition[]) {
    // A page has 200: more than two of one name need no next one.
    const { rows } = await api.users(condition, null, signal);
    for (const user of rows.filter(isMeant)) found.set(user.id, found.get(user.id) ?? user);
    if (found.size >= MOST) break;
  }
  return [...found.values()].slice(0, MOST).map((user) => userOf(user, pending));
}

/**
 * Every group of a user that takes part, as the listing of groups gives them; `unknown` without the permission, for a user
 * that is gone, or where a group cannot be read.
 */
export async function groupsOfOktaUser(
  api: OktaApi,
  settings: OktaSettings,
  userId: string,
  signal: AbortSignal
): Promise<readonly SourceGroup[] | 'unknown'> {
  try {
    const own = await ownGroups(api, userId, signal);
    if (own === null) return 'unknown';
    const ofType = own.filter(({ type }) => settings.groupTypes.some((wanted) => wanted === type));
    const fromApps = ofType.filter(({ type }) => type === 'APP_GROUP').map(({ id }) => id);
    const expanded = await withApps(api, fromApps, signal);
    if (fromApps.some((id) => !expanded.has(id))) return 'unknown';
    const groups = ofType.map((group) => expanded.get(group.id) ?? group);
    return groups.filter((group) => isWanted(group, settings)).map(groupOf);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'permission') return 'unknown';
    throw error;
  }
}

/** Null when the user is gone. Okta gives all at once; a next page is followed where there is one. */
async function ownGroups(api: OktaApi, userId: string, signal: AbortSignal): Promise<readonly OktaGroup[] | null> {
  const groups: OktaGroup[] = [];
  let next: string | null = null;
  let trail = NO_TRAIL;
  do {
    const page = await api.groupsOfUser(userId, next, signal);
    if (page === null) return null;
    groups.push(...page.rows);
    next = page.next;
    if (next !== null) trail = followed(trail, next, 'Okta: list the groups of a user');
  } while (next !== null);
  return groups;
}

/** The groups by id, with the app that each comes from: the list of a user's groups does not tell. */
async function withApps(
  api: OktaApi,
  ids: readonly string[],
  signal: AbortSignal
): Promise<ReadonlyMap<string, OktaGroup>> {
  const groups = new Map<string, OktaGroup>();
  for (const some of chunked(ids)) {
    const { rows } = await api.groups(anyOf(some), null, signal);
    for (const group of rows) groups.set(group.id, group);
  }
  return groups;
}
