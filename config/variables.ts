import { ConfigurationError } from './errors';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

const MAX_SECONDS = 3600;
const ENCRYPTION_KEY_BYTES = 32;

function refuse(name: string, message: string): never {
  throw new ConfigurationError([{ path: name, message }]);
}

/** The text of a variable, null when it is not set or empty. */
export function text(env: Variables, name: string): string | null {
  const value = env[name]?.trim() ?? '';
  return value === '' ? null : value;
}

/** A port from 1 to 65535, or 0 for any free one. */
export function port(env: Variables, name: string, standard: number): number {
  const value = text(env, name);
  if (value === null) return standard;
  const number = Number(value);
  if (/^\d{1,5}$/.test(value) && number <= 65_535) return number;
  return refuse(
    name,
    `is ${JSON.stringify(value)}, but must be a port from 1 to 65535 (0: any free one), for example ${standard}`
  );
}

/** A port as `port` reads it; null when it is not given, which leaves what would listen there out. */
export function optionalPort(env: Variables, name: string, example: number): number | null {
  return text(env, name) === null ? null : port(env, name, example);
}

/** Whole seconds from 1 to an hour. */
export function secondsSetting(env: Variables, name: string, standard: number): number {
  const value = text(env, name);
  if (value === null) return standard;
  const number = Number(value);
  if (/^\d{1,4}$/.test(value) && number >= 1 && number <= MAX_SECONDS) return number;
  return refuse(
    name,
    `is ${JSON.stringify(value)}, but must be whole seconds from 1 to ${MAX_SECONDS}, for example ${standard}`
  );
}

/** One of the known words. */
export function chosen<T extends string>(env: Variables, name: string, words: readonly T[], standard: T): T {
  const value = text(env, name);
  if (value === null) return standard;
  const word = words.find((known) => known === value);
  return word ?? refuse(name, `is ${JSON.stringify(value)}, but must be one of ${words.join(', ')}`);
}

/** `host:port` without a scheme. */
export function hostAndPort(env: Variables, name: string): string | null {
  const value = text(env, name);
  if (value === null) return null;
  const [, number] = /^(?:\[[0-9a-fA-F:]+\]|[^\s:/@[\]]+):(\d{1,5})$/.exec(value) ?? [];
  if (number !== undefined && Number(number) >= 1 && Number(number) <= 65_535) return value;
  return refuse(name, 'must be host:port without http:// before it, for example temporal.example.com:7233');
}

/** A MongoDB connection string; it may hold a password and is never shown. */
export function mongodbUri(env: Variables, name: string): string | null {
  const value = text(env, name);
  if (value === null || /^mongodb(\+srv)?:\/\/\S+$/.test(value)) return value;
  return refuse(
    name,
    'must be a connection string that starts with mongodb:// or mongodb+srv:// (its value is not shown)'
  );
}

/** A secret that travels in an HTTP header. */
export function token(env: Variables, name: string, least: number): string | null {
  const value = text(env, name);
  if (value === null) return null;
  if (!/^[\x21-\x7e]+$/.test(value))
    refuse(name, 'must be visible ASCII characters without blanks (its value is not shown)');
  if (value.length >= least) return value;
  return refuse(name, `is too short: give at least ${least} characters, for example from "openssl rand -hex 32"`);
}

/** A key for AES-256: 32 bytes as base64 or hexadecimal digits. */
export function encryptionKey(env: Variables, name: string): string | null {
  const value = text(env, name);
  if (value === null) return null;
  const isHex = /^[0-9a-fA-F]{64}$/.test(value);
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(value);
  if (isHex || (isBase64 && Buffer.from(value, 'base64').length === ENCRYPTION_KEY_BYTES)) return value;
  return refuse(name, 'must be 32 bytes as base64 or 64 hexadecimal digits: make one with "openssl rand -base64 32"');
}
