import { ProviderError } from '../errors';
import { START, type RowPosition } from './rows';

/** Where a listing goes on: a row of a file of this content, after so many of the items that the row gives. */
export interface FileCursor {
  readonly position: RowPosition;
  readonly skip: number;
}

const BEGINNING: FileCursor = { position: START, skip: 0 };
const FORM = /^(\d{1,15})\.(\d{1,15})\.(\d{1,15})\.(\d+-\d+-\d+)$/;

/** `offset.line.skip.fingerprint`: numbers only, so nothing of the file's content. */
export function encodeCursor({ position, skip }: FileCursor, fingerprint: string): string {
  return `${position.offset}.${position.line}.${skip}.${fingerprint}`;
}

/** @throws ProviderError cursorExpired when the file is another than the one the cursor was given out for */
export function decodeCursor(cursor: string | null, name: string, fingerprint: string): FileCursor {
  if (cursor === null) return BEGINNING;
  const [, offset, line, skip, written] = FORM.exec(cursor) ?? [];
  if (written === fingerprint) {
    return { position: { offset: Number(offset), line: Number(line) }, skip: Number(skip) };
  }
  throw new ProviderError(
    'cursorExpired',
    `file ${name} changed between two pages: it has to be read again from the start`
  );
}
