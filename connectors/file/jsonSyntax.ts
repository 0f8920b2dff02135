const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const BLANKS = /[ \t\r\n]*/y;
const FIRST_PRINTABLE = 0x20;

/** Thrown to the one place that knows the text; never leaves this file. */
class SyntaxAt extends Error {
  constructor(readonly position: number) {
    super('not valid JSON');
  }
}

/**
 * Where a text stops being JSON, as an index into it; its length where it only ends too early. For a text that
 * JSON.parse refused: its own messages quote the text and do not always tell the place. Nesting must be bounded.
 */
export function syntaxErrorPosition(text: string): number {
  try {
    return skipBlanks(text, skipValue(text, 0));
  } catch (error) {
    if (error instanceof SyntaxAt) return error.position;
    throw error;
  }
}

/** Each skip function takes the index where its part begins and gives the one after it. */
function skipValue(text: string, from: number): number {
  const at = skipBlanks(text, from);
  switch (text[at]) {
    case '{':
      return skipItems(text, at + 1, '}', skipEntry);
    case '[':
      return skipItems(text, at + 1, ']', skipValue);
    case '"':
      return skipString(text, at);
    default:
      return skipPattern(LITERAL, text, at);
  }
}

function skipItems(text: string, from: number, end: string, skipItem: (text: string, from: number) => number): number {
  let at = skipBlanks(text, from);
  if (text[at] === end) return at + 1;
  for (;;) {
    at = skipBlanks(text, skipItem(text, at));
    if (text[at] === end) return at + 1;
    at = skipCharacter(',', text, at);
  }
}

function skipEntry(text: string, from: number): number {
  const name = skipString(text, skipBlanks(text, from));
  return skipValue(text, skipCharacter(':', text, skipBlanks(text, name)));
}

function skipString(text: string, from: number): number {
  let at = skipCharacter('"', text, from);
  while (text[at] !== '"') {
    if (text[at] === '\\') at = skipPattern(ESCAPE, text, at);
    else if (at < text.length && text.charCodeAt(at) >= FIRST_PRINTABLE) at += 1;
    else throw new SyntaxAt(at);
  }
  return at + 1;
}

function skipCharacter(character: string, text: string, at: number): number {
  if (text[at] !== character) throw new SyntaxAt(at);
  return at + 1;
}

function skipPattern(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  if (!pattern.test(text)) throw new SyntaxAt(at);
  return pattern.lastIndex;
}

const skipBlanks = (text: string, at: number): number => skipPattern(BLANKS, text, at);
