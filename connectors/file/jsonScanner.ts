import { MAX_ROW_BYTES, type RowPosition } from './rows';

/** One object of the list, as bytes that are still to be parsed. */
export interface Element {
  readonly start: RowPosition;
  /** Line and column (from 1, in bytes) of its first byte. */
  readonly line: number;
  readonly column: number;
  readonly bytes: Buffer;
}
export interface Problem {
  readonly line: number;
  readonly problem: string;
}

/** What may come next: the list, its first or a further object, what follows an object, the rest of one, or nothing. */
type State = 'list' | 'first' | 'further' | 'after' | 'inside' | 'closed';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const NEWLINE = 0x0a;
const BLANKS: readonly number[] = [0x20, 0x09, NEWLINE, 0x0d];
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];
const MAX_DEPTH = 32;

/**
 * Splits the text of a JSON list of objects into the objects without parsing them, so that a reader can go on
 * from the end of any object. Whether an object is valid JSON is left to JSON.parse; the scanner counts depth and strings.
 */
export class JsonListScanner {
  #state: State;
  #offset: number;
  #line: number;
  #lineStart: number;
  /** End of the last object: where reading can go on. */
  #resume: RowPosition;
  #begun = { line: 1, column: 1 };
  #parts: Buffer[] = [];
  #size = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** From the start of the file, or from the end of an object. */
  constructor(from: RowPosition) {
    this.#state = from.offset === 0 ? 'list' : 'after';
    this.#offset = from.offset;
    this.#lineStart = from.offset;
    this.#line = from.line;
    this.#resume = from;
  }

  /** Takes the next bytes of the file and gives the objects that end in them; a problem is the last thing given. */
  *push(chunk: Buffer): Generator<Element | Problem> {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1, this.#offset += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#state !== 'inside') {
        const problem = this.#between(byte);
        if (problem !== null) {
          yield { line: this.#line, problem };
          return;
        }
        from = at;
      } else if (this.#closes(byte)) {
        yield this.#take(chunk.subarray(from, at + 1));
      } else if (this.#depth > MAX_DEPTH) {
        yield {
          line: this.#begun.line,
          problem: `the object that begins here is nested deeper than ${MAX_DEPTH} levels`,
        };
        return;
      }
      if (byte === NEWLINE) {
        this.#line += 1;
        this.#lineStart = this.#offset + 1;
      }
    }
    if (this.#state === 'inside') this.#keep(chunk.subarray(from));
    if (this.#size <= MAX_ROW_BYTES) return;
    yield { line: this.#begun.line, problem: `the object that begins here is longer than ${MAX_ROW_BYTES / 1024} KiB` };
  }

  /** What is wrong when the file ends now, or null. */
  end(): Problem | null {
    if (this.#state === 'closed') return null;
    if (this.#state === 'list') return { line: this.#line, problem: 'is empty: it needs a JSON list of objects' };
    const line = this.#state === 'inside' ? this.#begun.line : this.#line;
    return { line, problem: 'the list is not closed (is the file cut off?)' };
  }

  /** A byte outside of every object: moves the state on, or tells what is wrong. */
  #between(byte: number): string | null {
    if (BLANKS.includes(byte)) return null;
    const next = this.#following(byte);
    if (next === null) return this.#expectation();
    this.#state = next;
    if (next === 'inside') {
      this.#begun = { line: this.#line, column: this.#offset - this.#lineStart + 1 };
      this.#depth = 1;
    }
    return null;
  }

  #following(byte: number): State | null {
    switch (this.#state) {
      case 'list':
        if (BYTE_ORDER_MARK[this.#offset] === byte) return 'list';
        return byte === OPEN_LIST ? 'first' : null;
      case 'first':
        if (byte === CLOSE_LIST) return 'closed';
        return byte === OPEN_OBJECT ? 'inside' : null;
      case 'further':
        return byte === OPEN_OBJECT ? 'inside' : null;
      case 'after':
        if (byte === COMMA) return 'further';
        return byte === CLOSE_LIST ? 'closed' : null;
      default:
        return null;
    }
  }

  #expectation(): string {
    switch (this.#state) {
      case 'list':
        return 'not a JSON list: the file must begin with [ and hold objects';
      case 'first':
      case 'further':
        return 'every entry of the list must be an object that begins with {';
      case 'after':
        return 'a comma or the closing ] is missing after an object';
      default:
        return 'something follows the end of the list';
    }
  }

  /** Whether this byte of an object is its last. */
  #closes(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return false;
    }
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.#depth -= 1;
    return this.#depth === 0;
  }

  #take(lastPart: Buffer): Element {
    const bytes = Buffer.concat([...this.#parts, lastPart]);
    const start = this.#resume;
    this.#parts = [];
    this.#size = 0;
    this.#state = 'after';
    this.#resume = { offset: this.#offset + 1, line: this.#line };
    return { start, ...this.#begun, bytes };
  }

  #keep(part: Buffer): void {
    this.#parts.push(Buffer.from(part));
    this.#size += part.length;
  }
}
