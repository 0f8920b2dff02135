import { invalidFilter } from './error';

export type Token =
  | { readonly kind: 'open' | 'close' | 'openList' | 'closeList'; readonly at: number }
  | { readonly kind: 'string'; readonly at: number; readonly value: string }
  /** A word: name, operator, number, true, false, null, or a literal that a client did not quote. */
  | { readonly kind: 'word'; readonly at: number; readonly value: string };

/** Longer than any filter that a client sends. */
const FILTER_CHARACTERS = 8_192;

const SIGNS = { '(': 'open', ')': 'close', '[': 'openList', ']': 'closeList' } as const;
const BLANK = /\s/;
const WORD_END = /[\s()[\]"]/;

const isSign = (character: string): character is keyof typeof SIGNS => Object.hasOwn(SIGNS, character);

/** Splits a filter into tokens. @throws ScimError invalidFilter */
export function tokensOf(filter: string): readonly Token[] {
  if (filter.length > FILTER_CHARACTERS)
    throw invalidFilter(`The filter has more than ${FILTER_CHARACTERS} characters.`);
  const tokens: Token[] = [];
  let at = 0;
  while (at < filter.length) {
    const character = filter.charAt(at);
    if (BLANK.test(character)) {
      at += 1;
    } else if (isSign(character)) {
      tokens.push({ kind: SIGNS[character], at });
      at += 1;
    } else {
      const end = character === '"' ? endOfString(filter, at) : endOfWord(filter, at);
      const written = filter.slice(at, end);
      tokens.push(
        character === '"' ? { kind: 'string', at, value: stringOf(written, at) } : { kind: 'word', at, value: written }
      );
      at = end;
    }
  }
  return tokens;
}

function endOfWord(filter: string, from: number): number {
  let at = from;
  while (at < filter.length && !WORD_END.test(filter.charAt(at))) at += 1;
  return at;
}

function endOfString(filter: string, from: number): number {
  for (let at = from + 1; at < filter.length; at += 1) {
    const character = filter.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '"') return at + 1;
  }
  throw invalidFilter(`The text that begins at character ${from + 1} has no end.`);
}

/** Texts are written as in JSON (RFC 7644 3.4.2.2). */
function stringOf(written: string, at: number): string {
  try {
    return JSON.parse(written) as string;
  } catch {
    throw invalidFilter(`The text at character ${at + 1} is not written as in JSON.`);
  }
}
