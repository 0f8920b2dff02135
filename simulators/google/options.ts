export interface GoogleSimulatorOptions {
  /** @default 0, a free port */
  readonly port?: number;
  /** The service account. @default 'rollcall@sim.iam.gserviceaccount.com' */
  readonly clientEmail?: string;
  /** The public half of its key, SPKI as PEM. @default none: no assertion is accepted */
  readonly publicKey?: string;
  /** Scopes that the domain has delegated to the service account. @default users, groups and members, each to read */
  readonly scopes?: readonly string[];
  /** Whom the service account may stand for: an administrator of the domain. @default 'admin@example.com' */
  readonly admin?: string;
  /** @default 'C01simulator' */
  readonly customerId?: string;
  /** @default 'example.com' */
  readonly domain?: string;
  /** @default 3600 */
  readonly tokenLifetimeSeconds?: number;
  /** Requests a minute and administrator. @default 2400 */
  readonly rateLimit?: number;
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

export const DEFAULT_CLIENT_EMAIL = 'rollcall@sim.iam.gserviceaccount.com';
export const DEFAULT_ADMIN = 'admin@example.com';
export const DEFAULT_CUSTOMER_ID = 'C01simulator';
export const DEFAULT_DOMAIN = 'example.com';
export const DEFAULT_TOKEN_LIFETIME_SECONDS = 3_600;
export const DEFAULT_RATE_LIMIT = 2_400;

const SCOPE = 'https://www.googleapis.com/auth/admin.directory';
export const USER_SCOPE = `${SCOPE}.user.readonly`;
export const GROUP_SCOPE = `${SCOPE}.group.readonly`;
export const MEMBER_SCOPE = `${SCOPE}.group.member.readonly`;
export const DEFAULT_SCOPES = [USER_SCOPE, GROUP_SCOPE, MEMBER_SCOPE] as const;
