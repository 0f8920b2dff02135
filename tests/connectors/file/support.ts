import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProviderError, type ProviderErrorKind } from '../../../connectors/errors';
import { fileDefinition } from '../../../connectors/file/definition';
import type { IdentityProvider, Page } from '../../../connectors/provider';
import type { MappingSettings } from '../../../domain/settings';

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-file-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Writes the files and makes a provider of those that are named by users, groups and memberships. */
export function providerOf(folder: string, files: Files, mapping?: MappingSettings): IdentityProvider {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const named = (kind: string) => Object.keys(files).find((name) => name.startsWith(kind));
  const settings = {
    users: named('users') ?? 'users.csv',
    groups: named('groups') ?? null,
    memberships: named('memberships') ?? null,
  };
  const definition = fileDefinition(folder);
  return definition.create(definition.settings.parse(settings), mapping === undefined ? {} : { mapping });
}

export const anySignal = () => new AbortController().signal;

/** Every page of a listing, each by a provider of its own, as after a crash. */
export async function allPages<T>(
  list: (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>
): Promise<readonly Page<T>[]> {
  const pages: Page<T>[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list(cursor, anySignal());
    pages.push(page);
    cursor = page.cursor;
  } while (cursor !== null);
  return pages;
}

export const recordsOf = <T>(pages: readonly Page<T>[]): readonly T[] =>
  pages.flatMap(({ items }) => items.map(({ record }) => record));

/** The error with which a call is refused. */
export async function refusal(
  call: Promise<unknown>
): Promise<{ readonly kind: ProviderErrorKind; readonly message: string }> {
  const error: unknown = await call.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason
  );
  if (error instanceof ProviderError) return { kind: error.kind, message: error.message };
  throw error;
}

/** RFC 4180, with every field quoted that needs it or that `quoteAll` asks for. */
export function csvText(
  rows: readonly (readonly string[])[],
  form: { readonly delimiter?: string; readonly newline?: string; readonly quoteAll?: boolean } = {}
): string {
  const { delimiter = ',', newline = '\n', quoteAll = false } = form;
  const field = (text: string) =>
    quoteAll || text === '' || /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((row) => row.map(field).join(delimiter) + newline).join('');
}
