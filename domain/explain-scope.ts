import type { SourceUser } from './model';
import { byText } from './records';
import { outOfScopeReason, selectsGroup } from './scope';
import type { NamedGroup } from './scope';
import type { ScopeSettings } from './settings';

/** One condition of the scope and whether it lets the person take part. */
export interface ScopeClause {
  readonly clause: keyof ScopeSettings;
  readonly patterns: readonly string[];
  readonly holds: boolean;
  /** Names of the person's source groups that it names. */
  readonly matched: readonly string[];
}

const EVERYBODY: ScopeSettings = { requiredGroups: [], excludeGroups: [], exclude: [], existingOnly: false };
const CLAUSES = ['exclude', 'excludeGroups', 'requiredGroups'] as const;

/**
 * Each condition of the scope by itself, judged as the whole scope is. Conditions that are not set are left out; the person
 * takes part when all hold. @param username the mapped one, null where the mapping gave none
 */
export function scopeClauses(
  user: SourceUser,
  groups: readonly NamedGroup[],
  username: string | null,
  scope: ScopeSettings
): readonly ScopeClause[] {
  return CLAUSES.filter((clause) => scope[clause].length > 0).map((clause) => {
    const patterns = scope[clause];
    const alone = { ...EVERYBODY, [clause]: patterns };
    const matched = clause === 'exclude' ? [] : groups.filter((group) => selectsGroup(patterns, group));
    return {
      clause,
      patterns,
      holds: outOfScopeReason(user, groups, username, alone) === null,
      matched: matched.map(({ name }) => name).sort(byText),
    };
  });
}
