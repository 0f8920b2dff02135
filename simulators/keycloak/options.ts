/** Roles of the client's service account that change what the simulated endpoints show. */
export const ROLES = ['view-users', 'query-users', 'query-groups'] as const;
export type Role = (typeof ROLES)[number];

export interface KeycloakSimulatorOptions {
  /** @default 0, a free port */
  readonly port?: number;
  /** Where Keycloak lies below the origin, e.g. '/auth'. @default '' */
  readonly contextPath?: string;
  /** Major version: before 11 `exact` is ignored, before 23 no group has a parentId; all else is 26. @default 26 */
  readonly version?: number;
  /** @default 'corp' */
  readonly realm?: string;
  /** @default 'rollcall' */
  readonly clientId?: string;
  /** @default 'sim-secret' */
  readonly clientSecret?: string;
  /** @default ['view-users'] */
  readonly roles?: readonly Role[];
  /** @default 300 */
  readonly tokenLifetimeSeconds?: number;
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

export const DEFAULT_REALM = 'corp';
export const DEFAULT_CLIENT_ID = 'rollcall';
export const DEFAULT_CLIENT_SECRET = 'sim-secret';
export const DEFAULT_VERSION = 26;
export const DEFAULT_TOKEN_LIFETIME_SECONDS = 300;
