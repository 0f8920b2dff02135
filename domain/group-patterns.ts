import { evaluateGroupCondition } from './expression/evaluate';
import { compileGlobs } from './glob';
import type { SourceGroup } from './model';
import type { GroupPattern } from './settings';

/** A source group as far as scope looks at it, under the name that the configuration gives it. */
export type NamedGroup = Pick<SourceGroup, 'externalId' | 'name'> & Partial<SourceGroup>;

/** `failed`: a condition could not be judged for this group, and no other pattern means it. */
export type Selection = 'selected' | 'other' | 'failed';

interface CompiledPatterns {
  readonly names: readonly string[];
  readonly conditions: readonly string[];
  /** Judged once a group: a run asks for every member. */
  readonly judged: WeakMap<object, Selection>;
}
const compiledLists = new WeakMap<readonly GroupPattern[], CompiledPatterns>();

/** Whether one of the patterns is the group's id, a glob over its name, or a condition that holds for it. */
export function selectionOf(patterns: readonly GroupPattern[], group: NamedGroup): Selection {
  const { names, conditions, judged } = compiled(patterns);
  if (names.includes(group.externalId) || compileGlobs(names)(group.name)) return 'selected';
  if (conditions.length === 0) return 'other';
  const known = judged.get(group);
  if (known !== undefined) return known;
  const selection = judge(conditions, { ...group, attributes: group.attributes ?? {} });
  judged.set(group, selection);
  return selection;
}

/** True when one of the patterns means the group for sure. */
export function selectsGroup(patterns: readonly GroupPattern[], group: NamedGroup): boolean {
  return selectionOf(patterns, group) === 'selected';
}

function compiled(patterns: readonly GroupPattern[]): CompiledPatterns {
  const known = compiledLists.get(patterns);
  if (known !== undefined) return known;
  const fresh = {
    names: patterns.filter((pattern) => typeof pattern === 'string'),
    conditions: patterns.flatMap((pattern) => (typeof pattern === 'string' ? [] : [pattern.expression])),
    judged: new WeakMap<object, Selection>(),
  };
  compiledLists.set(patterns, fresh);
  return fresh;
}

function judge(conditions: readonly string[], group: SourceGroup): Selection {
  const results = conditions.map((condition) => evaluateGroupCondition(condition, group));
  if (results.some((result) => 'value' in result && result.value)) return 'selected';
  return results.some((result) => 'failed' in result) ? 'failed' : 'other';
}
