/** Decides about one record by the values of its fields. */
export type Matcher = (valueOf: (field: string) => string | null) => boolean;

export interface FilterRules {
  /** Names of fields that may be asked for, and `profile.` for every field of the profile. */
  readonly fields: readonly string[];
  /** `search` compares without regard to letter case, `filter` with it. */
  readonly ignoresCase: boolean;
}

/** The expression cannot be read, or asks for what cannot be asked. */
export class FilterError extends Error {}

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([()])|([\w.]+))/y;
const OPERATORS = ['eq', 'sw', 'co', 'gt', 'ge', 'lt', 'le'] as const;
type Operator = (typeof OPERATORS)[number];

/** Reads an expression such as `type eq "OKTA_GROUP" and (lastUpdated gt "..." or id eq "...")`. */
export function parseFilter(text: string, rules: FilterRules): Matcher {
  const tokens = tokensOf(text);
  const take = (): string => {
    const token = tokens.shift();
    if (token === undefined) throw new FilterError('the expression ends too early');
    return token;
  };
  const isNext = (word: string): boolean => tokens[0]?.toLowerCase() === word;

  function anyOf(): Matcher {
    const parts = [allOf()];
    while (isNext('or')) {
      take();
      parts.push(allOf());
    }
    return (valueOf) => parts.some((part) => part(valueOf));
  }
  function allOf(): Matcher {
    const parts = [single()];
    while (isNext('and')) {
      take();
      parts.push(single());
    }
    return (valueOf) => parts.every((part) => part(valueOf));
  }
  function single(): Matcher {
    if (!isNext('(')) return comparison(take(), take(), take(), rules);
    take();
    const inner = anyOf();
    if (take() !== ')') throw new FilterError('a parenthesis is not closed');
    return inner;
  }

  const matcher = anyOf();
  if (tokens.length > 0) throw new FilterError(`'${String(tokens[0])}' was not expected`);
  return matcher;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const found = TOKEN.exec(text);
    const token = found?.[1] ?? found?.[2] ?? found?.[3];
    if (token === undefined) throw new FilterError('the expression cannot be read');
    tokens.push(token);
  }
  return tokens;
}

function comparison(field: string, operatorText: string, literal: string, rules: FilterRules): Matcher {
  const isKnown = rules.fields.some((known) => (known.endsWith('.') ? field.startsWith(known) : field === known));
  if (!isKnown) throw new FilterError(`'${field}' cannot be asked for`);
  const operator = OPERATORS.find((known) => known === operatorText.toLowerCase());
  if (operator === undefined) throw new FilterError(`'${operatorText}' is no operator`);
  if (!literal.startsWith('"')) throw new FilterError('a value needs quotation marks');
  const fold = (value: string): string => (rules.ignoresCase ? value.toLowerCase() : value);
  const wanted = fold(JSON.parse(literal) as string);
  return (valueOf) => {
    const value = valueOf(field);
    return value !== null && compare(fold(value), operator, wanted);
  };
}

function compare(value: string, operator: Operator, wanted: string): boolean {
  switch (operator) {
    case 'eq':
      return value === wanted;
    case 'sw':
      return value.startsWith(wanted);
    case 'co':
      return value.includes(wanted);
    case 'gt':
      return value > wanted;
    case 'ge':
      return value >= wanted;
    case 'lt':
      return value < wanted;
    case 'le':
      return value <= wanted;
  }
}
