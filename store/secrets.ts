import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { AttributeRecord, AttributeValue } from '../domain/model';
import type { EncryptionKey } from './encryption-key';
import type { SealedConfig } from './records';

/** A secret cannot be sealed or opened. The message names the place, never the value. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}

/** Member names from the top of a configuration to a value; places of lists are numbers as text. */
export type SecretPath = readonly string[];

/** Where a secret stands: it opens there only (the record's id and the path are authenticated with it). */
export interface SecretPlace {
  readonly recordId: string;
  readonly path: SecretPath;
}
export interface SecretBox {
  /** AES-256-GCM under the first key. @returns version.key id.nonce.tag.ciphertext, parts in base64url */
  seal(plain: string, place: SecretPlace): string;
  /** @throws SecretError for an unknown key, another place, or a changed text */
  open(sealed: string, place: SecretPlace): string;
  /** A keyed digest of something personal, for ids in which it must not stand in clear: 32 hexadecimal digits. */
  digest(text: string): string;
}

/** Shown in place of a sealed value; sent back, it keeps the stored one. */
export const MASK = '(secret)';

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const DIGEST_LENGTH = 32;

const nameOf = ({ path }: SecretPlace): string => path.join('.');

function authenticated({ recordId, path }: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([VERSION, recordId, ...path]), 'utf8');
}

function seal(key: EncryptionKey, plain: string, place: SecretPlace): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key.bytes, nonce).setAAD(authenticated(place));
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  const parts = [nonce, cipher.getAuthTag(), text].map((part) => part.toString('base64url'));
  return [VERSION, key.id, ...parts].join('.');
}

function open(keys: ReadonlyMap<string, EncryptionKey>, sealed: string, place: SecretPlace): string {
  const [version, id = '', ...rest] = sealed.split('.');
  const [nonce, tag, text] = rest.map((part) => Buffer.from(part, 'base64url'));
  if (version !== VERSION || rest.length !== 3 || !nonce || !text || tag?.length !== TAG_BYTES) {
    throw new SecretError(`the secret at '${nameOf(place)}' is not in a form this version knows`);
  }
  const key = keys.get(id);
  if (!key) {
    throw new SecretError(
      `the secret at '${nameOf(place)}' was encrypted with key ${id}, which is not configured (ROLLCALL_ENCRYPTION_KEY)`
    );
  }
  try {
    const decipher = createDecipheriv(CIPHER, key.bytes, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(authenticated(place)).setAuthTag(tag);
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  } catch {
    throw new SecretError(`the secret at '${nameOf(place)}' was changed, or belongs to another place`);
  }
}

/** @param keys the first seals, all open (so that a key can be replaced); at least one */
export function createSecretBox(keys: readonly EncryptionKey[]): SecretBox {
  const [current] = keys;
  if (!current) throw new SecretError('there is no encryption key');
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    seal: (plain, place) => seal(current, plain, place),
    open: (sealed, place) => open(byId, sealed, place),
    digest: (text) => createHmac('sha256', current.bytes).update(text, 'utf8').digest('hex').slice(0, DIGEST_LENGTH),
  };
}

type Visit = (value: AttributeValue, path: SecretPath) => AttributeValue | undefined;

function isRecord(value: AttributeValue | undefined): value is AttributeRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sealedText(value: AttributeValue | undefined): string | null {
  if (!isRecord(value)) return null;
  const text = value['$sealed'];
  return typeof text === 'string' ? text : null;
}

/** A copy in which `visit` replaced what it had an answer for; it sees a value before what lies within. */
function rewrite(value: AttributeValue, visit: Visit, path: SecretPath = []): AttributeValue {
  const replaced = visit(value, path);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(value)) {
    return (value as readonly AttributeValue[]).map((item, at) => rewrite(item, visit, [...path, String(at)]));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rewrite(item, visit, [...path, name])]));
}

function rewriteConfig(config: AttributeRecord, visit: Visit): AttributeRecord {
  return rewrite(config, visit) as AttributeRecord;
}

function valueAt(config: AttributeRecord, path: SecretPath): AttributeValue | undefined {
  return path.reduce<AttributeValue | undefined>(
    (value, name) =>
      Array.isArray(value)
        ? (value as readonly AttributeValue[])[Number(name)]
        : isRecord(value)
          ? value[name]
          : undefined,
    config
  );
}

/**
 * Seals the values at `paths`; a path without a value is passed over, a sealed value stays.
 * Values that are not texts are sealed as JSON.
 * @param context id of the record, e.g. `connector:corp`
 * @throws SecretError when a value is the mask: there was no stored secret to keep
 */
export function sealSecrets(
  config: AttributeRecord,
  paths: readonly SecretPath[],
  box: SecretBox,
  context: string
): SealedConfig {
  const secret = new Set(paths.map((path) => JSON.stringify(path)));
  return rewriteConfig(config, (value, path) => {
    if (!secret.has(JSON.stringify(path)) || value === null || sealedText(value) !== null) return undefined;
    if (value === MASK)
      throw new SecretError(`'${path.join('.')}': there is no stored secret to keep, send the secret`);
    return { $sealed: box.seal(JSON.stringify(value), { recordId: context, path }) };
  });
}

/** The configuration with every secret in clear. @throws SecretError */
export function openSecrets(config: SealedConfig, box: SecretBox, context: string): AttributeRecord {
  return rewriteConfig(config, (value, path) => {
    const sealed = sealedText(value);
    return sealed === null ? undefined : (JSON.parse(box.open(sealed, { recordId: context, path })) as AttributeValue);
  });
}

/** The configuration as it may be shown. */
export function maskSecrets(config: SealedConfig): AttributeRecord {
  return rewriteConfig(config, (value) => (sealedText(value) === null ? undefined : MASK));
}

/** Puts the stored secret wherever the new configuration has the mask and the old one a secret. */
export function keepMasked(newConfig: AttributeRecord, oldSealed: SealedConfig): AttributeRecord {
  return rewriteConfig(newConfig, (value, path) => {
    const old = value === MASK ? valueAt(oldSealed, path) : undefined;
    return sealedText(old) === null ? undefined : old;
  });
}
