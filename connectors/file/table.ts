import type { BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { ProviderError } from '../errors';
import { csvRows, readHeader } from './csv';
import { jsonRows } from './json';
import type { Row, RowPosition } from './rows';
import { formatOf } from './settings';

/** One open file, read as rows. */
export interface Table {
  /** The file's name without its folder, for messages. */
  readonly name: string;
  /** Changes with the file's content: size, time of change and inode. */
  readonly fingerprint: string;
  readonly bytes: number;
  /** Names of the columns; null for JSON, where every object has its own. */
  readonly columns: readonly string[] | null;
  rows(from: RowPosition, signal: AbortSignal): AsyncGenerator<Row>;
}

const ZIP_MAGIC = Buffer.from('PK\u0003\u0004');
const UTF16_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/**
 * Opens a file, lets `use` read it and closes it. A file that changes meanwhile counts as not read.
 * @throws ProviderError configuration: no such file, or not readable: waiting does not bring it · data: not CSV or JSON ·
 *   cursorExpired: the file changed while it was read
 */
export async function withTable<T>(path: string, signal: AbortSignal, use: (table: Table) => Promise<T>): Promise<T> {
  const name = basename(path);
  const handle = await openFile(path, name);
  try {
    const before = await fileStats(handle, name);
    try {
      const result = await use(await tableOf(handle, path, before, signal));
      await refuseChanged(handle, name, before);
      return result;
    } catch (error) {
      // A fault found in a file that is being written is the change's, not the file's.
      if (error instanceof ProviderError && error.kind === 'data') await refuseChanged(handle, name, before);
      throw error;
    }
  } finally {
    await handle.close();
  }
}

async function openFile(path: string, name: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new ProviderError('configuration', `file ${name} does not exist or is not readable`, null, { cause: error });
  }
}

async function fileStats(handle: FileHandle, name: string): Promise<BigIntStats> {
  const stats = await handle.stat({ bigint: true });
  if (!stats.isFile()) throw new ProviderError('configuration', `${name} is not a file`);
  return stats;
}

const fingerprintOf = ({ size, mtimeNs, ino }: BigIntStats): string => `${size}-${mtimeNs}-${ino}`;

async function refuseChanged(handle: FileHandle, name: string, before: BigIntStats): Promise<void> {
  const after = await handle.stat({ bigint: true });
  if (fingerprintOf(after) === fingerprintOf(before)) return;
  throw new ProviderError(
    'cursorExpired',
    `file ${name} changed while it was read: it has to be read again from the start`
  );
}

async function tableOf(handle: FileHandle, path: string, stats: BigIntStats, signal: AbortSignal): Promise<Table> {
  const name = basename(path);
  await refuseOtherFormats(handle, name);
  const about = { name, fingerprint: fingerprintOf(stats), bytes: Number(stats.size) };
  if (formatOf(path) === 'json') {
    return { ...about, columns: null, rows: (from, stop) => jsonRows({ handle, name, from, signal: stop }) };
  }
  const header = await readHeader(handle, name, signal);
  return {
    ...about,
    columns: header.columns,
    rows: (from, stop) => csvRows({ handle, name, header, from, signal: stop }),
  };
}

async function refuseOtherFormats(handle: FileHandle, name: string): Promise<void> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(ZIP_MAGIC.length), 0, ZIP_MAGIC.length, 0);
  const head = buffer.subarray(0, bytesRead);
  if (head.equals(ZIP_MAGIC)) {
    throw new ProviderError('data', `${name} is an Excel or zip file: save the sheet as CSV (UTF-8)`);
  }
  if (UTF16_MARKS.some((mark) => head.subarray(0, mark.length).equals(mark))) {
    throw new ProviderError('data', `${name} is UTF-16 text: save the file as UTF-8`);
  }
}
