import { createHash, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A key with the name by which sealed values refer to it. */
export interface EncryptionKey {
  readonly id: string;
  readonly bytes: Buffer;
}
export interface KeyOptions {
  readonly dataDir: string;
  /** ROLLCALL_ENCRYPTION_KEY: 32 bytes in base64 or hex. */
  readonly configured?: string;
  /** True: a laptop; the key may be generated into the data folder. */
  readonly embedded: boolean;
}

/** There is no usable key. The message never holds any of it. */
export class EncryptionKeyError extends Error {
  override readonly name = 'EncryptionKeyError';
}

const KEY_BYTES = 32;
const KEY_FILE = 'encryption-key';
const OWNER_ONLY = 0o600;
const HOW_TO = 'create one with: openssl rand -base64 32';

/** Names the key without telling anything about it. */
function keyId(bytes: Buffer): string {
  return createHash('sha256').update('rollcall key id').update(bytes).digest('hex').slice(0, 12);
}

function decode(text: string): Buffer | null {
  const value = text.trim();
  if (/^[0-9a-f]{64}$/i.test(value)) return Buffer.from(value, 'hex');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return null;
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === KEY_BYTES ? bytes : null;
}

function parse(text: string, place: string): EncryptionKey {
  const bytes = decode(text);
  if (!bytes) throw new EncryptionKeyError(`${place} must hold ${KEY_BYTES} bytes in base64 or hex; ${HOW_TO}`);
  return { id: keyId(bytes), bytes };
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Writes beside and links into place: of two processes that start at once one wins, and nobody reads half a key. */
async function generate(dataDir: string, file: string): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const beside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(beside, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: OWNER_ONLY, flag: 'wx' });
  try {
    await link(beside, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(beside);
  }
}

/**
 * The key that secrets are sealed with: the configured one, else on the embedded default the one of the data folder, which
 * is generated there with mode 0600 the first time.
 * @throws EncryptionKeyError when it is malformed, or when none is configured elsewhere than on the embedded default
 */
export async function loadEncryptionKey({ dataDir, configured, embedded }: KeyOptions): Promise<EncryptionKey> {
  if (configured !== undefined && configured !== '') return parse(configured, 'ROLLCALL_ENCRYPTION_KEY');
  if (!embedded) {
    const reason = 'the secrets of connectors and targets are encrypted with it';
    throw new EncryptionKeyError(`ROLLCALL_ENCRYPTION_KEY is not set: ${reason}; ${HOW_TO}`);
  }
  const file = join(dataDir, KEY_FILE);
  if ((await readIfThere(file)) === null) await generate(dataDir, file);
  await chmod(file, OWNER_ONLY);
  return parse((await readIfThere(file)) ?? '', file);
}
