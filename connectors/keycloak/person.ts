import type { SourceGroup, SourceUser } from '../../domain/model';
import { emailKey, nameKey } from '../../domain/names';
import { ProviderError } from '../errors';
import type { UserKey } from '../provider';
import type { KeycloakApi } from './api';
import { START } from './position';
import { groupOf, userOf } from './records';
import { nextRows } from './rows';
import type { KeycloakGroup } from './shapes';

/** A server that ignores `exact` answers everybody whose name holds the value: more than this is taken for several. */
const CANDIDATES = 20;
const MOST = 2;
/** Keycloak itself allows no deeper tree by default; a circle would never end. */
const MOST_PARENTS = 50;

/** Users whose own username or address this is, letter case aside. */
export async function findKeycloakUsers(
  api: KeycloakApi,
  by: UserKey,
  value: string,
  signal: AbortSignal
): Promise<readonly SourceUser[]> {
  const keyOf = by === 'email' ? emailKey : nameKey;
  const wanted = keyOf(value);
  const candidates = await api.usersNamed(by, value, CANDIDATES, signal);
  const found = candidates.filter((user) => keyOf(user[by] ?? '') === wanted);
  return found.slice(0, MOST).map(userOf);
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
  let { parentId } = group;
  for (let steps = 0; typeof parentId === 'string'; steps += 1) {
    if (steps === MOST_PARENTS) return false;
    const known = groups.get(parentId);
    const parent = known ?? (await api.groupById(parentId, signal));
    if (typeof parent === 'string') return false;
    groups.set(parent.id, parent);
    parentId = parent.parentId;
  }
  return true;
}
