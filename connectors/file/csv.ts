import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { CsvError, parse, type Info, type Parser } from 'csv-parse';
import { ProviderError } from '../errors';
import { CHUNK_BYTES, chunksOf } from './chunks';
import { MAX_ROW_BYTES, type Row, type RowPosition } from './rows';

/** The header of a CSV file: how its rows are to be read. */
export interface CsvHeader {
  readonly delimiter: string;
  readonly columns: readonly string[];
  readonly firstRow: RowPosition;
}

const DELIMITERS = [',', ';', '\t'] as const;
const BYTE_ORDER_MARK_BYTES = 3;
const REPLACEMENT = '\uFFFD';

interface RawRecord {
  readonly fields: readonly string[];
  readonly start: RowPosition;
  readonly line: number;
  readonly end: RowPosition;
}

/**
 * Reads the header line and finds the delimiter: the one of `,` `;` tab that stands most often in it, outside quotes.
 * @throws ProviderError data: empty file, unnamed or repeated columns, not UTF-8
 */
export async function readHeader(handle: FileHandle, name: string, signal: AbortSignal): Promise<CsvHeader> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, 0);
  const head = buffer.subarray(0, bytesRead);
  const hasMark = head.subarray(0, BYTE_ORDER_MARK_BYTES).equals(Buffer.from([0xef, 0xbb, 0xbf]));
  const delimiter = findDelimiter(head.toString('utf8'));
  const from: RowPosition = { offset: hasMark ? BYTE_ORDER_MARK_BYTES : 0, line: 1 };
  for await (const record of readRecords({ handle, name, delimiter, from, signal, most: 1 })) {
    const columns = record.fields.map((field) => field.trim());
    checkColumns(columns, `${name} line ${record.line}`);
    return { delimiter, columns, firstRow: record.end };
  }
  throw new ProviderError('data', `${name} is empty: it needs a first line with the names of the columns`);
}

function findDelimiter(head: string): string {
  const [line = ''] = head
    .replace(/"[^"]*"/g, '')
    .split(/\r?\n/)
    .filter((text) => text !== '');
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function checkColumns(columns: readonly string[], place: string): void {
  const unnamed = columns.indexOf('');
  if (unnamed >= 0) throw new ProviderError('data', `${place}: column ${unnamed + 1} has no name`);
  const repeated = columns.findIndex((column, n) => columns.indexOf(column) !== n);
  if (repeated >= 0) {
    const first = columns.indexOf(columns[repeated] ?? '');
    throw new ProviderError('data', `${place}: columns ${first + 1} and ${repeated + 1} have the same name`);
  }
}

export interface CsvRowsInput {
  readonly handle: FileHandle;
  /** The file's name, for messages. */
  readonly name: string;
  readonly header: CsvHeader;
  readonly from: RowPosition;
  readonly signal: AbortSignal;
}

/** The rows from a position on, to the end of the file. */
export async function* csvRows({ handle, name, header, from, signal }: CsvRowsInput): AsyncGenerator<Row> {
  const { columns, delimiter, firstRow } = header;
  const start = from.offset < firstRow.offset ? firstRow : from;
  for await (const record of readRecords({ handle, name, delimiter, from: start, signal })) {
    if (record.fields.length !== columns.length) {
      throw new ProviderError(
        'data',
        `${name} line ${record.line}: ${record.fields.length} fields where the header has ${columns.length} columns ` +
          '(is the file cut off, or a delimiter not quoted?)'
      );
    }
    const cells = columns.map((column, n): [string, string] => [column, record.fields[n] ?? '']);
    yield { start: record.start, line: record.line, values: Object.fromEntries(cells) };
  }
}

interface RecordsInput {
  readonly handle: FileHandle;
  readonly name: string;
  readonly delimiter: string;
  readonly from: RowPosition;
  readonly signal: AbortSignal;
  /** Records to read at most; absent: all. */
  readonly most?: number;
}

async function* readRecords({ handle, name, delimiter, from, signal, most }: RecordsInput): AsyncGenerator<RawRecord> {
  const places = new Places(from);
  const parsed: RawRecord[] = [];
  const source = Readable.from(chunksOf(handle, from.offset, signal));
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: MAX_ROW_BYTES,
    ...(most === undefined ? {} : { to: most }),
    // Placed while it is parsed: records that are not taken yet are lost when a later one is refused.
    on_record: (fields: string[], info) => {
      parsed.push(places.next(fields, info));
      return fields;
    },
  });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const fields of parser as AsyncIterable<string[]>) {
      const record = parsed.shift();
      if (record?.fields !== fields) throw new Error('records came out of order');
      refuseBrokenText(fields, `${name} line ${record.line}`);
      yield record;
    }
  } catch (error) {
    throw translated(error, name, places.lineAfter(parser));
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/**
 * Counts the lines of the file. The parser's own count is not used: it takes a line break within quotes
 * that is CR LF for two.
 */
class Places {
  #end: RowPosition;
  #emptyLines = 0;

  constructor(private readonly origin: RowPosition) {
    this.#end = origin;
  }

  next(fields: readonly string[], info: Info): RawRecord {
    const start = this.#end;
    const line = start.line + info.empty_lines - this.#emptyLines;
    const breaks = fields.reduce((count, field) => count + countBreaks(field), 0);
    this.#emptyLines = info.empty_lines;
    this.#end = { offset: this.origin.offset + info.bytes, line: line + 1 + breaks };
    return { fields, start, line, end: this.#end };
  }

  /** The line where the row begins that could not be read. */
  lineAfter(parser: Parser): number {
    return this.#end.line + parser.info.empty_lines - this.#emptyLines;
  }
}

function countBreaks(field: string): number {
  let count = 0;
  for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) count += 1;
  return count;
}

function refuseBrokenText(fields: readonly string[], place: string): void {
  if (fields.some((field) => field.includes(REPLACEMENT) || field.includes('\0'))) {
    throw new ProviderError('data', `${place}: not valid UTF-8 text (save the file as UTF-8)`);
  }
}

function translated(error: unknown, name: string, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  return new ProviderError('data', `${name} line ${line}: ${csvWords(error.code)}`);
}

/** The parser's own messages quote the text of the file, which is personal data: only its code is used. */
function csvWords(code: CsvError['code']): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quoted field that begins in this row is never closed (is the file cut off?)';
    case 'CSV_MAX_RECORD_SIZE':
      return `the row that begins here is longer than ${MAX_ROW_BYTES / 1024} KiB (is a closing quote missing?)`;
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'a quoted field of this row goes on after its closing quote (a quote within must be doubled)';
    case 'INVALID_OPENING_QUOTE':
      return 'a quote stands within a field that is not quoted (quote the field and double the quote)';
    default:
      return `cannot be read as CSV (${code})`;
  }
}
