import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { usageError } from './errors';

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

type Variables = Readonly<Record<string, string | undefined>>;

function substitute(text: string, env: Variables, missing: Set<string>): string {
  return text.replace(VARIABLE, (whole, name: string) => {
    const value = env[name];
    if (name.startsWith('ROLLCALL_') || value === undefined) {
      missing.add(name);
      return whole;
    }
    return value;
  });
}

function inValues(value: unknown, env: Variables, missing: Set<string>): unknown {
  if (typeof value === 'string') return substitute(value, env, missing);
  if (Array.isArray(value)) return value.map((item: unknown) => inValues(item, env, missing));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inValues(item, env, missing)]));
}

/**
 * One target or connector from a YAML or JSON file ("-": standard input). `${NAME}` in a value is an environment variable;
 * names ROLLCALL_* are refused, as they belong to this program.
 * @throws CliError with the usage code
 */
export async function readConfigFile(path: string, env: Variables): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(path === '-' ? '/dev/stdin' : path, 'utf8').catch((error: unknown) => {
    throw usageError(`${path}: ${error instanceof Error ? error.message : 'cannot be read'}`);
  });
  const parsed = parseText(text, path);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw usageError(`${path}: must hold one target or connector: a section with keys`);
  }
  const missing = new Set<string>();
  const filled = inValues(parsed, env, missing);
  if (missing.size > 0) {
    throw usageError(`${path}: not set, or not to be used in files: ${[...missing].join(', ')}`);
  }
  return filled as Readonly<Record<string, unknown>>;
}

function parseText(text: string, path: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw usageError(`${path}: ${error instanceof Error ? error.message : 'is not YAML'}`);
  }
}
