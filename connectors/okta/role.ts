import type { OktaRole } from './shapes';

/** Standard roles that see every user and every group of the org. */
const SEES_ALL: ReadonlySet<string> = new Set(['SUPER_ADMIN', 'ORG_ADMIN', 'READ_ONLY_ADMIN']);

/** What the admin roles of a credential let it see: all, perhaps a part only, or nobody knows. */
export type Sight = 'all' | 'limited' | 'unknown';

/**
 * By the roles, and by whether the group Everyone is seen: Okta shows it to every role but those of group administrators.
 * @param roles null where they may not be read
 */
export function sightOf(roles: readonly OktaRole[] | null, seesEveryone: boolean): Sight {
  if (roles?.some(({ type }) => SEES_ALL.has(type))) return 'all';
  if (!seesEveryone || (roles !== null && roles.length > 0)) return 'limited';
  return 'unknown';
}

/** The roles as a person knows them. */
export function namesOf(roles: readonly OktaRole[]): string {
  const names = roles.map(({ type, label }) => label ?? type);
  return names.length === 0 ? 'no admin role' : names.join(', ');
}
