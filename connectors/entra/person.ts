import type { SourceGroup, SourceUser } from '../../domain/model';
import { emailKey, nameKey } from '../../domain/names';
import { ProviderError } from '../errors';
import type { UserKey } from '../provider';
import { START, turn } from './place';
import type { EntraReader } from './provider';
import { groupOf, userOf } from './records';
import { groupShape, userShape } from './shapes';

/** Enough to tell one from several. */
const MOST = 2;
const NOT_FOUND = /answered 404/;

/** Users whose userPrincipalName or mail this is, letter case aside. */
export async function findEntraUsers(
  { api, calls, settings }: EntraReader,
  by: UserKey,
  value: string,
  signal: AbortSignal
): Promise<readonly SourceUser[]> {
  const text = value.trim();
  if (text === '') return [];
  const keyOf = by === 'email' ? emailKey : nameKey;
  const { rows } = await api.page(calls.usersNamed(by, text), userShape, signal);
  const meant = rows.filter((row) => {
    const held = by === 'email' ? row['mail'] : row.userPrincipalName;
    return typeof held === 'string' && keyOf(held) === keyOf(text);
  });
  return meant.flatMap((row) => userOf(row, settings) ?? []).slice(0, MOST);
}

/** Every synced group that a user is in; with nested groups flattened also those above. `unknown` when he is not there. */
export async function groupsOfEntraUser(
  { api, calls, reach }: EntraReader,
  userId: string,
  signal: AbortSignal
): Promise<readonly SourceGroup[] | 'unknown'> {
  const first = calls.groupsOf(userId);
  const groups: SourceGroup[] = [];
  try {
    for (let place = START; ;) {
      const page = await api.page(place.link === null ? first : { ...first, path: place.link }, groupShape, signal);
      // Administrative units and roles are in the list too.
      groups.push(...page.rows.filter(reach.isListed).map(groupOf));
      place = turn(place, { ...page, ids: page.rows.map(({ id }) => id), skipped: 0 }, first.step);
      if (place.link === null) return groups;
    }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === 'permission' || NOT_FOUND.test(error.message)) return 'unknown';
    throw error;
  }
}
