import type { SourceGroup, SourceUser } from '../../domain/model';
import { emailKey } from '../../domain/names';
import { ProviderError } from '../errors';
import { followed, NO_TRAIL } from '../trail';
import type { GoogleApi } from './api';
import { groupOf, userOf } from './records';
import type { GoogleSettings } from './settings';
import type { GoogleGroup } from './shapes';

/** More groups above one user than a domain has levels and lists. */
const MOST_GROUPS = 2_000;

/** Users whose own address this is, letter case aside; an alias is none. Name and address are one at Google. */
export async function findGoogleUsers(
  api: GoogleApi,
  value: string,
  signal: AbortSignal
): Promise<readonly SourceUser[]> {
  const text = value.trim();
  if (!/^[^\s@]+@[^\s@]+$/.test(text)) return [];
  const found = await api.usersNamed(text, signal);
  return found
    .filter(({ primaryEmail }) => emailKey(primaryEmail) === emailKey(text))
    .slice(0, 2)
    .map((user) => userOf(user));
}

/**
 * Every group of a user as the listings give them, those above included where nested groups are flattened; `unknown`
 * without the permission, for a user that is gone, or where a group above cannot be read.
 */
export async function groupsOfGoogleUser(
  api: GoogleApi,
  { nested }: GoogleSettings,
  userId: string,
  signal: AbortSignal
): Promise<readonly SourceGroup[] | 'unknown'> {
  try {
    const groups = new Map<string, GoogleGroup>();
    const waiting = [userId];
    for (let member = waiting.shift(); member !== undefined; member = waiting.shift()) {
      const direct = await groupsWith(api, member, signal);
      if (direct === null || groups.size > MOST_GROUPS) return 'unknown';
      for (const group of direct.filter(({ id }) => !groups.has(id))) {
        groups.set(group.id, group);
        if (nested === 'flatten') waiting.push(group.email);
      }
    }
    return [...groups.values()].map(groupOf);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'permission') return 'unknown';
    throw error;
  }
}

async function groupsWith(api: GoogleApi, member: string, signal: AbortSignal): Promise<readonly GoogleGroup[] | null> {
  const groups: GoogleGroup[] = [];
  let next: string | null = null;
  let trail = NO_TRAIL;
  do {
    const page = await api.groupsWith(member, next, signal);
    if (page === null) return null;
    groups.push(...page.rows);
    next = page.next;
    if (next !== null) trail = followed(trail, next, 'Google: list the groups of a member');
  } while (next !== null);
  return groups;
}
