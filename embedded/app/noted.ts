import { createHmac } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from './answers';
import type { WantedItem } from './wanted';

/** How the API shows a secret. */
const MASK = '(secret)';
const OWNER_ONLY = 0o600;

/** What earlier starts have stored, so that a later one can tell whether anything has changed: the API never shows secrets. */
export interface Noted {
  /** The address that the simulated Jira had. */
  readonly simulatedJira: string | null;
  /** By kind and id, a keyed hash of the secrets. */
  readonly secrets: Readonly<Record<string, string>>;
}

const NOTHING: Noted = { simulatedJira: null, secrets: {} };

/** The notes of a data folder; one that is missing or broken costs a new version of what it would have told. */
export async function readNoted(path: string): Promise<Noted> {
  try {
    return { ...NOTHING, ...(JSON.parse(await readFile(path, 'utf8')) as Partial<Noted>) };
  } catch {
    return NOTHING;
  }
}

export async function writeNoted(path: string, noted: Noted): Promise<void> {
  await writeFile(path, `${JSON.stringify(noted)}\n`, { mode: OWNER_ONLY });
}

/** A hash of the secrets of a configuration, of no use without the key. */
export function secretsHash({ document, secrets }: WantedItem, key: Buffer): string {
  const values = secrets.map((path) => valueAt(document, path) ?? null);
  return createHmac('sha256', key).update(JSON.stringify(values)).digest('hex');
}

/** Whether the stored configuration is the wanted one, as far as can be seen: secrets are hidden in both. */
export function looksEqual({ document, secrets }: WantedItem, stored: Configuration): boolean {
  const masked = secrets.reduce<unknown>((tree, path) => mask(tree, path), JSON.parse(JSON.stringify(document)));
  return isDeepStrictEqual(masked, stored);
}

function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    tree
  );
}

function mask(tree: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return MASK;
  if (typeof tree !== 'object' || tree === null || !(name in tree)) return tree;
  return { ...tree, [name]: mask((tree as Record<string, unknown>)[name], rest) };
}
