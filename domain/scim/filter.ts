import { invalidFilter } from './error';
import { tokensOf } from './filter-tokens';
import type { Token } from './filter-tokens';

/** A name as filters and paths write it: `urn:…:User:manager.value`. */
export interface AttributePath {
  /** URN of the schema, null where none was written. */
  readonly schema: string | null;
  readonly name: string;
  readonly sub: string | null;
}
export const COMPARISONS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Comparison = (typeof COMPARISONS)[number];
export type Literal = string | number | boolean | null;

export type Filter =
  | { readonly op: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly op: 'not'; readonly filter: Filter }
  /** One element of a list fulfils the whole inner filter, whose names are sub-attributes. */
  | { readonly op: 'some'; readonly path: AttributePath; readonly filter: Filter }
  | { readonly op: 'present'; readonly path: AttributePath }
  | { readonly op: 'compare'; readonly path: AttributePath; readonly by: Comparison; readonly value: Literal };

/** Conditions and parentheses one within the other; more is no filter of a client. */
const DEPTH = 40;
const NAME = /^[A-Za-z$][\w$-]*$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Parses a filter by the grammar of RFC 7644 3.4.2.2. Beside it: literals without quotes, and a sub-attribute behind a
 * value path (`emails[type eq "work"].value eq "x"`), which clients send.
 * @throws ScimError invalidFilter with the place
 */
export function parseFilter(text: string): Filter {
  const reader = new Reader(tokensOf(text), text.length);
  const filter = reader.either(0);
  reader.end();
  return filter;
}

/** @throws ScimError invalidFilter when it is no name */
export function parseAttributePath(written: string): AttributePath {
  const colon = written.lastIndexOf(':');
  const schema = colon < 0 ? null : written.slice(0, colon);
  const [name = '', sub = null, ...more] = written.slice(colon + 1).split('.');
  const isNamed = NAME.test(name) && (sub === null || NAME.test(sub)) && more.length === 0;
  if (!isNamed || schema === '') throw invalidFilter('An attribute name is not written as the protocol has it.');
  return { schema, name, sub };
}

class Reader {
  #next = 0;
  constructor(
    private readonly tokens: readonly Token[],
    private readonly length: number
  ) {}

  either(depth: number): Filter {
    let left = this.#both(depth);
    while (this.#takeWord('or')) left = { op: 'or', left, right: this.#both(depth) };
    return left;
  }

  end(): void {
    if (this.#next < this.tokens.length) throw this.#expected('the end, "and" or "or"');
  }

  #both(depth: number): Filter {
    let left = this.#one(depth);
    while (this.#takeWord('and')) left = { op: 'and', left, right: this.#one(depth) };
    return left;
  }

  #one(depth: number): Filter {
    if (depth > DEPTH) throw invalidFilter(`The filter is nested more than ${DEPTH} times.`);
    if (this.#take('open') !== null) return this.#closed(depth);
    if (this.#isNegation()) {
      this.#next += 2;
      return { op: 'not', filter: this.#closed(depth) };
    }
    return this.#condition(depth);
  }

  #closed(depth: number): Filter {
    const filter = this.either(depth + 1);
    if (this.#take('close') === null) throw this.#expected('")"');
    return filter;
  }

  #isNegation(): boolean {
    const [first, second] = [this.tokens[this.#next], this.tokens[this.#next + 1]];
    return first?.kind === 'word' && first.value.toLowerCase() === 'not' && second?.kind === 'open';
  }

  #condition(depth: number): Filter {
    const written = this.#take('word');
    if (written?.kind !== 'word') throw this.#expected('an attribute');
    const path = parseAttributePath(written.value);
    if (this.#take('openList') === null) return this.#compared(path);
    if (path.sub !== null) throw invalidFilter('A value path begins with an attribute, not with a sub-attribute.');
    const filter = this.either(depth + 1);
    if (this.#take('closeList') === null) throw this.#expected('"]"');
    return { op: 'some', path, filter: this.#withTail(filter) };
  }

  /** `[type eq "work"].value eq "x"`: the same element fulfils both. */
  #withTail(filter: Filter): Filter {
    const token = this.tokens[this.#next];
    if (token?.kind !== 'word' || !token.value.startsWith('.')) return filter;
    this.#next += 1;
    return { op: 'and', left: filter, right: this.#compared(parseAttributePath(token.value.slice(1))) };
  }

  #compared(path: AttributePath): Filter {
    const operator = this.#take('word');
    const word = operator?.kind === 'word' ? operator.value.toLowerCase() : '';
    if (word === 'pr') return { op: 'present', path };
    const by = COMPARISONS.find((each) => each === word);
    if (by === undefined) throw this.#expected(`one of ${COMPARISONS.join(', ')}, pr`, -1);
    const value = this.tokens[this.#next];
    if (value?.kind !== 'string' && value?.kind !== 'word') throw this.#expected('a value');
    this.#next += 1;
    return { op: 'compare', path, by, value: value.kind === 'string' ? value.value : literalOf(value.value) };
  }

  #take(kind: Token['kind']): Token | null {
    const token = this.tokens[this.#next];
    if (token?.kind !== kind) return null;
    this.#next += 1;
    return token;
  }

  #takeWord(word: string): boolean {
    const token = this.tokens[this.#next];
    if (token?.kind !== 'word' || token.value.toLowerCase() !== word) return false;
    this.#next += 1;
    return true;
  }

  #expected(what: string, offset = 0) {
    const at = this.tokens[Math.max(0, this.#next + offset)]?.at ?? this.length;
    return invalidFilter(`The filter needs ${what} at character ${at + 1}.`);
  }
}

function literalOf(word: string): Literal {
  switch (word.toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    default:
      return NUMBER.test(word) && Number.isFinite(Number(word)) ? Number(word) : word;
  }
}
