import type { AttributeRecord } from '../../domain/model';

/** Where reading can go on, in another process too: the end of a row. */
export interface RowPosition {
  /** Byte in the file; 0: the start of the file, before any header. */
  readonly offset: number;
  /** Line of the file, from 1. */
  readonly line: number;
}

/** One row of a table: a record of a CSV file or an object of a JSON array. */
export interface Row {
  /** Reading from here gives this row first. */
  readonly start: RowPosition;
  /** The line on which it begins. */
  readonly line: number;
  readonly values: AttributeRecord;
}

export const START: RowPosition = { offset: 0, line: 1 };

/** No row may be longer, so that memory stays flat whatever the file (a quote that is never closed, say). */
export const MAX_ROW_BYTES = 1024 * 1024;
