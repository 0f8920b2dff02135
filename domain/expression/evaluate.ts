import { Budget, LimitError } from '../budget';
import type { SourceGroup } from '../model';
import { compile } from './compile';
import type { Compiled } from './compile';
import { ExpressionError } from './error';
import { truthOf } from './logic';
import type { Scope } from './scope';
import { variablesOf } from './subject';
import type { Subject } from './subject';
import { kindWords } from './values';
import type { Value } from './values';

/** What an expression is about, and the variables it may read. */
export const VARIABLES = {
  user: ['user', 'groups', 'existing', 'link'],
  group: ['group'],
} as const;
export type About = keyof typeof VARIABLES;

/** `failed`: what went wrong, without any value of an attribute. */
export type Evaluation<T = Value> = { readonly value: T } | { readonly failed: string };

const compiled: Record<About, Map<string, Compiled>> = { user: new Map(), group: new Map() };
const COMPILED_LIMIT = 500;

/**
 * Compiles an expression; the same text gives the same object.
 * @throws ExpressionError with the place of what is wrong
 */
export function compileExpression(source: string, about: About): Compiled {
  const cache = compiled[about];
  const known = cache.get(source);
  if (known !== undefined) return known;
  const fresh = compile(source, VARIABLES[about]);
  if (cache.size >= COMPILED_LIMIT) cache.clear();
  cache.set(source, fresh);
  return fresh;
}

/**
 * `compileExpression` for a condition.
 * @throws ExpressionError also where the result cannot be true or false
 */
export function compileCondition(source: string, about: About): Compiled {
  const condition = compileExpression(source, about);
  if (!['truth', 'any', 'nothing'].includes(condition.kind)) {
    throw new ExpressionError(`must be true or false, but is ${kindWords(condition.kind)}`, { line: 1, column: 1 });
  }
  return condition;
}

/** The value of an expression about a user. Never throws for what an expression or a person holds. */
export function evaluateExpression(source: string, subject: Subject, budget = new Budget()): Evaluation {
  const variables = variablesOf(subject);
  return guarded(() => compileExpression(source, 'user').run({ user: subject.user, variables, locals: [], budget }));
}

/** Whether a condition about a user holds; null counts as false. Never throws. */
export function evaluateCondition(source: string, subject: Subject, budget = new Budget()): Evaluation<boolean> {
  const variables = variablesOf(subject);
  return holds(source, 'user', { user: subject.user, variables, locals: [], budget });
}

/** Whether a condition about a source group holds. `group` has the attributes of the group, its `id` and its `name`. */
export function evaluateGroupCondition(source: string, group: SourceGroup, budget = new Budget()): Evaluation<boolean> {
  const variables = { group: { ...group.attributes, id: group.externalId, name: group.name } };
  return holds(source, 'group', { user: null, variables, locals: [], budget });
}

function holds(source: string, about: About, scope: Scope): Evaluation<boolean> {
  return guarded(() => {
    const value = compileCondition(source, about).run(scope);
    return truthOf(value, (what) => new ExpressionError(`the result ${what}`, null));
  });
}

function guarded<T>(evaluate: () => T): Evaluation<T> {
  try {
    return { value: evaluate() };
  } catch (error) {
    if (error instanceof ExpressionError || error instanceof LimitError) return { failed: error.message };
    throw error;
  }
}
