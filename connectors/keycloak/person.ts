import type { SourceGroup, SourceUser } from '../../domain/model';
import { emailKey, nameKey } from '../../domain/names';
import { ProviderError } from '../errors';
import type { UserKey } from '../provider';
import { refuseHidden, type KeycloakApi } from './api';
import { START } from './position';
import { groupOf, userOf } from './records';
import { nextRows } from './rows';
import type { KeycloakGroup, KeycloakUser } from './shapes';

/** With `exact` one page has them all; a server that does not know it answers everybody whose name holds the value. */
const PAGE_CANDIDATES = 100;
/** Enough to tell one from several. */
const MOST = 2;
/** Accounts of clients are no people; only lists without a condition leave them out. */
const CLIENT_PREFIX = 'service-account-';
/** More levels than a realm has; groups that are moved while the way up is read could lead in a circle. */
const MOST_PARENTS = 50;

/**
 * Users whose own username or address this is, letter case aside.
 * @throws ProviderError permission where Keycloak hides everybody: that is not the same as nobody
 */
export async function findKeycloakUsers(
  api: KeycloakApi,
  by: UserKey,
  value: string,
  signal: AbortSignal
): Promise<readonly SourceUser[]> {
  const keyOf = by === 'email' ? emailKey : nameKey;
  const text = value.trim();
  const wanted = keyOf(text);
  if (wanted === '') return [];
  const isMeant = (user: KeycloakUser): boolean =>
    keyOf(user[by] ?? '') === wanted && !nameKey(user.username).startsWith(CLIENT_PREFIX);
  const found = new Map<string, KeycloakUser>();
  for (let first = 0; ; first += PAGE_CANDIDATES) {
    const candidates = await api.usersNamed({ by, value: text }, first, PAGE_CANDIDATES, signal);
    if (first === 0 && candidates.length === 0) await refuseUnseen(api, signal);
    for (const user of candidates.filter(isMeant)) found.set(user.id, user);
    if (found.size >= MOST || candidates.length < PAGE_CANDIDATES) break;
  }
  return [...found.values()].slice(0, MOST).map(userOf);
}

/** Without the role every list of users is empty. */
async function refuseUnseen(api: KeycloakApi, signal: AbortSignal): Promise<void> {
  const anybody = await api.users(0, 1, signal);
  if (anybody.length === 0) await refuseHidden('users', api.userCount(signal));
}

/**
 * Every group of a user, as the listing of members would give them; `withParents`: the groups above too.
 * `unknown` without the permission, or where a group on the way up cannot be read.
 */
export async function groupsOfKeycloakUser(
  api: KeycloakApi,
  userId: string,
  withParents: boolean,
  signal: AbortSignal
): Promise<readonly SourceGroup[] | 'unknown'> {
  const own = await directGroups(api, userId, signal);
  if (own === 'unknown') return own;
  const groups = new Map(own.map((group) => [group.id, group]));
  if (withParents) {
    for (const group of own) {
      if (!(await addParents(api, group, groups, signal))) return 'unknown';
    }
  }
  return [...groups.values()].map(groupOf);
}

async function directGroups(
  api: KeycloakApi,
  userId: string,
  signal: AbortSignal
): Promise<readonly KeycloakGroup[] | 'unknown'> {
  const groups: KeycloakGroup[] = [];
  let position = START;
  try {
    for (;;) {
      const read = await nextRows((first, max) => api.groupsOfUser(userId, first, max, signal), position);
      groups.push(...read.rows);
      if (read.ended) return groups;
      position = read.position;
    }
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'permission') return 'unknown';
    throw error;
  }
}

/** @returns false when the way up could not be read to its end */
async function addParents(
  api: KeycloakApi,
  group: KeycloakGroup,
  groups: Map<string, KeycloakGroup>,
  signal: AbortSignal
): Promise<boolean> {
  let below = group;
  for (let steps = 0; !isTop(below); steps += 1) {
    const { parentId } = below;
    if (steps === MOST_PARENTS || typeof parentId !== 'string') return false;
    const parent = groups.get(parentId) ?? (await api.groupById(parentId, signal));
    if (typeof parent === 'string') return false;
    groups.set(parent.id, parent);
    below = parent;
  }
  return true;
}

/** By the path where the parent is not told, as before Keycloak 23; a slash of the name may be written `~/` in it. */
function isTop({ parentId, path, name }: KeycloakGroup): boolean {
  return typeof parentId !== 'string' && path.replaceAll('~/', '/') === `/${name.replaceAll('~/', '/')}`;
}
