import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { ConfigurationError, pathText, type ConfigurationIssue } from './errors';
import type { ConfigFile, ConfigSchema } from './schema';
import { schemaIssues, type SchemaIssue } from './section';
import { redactInserted, substituteVariables } from './substitute';
import { plainWords } from './words';

const MAX_ALIASES = 100;

export interface LoadConfigInput {
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly schema: ConfigSchema;
}

/**
 * Reads a configuration file (YAML, so JSON too) with `${NAME}` replaced from `env`.
 * @throws ConfigurationError with the path and line of everything that is wrong; values of variables are never shown
 */
export async function loadConfigFile({ path, env, schema }: LoadConfigInput): Promise<ConfigFile> {
  const text = await readText(path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    throw new ConfigurationError(
      problems.map(({ code, pos }) => ({ path: '', message: syntaxWords(code), line: lines.linePos(pos[0]).line }))
    );
  }
  return checked(document, lines, env, schema);
}

function checked(
  document: Document.Parsed,
  lines: LineCounter,
  env: LoadConfigInput['env'],
  schema: ConfigSchema
): ConfigFile {
  const substituted = substituteVariables(plainTree(document), env);
  const place = ({ path, message }: SchemaIssue): ConfigurationIssue => ({
    path: pathText(path),
    message: redactInserted(message, substituted.inserted),
    ...lineOf(document, lines, path),
  });
  if (substituted.issues.length > 0) throw new ConfigurationError(substituted.issues.map(place));
  const result = schema.file.safeParse(substituted.value ?? {}, { error: plainWords });
  if (!result.success) throw new ConfigurationError(schemaIssues(result.error).map(place));
  return result.data;
}

function plainTree(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    const isExcess = error instanceof Error && error.message.startsWith('Excessive');
    const message = isExcess ? `has more than ${MAX_ALIASES} aliases` : 'names an anchor that is not defined';
    throw new ConfigurationError([{ path: '', message }]); // without its cause, which quotes the text
  }
}

async function readText(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new ConfigurationError([{ path: '', message: `${basename(path)} does not exist or is not readable` }], {
      cause: error,
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ConfigurationError([{ path: '', message: `${basename(path)} is not UTF-8 text` }], { cause: error });
  }
}

/** The line of the nearest part of `path` that is in the file. */
function lineOf(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): { line?: number } {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return { line: lines.linePos(node.range[0]).line };
  }
  return {};
}

/** The library's own messages quote the text, which may be a secret: only its code is used. */
function syntaxWords(code: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'the same key stands twice in one section';
    case 'BAD_INDENT':
      return 'the indentation does not fit the lines around it';
    case 'TAB_AS_INDENT':
      return 'tabs cannot indent YAML: use spaces';
    case 'MISSING_CHAR':
      return 'a closing quote, bracket or comma is missing';
    case 'MULTIPLE_DOCS':
      return 'only one document may be in the file (a second "---" starts here)';
    default:
      return `is not valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`;
  }
}
