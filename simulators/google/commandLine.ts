import { readFileSync } from 'node:fs';
import { readOptions, readWholeNumber, UsageError } from '../support/cli';
import type { GoogleSimulatorOptions } from './options';

const OPTIONS = [
  'port',
  'users',
  'groups',
  'per-user',
  'seed',
  'public-key',
  'admin',
  'domain',
  'rate',
  'token-seconds',
] as const;
const MANY = { min: 0, max: 1_000_000 };

/** The options of `npm run simulate:google`; throws a UsageError that says what is wrong. */
export function readGoogleOptions(argv: readonly string[]): GoogleSimulatorOptions {
  const values = readOptions(argv, OPTIONS);
  const options = {
    port: readWholeNumber('port', values.port, { min: 0, max: 65_535 }),
    users: readWholeNumber('users', values.users, MANY),
    groups: readWholeNumber('groups', values.groups, MANY),
    perUser: readWholeNumber('per-user', values['per-user'], { min: 0, max: 1_000 }),
    seed: readWholeNumber('seed', values.seed, { min: 0, max: 2 ** 32 - 1 }),
    rateLimit: readWholeNumber('rate', values.rate, { min: 1, max: 1_000_000 }),
    tokenLifetimeSeconds: readWholeNumber('token-seconds', values['token-seconds'], { min: 1, max: 86_400 }),
    admin: values.admin,
    domain: values.domain,
    publicKey: keyIn(values['public-key']),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function keyIn(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`--public-key: ${path} cannot be read`);
  }
}
