import type { z } from 'zod';

const NOUN_OF_TYPE: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with keys',
  record: 'a section with keys',
};

/**
 * What is wrong, in words for an admin; never the wrong value, which may be a secret.
 * Returns undefined where the schema's own message stands.
 */
export function plainWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required';
      return `must be ${NOUN_OF_TYPE[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return sizeWords(issue.origin, 'at least', issue.minimum);
    case 'too_big':
      return sizeWords(issue.origin, 'at most', issue.maximum);
    case 'invalid_union':
      return 'has none of the forms that are known here';
    default:
      return undefined;
  }
}

function sizeWords(origin: string, bound: string, size: number | bigint): string {
  if (origin === 'string') return size === 1 ? 'must not be empty' : `must have ${bound} ${String(size)} characters`;
  if (origin === 'array') return `must have ${bound} ${String(size)} entries`;
  return `must be ${bound} ${String(size)}`;
}
