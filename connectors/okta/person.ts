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
/** Groups whose app is asked for in one request: the address must not grow too long. */
const GROUPS_ASKED = 25;

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
  for (let from = 0; from < ids.length; from += GROUPS_ASKED) {
    const asked = ids.slice(from, from + GROUPS_ASKED);
    const { rows } = await api.groups(asked.map((id) => `id eq ${JSON.stringify(id)}`).join(' or '), null, signal);
    for (const group of rows) groups.set(group.id, group);
  }
  return groups;
}
