import { z } from 'zod';
import { EXPRESSION_LENGTH_LIMIT } from '../domain/expression/compile';
import { ExpressionError } from '../domain/expression/error';
import { compileCondition, compileExpression } from '../domain/expression/evaluate';
import type { About } from '../domain/expression/evaluate';
import { nearestName } from './nearest';
import { textSchema } from './scalars';
import { strict } from './section';

/** An expression that gives a value; docs/mapping.md has the language. */
export const expressionSchema = checkedExpression((source) => compileExpression(source, 'user'));

/** An expression that is true or false. */
export const conditionSchema = (about: About) => checkedExpression((source) => compileCondition(source, about));

/** A condition about a user, or '' where there is none. */
export const optionalConditionSchema = checkedExpression((source) =>
  source === '' ? null : compileCondition(source, 'user')
);

/** Which source groups are meant: a glob over names, an id, or a condition about `group`. */
export const groupPatternSchema = z.union([textSchema, strict({ expression: conditionSchema('group') })], {
  error: 'must be a glob over names, an id, or { expression: ... }',
});

function checkedExpression(check: (source: string) => unknown) {
  return z
    .string()
    .max(EXPRESSION_LENGTH_LIMIT)
    .superRefine((source, context) => {
      try {
        check(source);
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        context.addIssue({ code: 'custom', message: withHint(error) });
      }
    });
}

function withHint({ message, unknown }: ExpressionError): string {
  if (unknown === null) return message;
  const near = nearestName(unknown.name, unknown.known);
  return near === null ? `${message}; known: ${unknown.known.join(', ')}` : `${message}; did you mean "${near}"?`;
}
