import type { AdminRole } from './roles';

/** The public half of a key that is registered with the service app. */
export interface RegisteredKey {
  readonly kid: string;
  /** SPKI as PEM. */
  readonly publicKey: string;
}

export interface OktaSimulatorOptions {
  /** @default 0, a free port */
  readonly port?: number;
  /** The service app. @default '0oasimclient0000001' */
  readonly clientId?: string;
  /** @default none: no assertion is accepted */
  readonly keys?: readonly RegisteredKey[];
  /** Scopes that are granted to the service app. @default users, groups, roles and logs, each to read */
  readonly scopes?: readonly string[];
  /** Whether the service app demands DPoP. @default false */
  readonly dpop?: boolean;
  /** @default 'sim-token' */
  readonly apiToken?: string;
  /** Of the service app and of the token's owner alike. @default READ_ONLY_ADMIN */
  readonly role?: AdminRole;
  /** Names of the groups that a role with targets is limited to. @default [] */
  readonly targets?: readonly string[];
  /** @default 3600, the only value of a real Okta */
  readonly tokenLifetimeSeconds?: number;
  /** Requests a minute in each bucket (users, groups, everything else). @default 100,000 */
  readonly rateLimit?: number;
  /** Requests that may be open at one moment. @default 75 */
  readonly concurrency?: number;
  /** So long after a change `search` still answers with what was before. @default 0 */
  readonly searchLagMs?: number;
  /** Generated users and groups. @default 0 */
  readonly users?: number;
  readonly groups?: number;
  /** Groups that each generated user is in. @default 3 */
  readonly perUser?: number;
  /** Seed of generated data and of faults at a rate. @default 1 */
  readonly seed?: number;
  /** @default the system clock */
  readonly now?: () => number;
}

export const DEFAULT_CLIENT_ID = '0oasimclient0000001';
export const DEFAULT_API_TOKEN = 'sim-token';
export const DEFAULT_SCOPES = ['okta.users.read', 'okta.groups.read', 'okta.roles.read', 'okta.logs.read'] as const;
export const DEFAULT_TOKEN_LIFETIME_SECONDS = 3_600;
export const DEFAULT_RATE_LIMIT = 100_000;
export const DEFAULT_CONCURRENCY = 75;
