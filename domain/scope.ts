import { Budget, STEP_LIMIT } from './budget';
import { evaluateCondition } from './expression/evaluate';
import type { Subject } from './expression/subject';
import { compileGlobs } from './glob';
import { selectionOf } from './group-patterns';
import type { NamedGroup } from './group-patterns';
import type { Reason } from './operation';
import { because } from './reasons';
import type { ReasonCode } from './reasons';
import type { GroupPattern, ScopeSettings } from './settings';

export type { NamedGroup } from './group-patterns';
export { selectsGroup } from './group-patterns';

/** Whom the scope is asked about. */
export interface ScopeInput {
  readonly subject: Subject;
  /** His source groups after flattening, under the names that the configuration gives them. */
  readonly groups: readonly NamedGroup[];
  /** The mapped username, null where the mapping gave none. */
  readonly username: string | null;
  /** What everything about the person may take together. */
  readonly budget?: Budget;
}

/** One clause of the scope and what it says of a person. */
export interface ScopeClause {
  readonly clause: 'exclude' | 'excludeGroups' | 'requiredGroups' | 'where';
  /** `failed`: a condition could not be judged. */
  readonly says: 'in' | 'out' | 'failed';
  /** Null where the clause lets the person take part. */
  readonly reason: Reason | null;
  /** Names of the person's groups that the clause is about. */
  readonly matched: readonly string[];
}

type Clause = (input: ScopeInput, scope: ScopeSettings) => ScopeClause;
const CLAUSES: readonly Clause[] = [excludeClause, excludeGroupsClause, requiredGroupsClause, whereClause];

/**
 * What keeps a person from taking part: the first clause that does not say `in`; null when he takes part. A clause that
 * fails decides nothing: the person is held, neither created nor taken for somebody who left (rules 3.1).
 */
export function scopeObstacle(input: ScopeInput, scope: ScopeSettings): ScopeClause | null {
  for (const clause of CLAUSES) {
    const said = clause(input, scope);
    if (said.says !== 'in') return said;
  }
  return null;
}

/** Every clause of the scope that is set, in the order in which they are asked. */
export function scopeClauses(input: ScopeInput, scope: ScopeSettings): readonly ScopeClause[] {
  const isSet = ({ clause }: ScopeClause): boolean => (scope[clause] ?? '').length > 0;
  return CLAUSES.map((clause) => clause(input, scope)).filter(isSet);
}

/** `scope.exclude` names external ids, or usernames (globs allowed). */
function excludeClause({ subject, username }: ScopeInput, scope: ScopeSettings): ScopeClause {
  const byId = scope.exclude.includes(subject.user.externalId);
  const excluded = byId || (username !== null && compileGlobs(scope.exclude)(username));
  return excluded ? clause('exclude', 'out', 'excludedByName') : clause('exclude', 'in');
}

function excludeGroupsClause({ groups }: ScopeInput, scope: ScopeSettings): ScopeClause {
  const { matched, failed } = among(groups, scope.excludeGroups);
  if (matched.length > 0) return clause('excludeGroups', 'out', 'inExcludedGroup', matched);
  return failed ? clause('excludeGroups', 'failed', 'conditionFailed') : clause('excludeGroups', 'in');
}

function requiredGroupsClause({ groups }: ScopeInput, scope: ScopeSettings): ScopeClause {
  const { matched, failed } = among(groups, scope.requiredGroups);
  if (matched.length > 0 || scope.requiredGroups.length === 0) return clause('requiredGroups', 'in', null, matched);
  if (failed) return clause('requiredGroups', 'failed', 'conditionFailed');
  return clause('requiredGroups', 'out', 'notInRequiredGroup');
}

function whereClause({ subject, budget }: ScopeInput, { where = '' }: ScopeSettings): ScopeClause {
  if (where === '') return clause('where', 'in');
  const result = evaluateCondition(where, subject, new Budget(STEP_LIMIT, budget));
  if ('failed' in result) return clause('where', 'failed', 'conditionFailed');
  return result.value ? clause('where', 'in') : clause('where', 'out', 'conditionNotMet');
}

function clause(
  name: ScopeClause['clause'],
  says: ScopeClause['says'],
  code: ReasonCode | null = null,
  matched: readonly string[] = []
): ScopeClause {
  const params = says === 'failed' ? { condition: `scope.${name}` } : undefined;
  return { clause: name, says, reason: code === null ? null : because(code, '3.1', params), matched };
}

function among(
  groups: readonly NamedGroup[],
  patterns: readonly GroupPattern[]
): { readonly matched: readonly string[]; readonly failed: boolean } {
  if (patterns.length === 0) return { matched: [], failed: false };
  const selections = groups.map((group) => selectionOf(patterns, group));
  const matched = groups.filter((_, n) => selections[n] === 'selected').map(({ name }) => name);
  return { matched, failed: selections.includes('failed') };
}
