import type { SchemaIssue } from './section';

/** A tree of plain values in which `${NAME}` is replaced, and what could not be. */
export interface Substitution {
  readonly value: unknown;
  readonly issues: readonly SchemaIssue[];
  /** Every text put in, with the name of its variable: never to be shown. */
  readonly inserted: ReadonlyMap<string, string>;
}

const MARKS = /\$\$|\$\{([^}]*)(\}?)/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const OWN_PREFIX = 'ROLLCALL_';

/**
 * Replaces `${NAME}` in every text of `tree` by the environment variable NAME, and `$$` by `$`.
 * A replacement is text, never structure; keys are left alone; names ROLLCALL_* are refused (the secrets of the
 * process itself must not reach a provider).
 */
export function substituteVariables(tree: unknown, env: Readonly<Record<string, string | undefined>>): Substitution {
  const issues: SchemaIssue[] = [];
  const inserted = new Map<string, string>();

  function replaceMark(mark: string, name: string | undefined, end: string | undefined, path: PropertyKey[]): string {
    if (mark === '$$') return '$';
    const problem = markProblem(name ?? '', end ?? '', env);
    const value = env[name ?? ''] ?? '';
    if (problem !== null) issues.push({ path, message: problem });
    else if (value !== '') inserted.set(value, name ?? '');
    return value;
  }

  function walk(value: unknown, path: PropertyKey[]): unknown {
    if (typeof value === 'string') {
      return value.replace(MARKS, (mark: string, name?: string, end?: string) => replaceMark(mark, name, end, path));
    }
    if (Array.isArray(value)) return value.map((item, n) => walk(item, [...path, n]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
  }

  return { value: walk(tree, []), issues, inserted };
}

function markProblem(name: string, end: string, env: Readonly<Record<string, string | undefined>>): string | null {
  if (end === '' || !NAME.test(name)) return 'has ${ without a variable name and }; write $$ for a plain $';
  if (name.startsWith(OWN_PREFIX))
    return `must not use \${${name}}: variables ${OWN_PREFIX}* belong to Rollcall itself`;
  if (env[name] === undefined) return `the environment variable ${name} is not set`;
  return null;
}

/** Replaces inserted values in a message by the name of their variable. */
export function redactInserted(message: string, inserted: ReadonlyMap<string, string>): string {
  return [...inserted].reduce((text, [value, name]) => text.replaceAll(value, `\${${name}}`), message);
}
