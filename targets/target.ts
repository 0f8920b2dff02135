import type { TargetUser } from '../domain/model';

export interface TargetPage<T> {
  readonly items: readonly T[];
  readonly cursor: string | null;
}
export interface CreateUserInput {
  readonly username: string;
  readonly email: string | null;
  readonly displayName: string;
  readonly notify: boolean;
  readonly applicationKeys: readonly string[];
}
export interface UserChange {
  readonly username?: string;
  readonly email?: string;
  readonly displayName?: string;
  readonly active?: boolean;
}
export interface TargetCheckStep {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy: string | null;
}

/** What the target can do, by product and version. */
export interface TargetCapabilities {
  readonly version: string;
  readonly listUsers: 'full' | 'capped' | 'none';
  readonly canDeactivate: boolean;
  readonly canRename: boolean;
}

/**
 * A product whose users and groups are kept. One call is one HTTP request unless stated.
 * Every method honours `signal` and throws TargetError; a 429 is thrown, never slept on.
 */
export interface ProvisioningTarget {
  capabilities(signal: AbortSignal): Promise<TargetCapabilities>;
  /** The account behind the credentials: never touched. */
  syncAccount(signal: AbortSignal): Promise<TargetUser>;
  /** All accounts, inactive included, page by page; one may come twice in two pages: keep one record a key. */
  listUsers(cursor: string | null, signal: AbortSignal): Promise<TargetPage<TargetUser>>;
  /** Direct and nested members, inactive included; null when the group does not exist. May repeat as `listUsers` may. */
  listMembers(group: string, cursor: string | null, signal: AbortSignal): Promise<TargetPage<TargetUser> | null>;
  findByKey(key: string, signal: AbortSignal): Promise<TargetUser | null>;
  findByUsername(username: string, signal: AbortSignal): Promise<TargetUser | null>;
  /** Names of all groups of the account; null when it does not exist. */
  groupsOf(key: string, signal: AbortSignal): Promise<readonly string[] | null>;
  createUser(input: CreateUserInput, signal: AbortSignal): Promise<TargetUser>;
  updateUser(key: string, change: UserChange, signal: AbortSignal): Promise<TargetUser>;
  createGroup(name: string, signal: AbortSignal): Promise<'created' | 'existed'>;
  groupExists(name: string, signal: AbortSignal): Promise<boolean>;
  /** `username` is the current one: memberships are by name (resolve it from the key first). */
  addMember(group: string, username: string, signal: AbortSignal): Promise<'added' | 'alreadyMember'>;
  removeMember(group: string, username: string, signal: AbortSignal): Promise<'removed' | 'notMember'>;
  test(signal: AbortSignal): Promise<readonly TargetCheckStep[]>;
  close(): Promise<void>;
}

export type TargetErrorKind =
  | 'authentication'
  | 'permission'
  | 'notFound'
  | 'exists'
  | 'invalid'
  | 'readOnly'
  | 'rateLimited'
  /** The answer was lost or says nothing about the effect (5xx, time-out, cut connection): read before any retry. */
  | 'ambiguous'
  | 'configuration';

/** A failure of the target. Messages hold no personal data and no secret. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  constructor(
    readonly kind: TargetErrorKind,
    message: string,
    readonly status: number | null = null,
    /** Milliseconds the target asked to wait. */
    readonly retryAfterMs: number | null = null,
    options?: ErrorOptions
  ) {
    super(message, options);
  }
}
