import type { FaultKind } from './faultKinds';

/** Application permissions that change what the simulated Graph shows. */
export const PERMISSIONS = [
  'User.Read.All',
  'GroupMember.Read.All',
  'Group.Read.All',
  'Directory.Read.All',
  'Member.Read.Hidden',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export interface EntraSimulatorOptions {
  /** @default 0, a free port */
  readonly port?: number;
  /** @default 'corp' */
  readonly tenantId?: string;
  /** @default 'rollcall' */
  readonly clientId?: string;
  /** @default 'sim-secret' */
  readonly clientSecret?: string;
  /** PEM of the certificate whose key may sign assertions; without it only the secret works. */
  readonly certificate?: string;
  /** @default ['User.Read.All', 'GroupMember.Read.All'] */
  readonly permissions?: readonly Permission[];
  /** @default 3599 */
  readonly tokenLifetimeSeconds?: number;
  /** Size of the made-up organisation. @default 0 */
  readonly users?: number;
  readonly groups?: number;
  /** Direct memberships of people in groups. @default 5 a user */
  readonly memberships?: number;
  /** Seed of generated data, of the order of batch answers and of faults at a rate. @default 1 */
  readonly seed?: number;
  /** Resource units in 10 seconds. @default what a tenant of this size has: 3,500, 5,000 or 8,000 */
  readonly resourceUnits?: number;
  /** Users on a page of /users/delta, and members on a page of /groups/delta. @default 100 */
  readonly deltaPage?: number;
  readonly faults?: readonly { readonly kind: FaultKind; readonly rate: number }[];
  /** Epoch milliseconds. @default the system clock */
  readonly now?: () => number;
}

export const DEFAULTS = {
  tenantId: 'corp',
  clientId: 'rollcall',
  clientSecret: 'sim-secret',
  permissions: ['User.Read.All', 'GroupMember.Read.All'],
  tokenLifetimeSeconds: 3_599,
  deltaPage: 100,
} as const;
