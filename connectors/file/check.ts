import type { AttributeRecord, AttributeValue } from '../../domain/model';
import { ProviderError } from '../errors';
import type { CheckStep } from '../provider';
import { foundColumns } from './columns';
import { START } from './rows';
import { withTable, type Table } from './table';

/** One file of a connection test. */
export interface FileCheck {
  readonly kind: 'users' | 'groups' | 'memberships';
  readonly path: string;
  /** @throws ProviderError when a column is missing */
  readonly requireColumns: (table: Table) => void;
  /** The attributes that a row gives. @throws ProviderError when the row is wrong */
  readonly attributesOf: (values: AttributeRecord, place: string) => AttributeRecord;
}

/** The steps of a connection test: each file can be opened, has its columns and a first row. Names only, no values. */
export async function checkFiles(checks: readonly FileCheck[], signal: AbortSignal): Promise<readonly CheckStep[]> {
  const steps: CheckStep[] = [];
  for (const check of checks) steps.push(...(await checkFile(check, signal)));
  return steps;
}

async function checkFile(check: FileCheck, signal: AbortSignal): Promise<readonly CheckStep[]> {
  const steps: CheckStep[] = [];
  let name = `${check.kind} file`;
  try {
    await withTable(check.path, signal, async (table) => {
      steps.push(passed(name, `${table.name}: ${table.bytes} bytes, readable`));
      name = `${check.kind} columns`;
      check.requireColumns(table);
      steps.push(passed(name, table.columns === null ? 'JSON: every object has its own' : foundColumns(table.columns)));
      name = `${check.kind} sample`;
      steps.push(passed(name, await firstRow(table, check, signal)));
    });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    steps.push({ name, ok: false, detail: error.message, remedy: remedyOf(error) });
  }
  return steps;
}

async function firstRow(table: Table, check: FileCheck, signal: AbortSignal): Promise<string> {
  for await (const row of table.rows(START, signal)) {
    const attributes = check.attributesOf(row.values, `${table.name} line ${row.line}`);
    const names = Object.keys(attributes).filter((name) => hasValue(attributes[name]));
    return names.length === 0 ? 'the first row is readable' : `the first row has a value for: ${names.join(', ')}`;
  }
  return 'the file has no rows';
}

const hasValue = (value: AttributeValue | undefined): boolean => value !== undefined && value !== null && value !== '';

const passed = (name: string, detail: string): CheckStep => ({ name, ok: true, detail, remedy: null });

function remedyOf(error: ProviderError): string {
  switch (error.kind) {
    case 'cursorExpired':
      return 'The file is being written: test again when it is complete.';
    case 'configuration':
      return 'Put the file there, or correct its path (a file, not a folder), and let the process that runs Rollcall read it.';
    default:
      return 'Correct the file as the message says.';
  }
}
