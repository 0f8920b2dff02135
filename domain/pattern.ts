import { RE2JS, RE2JSException } from 're2js';
import type { Budget } from './budget';

const SOURCE_LIMIT = 1_000;
const PROGRAM_LIMIT = 1_000;
/** Instructions tried on one character count as so many of a step. */
const INSTRUCTIONS_PER_STEP = 64;

/** A pattern or replacement that cannot be used; the text says why. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** A regular expression in the syntax of RE2: no look-around and no back-references, and therefore no backtracking. */
export interface Pattern {
  /** True when the pattern matches somewhere in the text. */
  test(text: string, budget: Budget): boolean;
  /** What the group holds at the first match (0: all of it), '' where it took no part; null where nothing matches. */
  extract(text: string, group: number, budget: Budget): string | null;
  /** The text with every match replaced; null where nothing matches. */
  replace(text: string, replacement: Replacement, budget: Budget): string | null;
  readonly groupCount: number;
}

/** Texts and numbers of groups, in the order in which they are put in. */
export type Replacement = readonly (string | number)[];

const compiled = new Map<string, Pattern>();
const COMPILED_LIMIT = 500;

/**
 * Compiles a pattern; the same source gives the same object.
 * @throws PatternError for one that is wrong or too large
 */
export function compilePattern(source: string): Pattern {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const pattern = patternOf(compileSource(source));
  if (compiled.size >= COMPILED_LIMIT) compiled.clear();
  compiled.set(source, pattern);
  return pattern;
}

/**
 * Reads a replacement: `$1` to `$9` stand for groups, `$0` for the match, `$$` for a dollar.
 * @throws PatternError for a group that the pattern does not have
 */
export function parseReplacement(text: string, { groupCount }: Pick<Pattern, 'groupCount'>): Replacement {
  const parts: (string | number)[] = [];
  for (const [piece] of text.matchAll(/\$[\d$]|[^$]+|\$/g)) {
    const group = Number(piece.slice(1));
    if (piece === '$$') parts.push('$');
    else if (!/^\$\d$/.test(piece)) parts.push(piece);
    else if (group > groupCount)
      throw new PatternError(`$${group} is no group of the pattern, which has ${groupCount}`);
    else parts.push(group);
  }
  return parts;
}

function compileSource(source: string): RE2JS {
  if (source.length > SOURCE_LIMIT) throw new PatternError(`is longer than ${SOURCE_LIMIT} characters`);
  try {
    const program = RE2JS.compile(source);
    if (program.programSize() <= PROGRAM_LIMIT) return program;
  } catch (error) {
    if (error instanceof RE2JSException) throw new PatternError(inWords(error.message), { cause: error });
    throw error;
  }
  throw new PatternError('stands for too much: fewer or smaller repetitions are needed');
}

function inWords(message: string): string {
  const what = message.replace(/^error parsing regexp: /, '');
  return /invalid or unsupported Perl syntax|invalid escape sequence: `\\\d/.test(what)
    ? `${what} (RE2 has no look-around and no back-references)`
    : what;
}

function patternOf(program: RE2JS): Pattern {
  const size = program.programSize();
  /** Each search may read to the end of the text. */
  const paid = (text: string, from: number, budget: Budget): void => {
    budget.spend(1 + Math.ceil(((text.length - from) * size) / INSTRUCTIONS_PER_STEP));
  };
  return {
    groupCount: program.groupCount(),
    test: (text, budget) => {
      paid(text, 0, budget);
      return program.matcher(text).find();
    },
    extract: (text, group, budget) => {
      paid(text, 0, budget);
      const matcher = program.matcher(text);
      return matcher.find() ? (matcher.group(group) ?? '') : null;
    },
    replace: (text, replacement, budget) => {
      const matcher = program.matcher(text);
      const parts: string[] = [];
      let length = 0;
      const add = (part: string): void => {
        length += part.length;
        budget.fit(length);
        budget.pass(part.length);
        parts.push(part);
      };
      let rest = 0;
      let found = false;
      paid(text, 0, budget);
      while (matcher.find()) {
        found = true;
        add(text.slice(rest, matcher.start()));
        for (const part of replacement) add(typeof part === 'string' ? part : (matcher.group(part) ?? ''));
        rest = matcher.end();
        paid(text, rest, budget);
      }
      if (!found) return null;
      add(text.slice(rest));
      return parts.join('');
    },
  };
}
