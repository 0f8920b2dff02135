import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface SnapshotFile {
  /** The state has changed: it is on disk within the delay. */
  readonly touch: () => void;
  /** Writes what is not yet on disk; rejects if it cannot be written. */
  readonly flush: () => Promise<void>;
}

export interface SnapshotFileOptions {
  readonly path: string;
  readonly delayMs: number;
  readonly serialize: () => string;
  readonly onError: (error: unknown) => void;
}

/**
 * A snapshot that takes long to write waits this many times as long before the next, so that a big state stays usable.
 */
const REST_FACTOR = 4;

/**
 * Keeps a state in one file. The file is replaced by a rename: a crash leaves the old or the new state, never half of
 * one. What changed less than the delay before a crash is lost.
 */
export function createSnapshotFile(options: SnapshotFileOptions): SnapshotFile {
  let timer: NodeJS.Timeout | undefined;
  let dirty = false;
  let lastWriteMs = 0;
  let writing: Promise<void> = Promise.resolve();

  async function writeIfDirty(): Promise<void> {
    if (!dirty) return;
    dirty = false;
    const startedMs = performance.now();
    try {
      await replaceFile(options.path, options.serialize());
    } catch (error) {
      dirty = true;
      throw error;
    }
    lastWriteMs = performance.now() - startedMs;
  }

  /** One write after the other: a write that failed does not keep the next from trying. */
  function write(): Promise<void> {
    writing = writing.catch(() => undefined).then(writeIfDirty);
    return writing;
  }

  return {
    touch: () => {
      dirty = true;
      const delayMs = Math.max(options.delayMs, lastWriteMs * REST_FACTOR);
      timer ??= setTimeout(() => {
        timer = undefined;
        write().catch(options.onError);
      }, delayMs);
    },
    flush: async () => {
      clearTimeout(timer);
      timer = undefined;
      await write();
    },
  };
}

async function replaceFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, content);
  await rename(draft, path);
}

/**
 * The parsed snapshot, or undefined when there is none yet. A file that is not JSON stops the start: it is never
 * overwritten.
 */
export function readSnapshotFile(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} is not a snapshot of a simulator; move it away to start from the seed`, { cause });
  }
}
