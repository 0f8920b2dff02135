import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import type { AttributeRecord } from '../../domain/model';
import { ProviderError } from '../errors';
import { chunksOf } from './chunks';
import { JsonListScanner, type Element } from './jsonScanner';
import { syntaxErrorPosition } from './jsonSyntax';
import type { Row, RowPosition } from './rows';

export interface JsonRowsInput {
  readonly handle: FileHandle;
  /** The file's name, for messages. */
  readonly name: string;
  readonly from: RowPosition;
  readonly signal: AbortSignal;
}

/**
 * The objects of a JSON list from a position on, to the end of the file; one at a time in memory.
 * @throws ProviderError data: not an array of objects, cut off, not UTF-8
 */
export async function* jsonRows({ handle, name, from, signal }: JsonRowsInput): AsyncGenerator<Row> {
  const scanner = new JsonListScanner(from);
  for await (const chunk of chunksOf(handle, from.offset, signal)) {
    for (const element of scanned(scanner, chunk, name)) {
      yield { start: element.start, line: element.line, values: parsed(element, name) };
    }
  }
  const problem = scanner.end();
  if (problem !== null) throw new ProviderError('data', `${name} line ${problem.line}: ${problem.problem}`);
}

function* scanned(scanner: JsonListScanner, bytes: Buffer, name: string): Generator<Element> {
  for (const found of scanner.push(bytes)) {
    if ('problem' in found) throw new ProviderError('data', `${name} line ${found.line}: ${found.problem}`);
    yield found;
  }
}

function parsed(element: Element, name: string): AttributeRecord {
  const place = `${name} line ${element.line}`;
  if (!isUtf8(element.bytes))
    throw new ProviderError('data', `${place}: not valid UTF-8 text (save the file as UTF-8)`);
  const text = element.bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The cause is left out: it quotes the text of the file, which is personal data.
    throw new ProviderError('data', `${name} ${placeIn(element, text, syntaxErrorPosition(text))}: not valid JSON`);
  }
  const record = value as AttributeRecord; // the scanner gives objects only
  refuseBrokenText(record, place);
  return record;
}

/** Line and column in the file of a position in the text of an element. */
function placeIn(element: Element, text: string, position: number): string {
  const lines = text.slice(0, position).split('\n');
  const column = (lines.at(-1)?.length ?? 0) + (lines.length === 1 ? element.column : 1);
  return `line ${element.line + lines.length - 1}, column ${column}`;
}

/** Half a surrogate pair and NUL cannot be stored: two ids that differ only there would become one. */
function refuseBrokenText(value: unknown, place: string): void {
  if (typeof value === 'string') {
    if (/[\0\uFFFD]|\p{Surrogate}/u.test(value))
      throw new ProviderError('data', `${place}: a text holds a broken character`);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    refuseBrokenText(key, place);
    refuseBrokenText(item, place);
  }
}
