import { compileGlobs } from './glob';
import type { SourceUser } from './model';
import type { Reason } from './operation';
import { because } from './reasons';
import type { ScopeSettings } from './settings';

/** A source group as far as scope looks at it. */
export interface NamedGroup {
  readonly externalId: string;
  readonly name: string;
}

/** True when one of the patterns is the group's id or a glob over its name. */
export function selectsGroup(patterns: readonly string[], group: NamedGroup): boolean {
  return patterns.includes(group.externalId) || compileGlobs(patterns)(group.name);
}

/**
 * Why a user takes no part, or null when he does. `groups` are his source groups after flattening; `username` is the
 * mapped one, null where the mapping gave none. `scope.exclude` names external ids, or usernames (globs allowed).
 */
export function outOfScopeReason(
  user: SourceUser,
  groups: readonly NamedGroup[],
  username: string | null,
  scope: ScopeSettings
): Reason | null {
  if (scope.exclude.includes(user.externalId)) return because('excludedByName', '3.1');
  if (username !== null && compileGlobs(scope.exclude)(username)) return because('excludedByName', '3.1');
  if (groups.some((group) => selectsGroup(scope.excludeGroups, group))) return because('inExcludedGroup', '3.1');
  if (scope.requiredGroups.length === 0) return null;
  const required = groups.some((group) => selectsGroup(scope.requiredGroups, group));
  return required ? null : because('notInRequiredGroup', '3.1');
}
