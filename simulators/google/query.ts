import type { GoogleUser } from './directory';

/** The expression asks for what cannot be asked. */
export class QueryError extends Error {}

type Matcher = (user: GoogleUser) => boolean;

const CLAUSE = /^([A-Za-z.]+)\s*(=|:)\s*(?:'((?:[^'\\]|\\.)*)'|([^\s']+))\s*/;

/** Reads clauses such as `email=anna@example.com` or `orgUnitPath='/Staff'`, of which all have to hold. */
export function userQuery(text: string): Matcher {
  const matchers: Matcher[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const clause = CLAUSE.exec(rest);
    if (clause === null) throw new QueryError();
    const [whole, field = '', , quoted, bare] = clause;
    matchers.push(matcherOf(field, (quoted ?? bare ?? '').replaceAll(/\\(.)/g, '$1')));
    rest = rest.slice(whole.length);
  }
  return (user) => matchers.every((matches) => matches(user));
}

function matcherOf(field: string, value: string): Matcher {
  const wanted = value.toLowerCase();
  switch (field) {
    case 'email':
      return ({ primaryEmail, aliases }) => [primaryEmail, ...aliases].some((email) => email.toLowerCase() === wanted);
    case 'orgUnitPath':
      return ({ orgUnitPath }) => orgUnitPath === value || orgUnitPath.startsWith(`${value.replace(/\/$/, '')}/`);
    case 'isSuspended':
      return ({ suspended }) => String(suspended) === wanted;
    default:
      throw new QueryError();
  }
}
