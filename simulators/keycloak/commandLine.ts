import { readOptions, readWholeNumber } from '../support/cli';
import type { KeycloakSimulatorOptions } from './options';

const OPTIONS = ['port', 'users', 'groups', 'per-user', 'seed', 'realm', 'context-path', 'token-seconds'] as const;
const MANY = { min: 0, max: 1_000_000 };

/** The options of `npm run simulate:keycloak`; throws a UsageError that says what is wrong. */
export function readKeycloakOptions(argv: readonly string[]): KeycloakSimulatorOptions {
  const values = readOptions(argv, OPTIONS);
  const options = {
    port: readWholeNumber('port', values.port, { min: 0, max: 65_535 }),
    users: readWholeNumber('users', values.users, MANY),
    groups: readWholeNumber('groups', values.groups, MANY),
    perUser: readWholeNumber('per-user', values['per-user'], { min: 0, max: 1_000 }),
    seed: readWholeNumber('seed', values.seed, { min: 0, max: 2 ** 32 - 1 }),
    tokenLifetimeSeconds: readWholeNumber('token-seconds', values['token-seconds'], { min: 1, max: 86_400 }),
    realm: values.realm,
    contextPath: values['context-path'],
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
