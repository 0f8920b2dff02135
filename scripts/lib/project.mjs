import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Folders of the checkout without sources of the program itself. */
const NO_SOURCES = new Set(['node_modules', 'dist', 'data', 'coverage', 'tests', 'bench']);

/** The TypeScript files that the build compiles, in a fixed order. */
export function sourceFiles() {
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !NO_SOURCES.has(entry.name))
    .flatMap((entry) => readdirSync(join(ROOT, entry.name), { recursive: true }).map((name) => join(entry.name, name)))
    .filter((name) => name.endsWith('.ts'))
    .sort();
}

/** A fingerprint of the files' names and contents. Contents, not times: a checkout of git changes all times. */
export function fingerprint(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

export function readStamp(file) {
  try {
    return readFileSync(join(ROOT, file), 'utf8').trim();
  } catch {
    return null;
  }
}

export function writeStamp(file, content) {
  writeFileSync(join(ROOT, file), `${content}\n`);
}

export function remove(path) {
  rmSync(join(ROOT, path), { recursive: true, force: true });
}
