import { readFileSync } from 'node:fs';
import { readOptions, readWholeNumber, UsageError } from '../support/cli';
import type { OktaSimulatorOptions, RegisteredKey } from './options';
import { ADMIN_ROLES, type AdminRole } from './roles';

const OPTIONS = [
  'port',
  'users',
  'groups',
  'per-user',
  'seed',
  'public-key',
  'key-id',
  'role',
  'rate',
  'search-lag',
  'token-seconds',
] as const;
const MANY = { min: 0, max: 1_000_000 };
const MS_PER_SECOND = 1_000;

/** The options of `npm run simulate:okta`; throws a UsageError that says what is wrong. */
export function readOktaOptions(argv: readonly string[]): OktaSimulatorOptions {
  const values = readOptions(argv, OPTIONS);
  const lag = readWholeNumber('search-lag', values['search-lag'], { min: 0, max: 3_600 });
  const options = {
    port: readWholeNumber('port', values.port, { min: 0, max: 65_535 }),
    users: readWholeNumber('users', values.users, MANY),
    groups: readWholeNumber('groups', values.groups, MANY),
    perUser: readWholeNumber('per-user', values['per-user'], { min: 0, max: 1_000 }),
    seed: readWholeNumber('seed', values.seed, { min: 0, max: 2 ** 32 - 1 }),
    rateLimit: readWholeNumber('rate', values.rate, { min: 1, max: 1_000_000 }),
    tokenLifetimeSeconds: readWholeNumber('token-seconds', values['token-seconds'], { min: 1, max: 86_400 }),
    searchLagMs: lag === undefined ? undefined : lag * MS_PER_SECOND,
    role: roleOf(values.role),
    keys: keysOf(values['public-key'], values['key-id']),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function roleOf(name: string | undefined): AdminRole | undefined {
  const role = ADMIN_ROLES.find((known) => known === name);
  if (name !== undefined && role === undefined) throw new UsageError(`--role must be one of ${ADMIN_ROLES.join(', ')}`);
  return role;
}

function keysOf(path: string | undefined, kid: string | undefined): readonly RegisteredKey[] | undefined {
  if (path === undefined && kid === undefined) return undefined;
  if (path === undefined || kid === undefined) throw new UsageError('--public-key and --key-id go together');
  try {
    return [{ kid, publicKey: readFileSync(path, 'utf8') }];
  } catch {
    throw new UsageError(`--public-key: ${path} cannot be read`);
  }
}
