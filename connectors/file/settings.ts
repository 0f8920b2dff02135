import { extname, resolve } from 'node:path';
import { z } from 'zod';
import { strict } from '../../config/section';

/** The files of one source, as absolute paths; null where a file is not given. */
export interface FileSettings {
  readonly users: string;
  readonly groups: string | null;
  readonly memberships: string | null;
}

export type TableFormat = 'csv' | 'json';
const FORMAT_OF_EXTENSION: Readonly<Record<string, TableFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.json': 'json',
};
const EXCEL_EXTENSIONS = ['.xlsx', '.xls', '.xlsm', '.ods'];

/** The format a file is read as, by its name; null where it is none that can be read. */
export function formatOf(path: string): TableFormat | null {
  return FORMAT_OF_EXTENSION[extname(path).toLowerCase()] ?? null;
}

/** The schema of the settings; relative paths are resolved against `baseDirectory`. */
export function fileSettingsSchema(baseDirectory: string): z.ZodType<FileSettings> {
  const path = pathSchema(baseDirectory);
  return strict({
    users: path,
    groups: path.nullable().default(null),
    memberships: path.nullable().default(null),
  });
}

function pathSchema(baseDirectory: string) {
  return z
    .string()
    .min(1)
    .max(4096)
    .transform((path, context): string => {
      const problem = pathProblem(path);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
      return resolve(baseDirectory, path);
    });
}

function pathProblem(path: string): string | null {
  if (path.includes('\0')) return 'must not contain a NUL character';
  if (EXCEL_EXTENSIONS.includes(extname(path).toLowerCase())) {
    return 'Excel and other spreadsheet files are not built yet: save the sheet as CSV (UTF-8)';
  }
  return formatOf(path) === null ? 'must end in .csv, .tsv, .txt (CSV) or .json' : null;
}
