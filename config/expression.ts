import { z } from 'zod';
import { EXPRESSION_LENGTH_LIMIT } from '../domain/expression/compile';
import { ExpressionError } from '../domain/expression/error';
import { compileCondition, compileExpression } from '../domain/expression/evaluate';
import type { About } from '../domain/expression/evaluate';
import { nearestName } from './nearest';

/** An expression that gives a value; docs/mapping.md has the language. */
export const expressionSchema = checkedExpression((source) => compileExpression(source, 'user'));

/** An expression that is true or false. */
export const conditionSchema = (about: About) => checkedExpression((source) => compileCondition(source, about));

/** The same, or nothing: where there is no condition. */
export const optionalConditionSchema = z.union([z.literal(''), conditionSchema('user')], {
  error: (issue) => firstMessage(issue.errors),
});

function checkedExpression(check: (source: string) => unknown) {
  return z
    .string()
    .min(1)
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

function firstMessage(errors: unknown): string | undefined {
  const all = Array.isArray(errors) ? (errors as { readonly message?: string; readonly code?: string }[][]).flat() : [];
  return all.find(({ code }) => code === 'custom')?.message;
}
