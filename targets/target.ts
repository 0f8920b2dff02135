import type { TargetUser } from '../domain/model';
import type {
  AccountProperties,
  Avatars,
  Departures,
  Directories,
  Erasure,
  Licences,
  Nesting,
  Organizations,
} from './extras';
import type { TargetPage } from './page';

/** A page of all accounts. */
export interface AccountsPage extends TargetPage<TargetUser> {
  /** Whether, after the last page, an account that was on none does not exist; else it has to be looked up. */
  readonly complete: boolean;
}
export interface MembersPage extends TargetPage<TargetUser> {
  /** Members of the group when this page was read. */
  readonly total: number;
}
export interface AccountWithGroups {
  readonly account: TargetUser;
  /** Names of all its groups. */
  readonly groups: readonly string[];
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

/**
 * What a target can do, by product, version and transport. The engine asks these, never the product, so that another
 * product is another folder in targets/ and a line in targets/registry.ts.
 */
export interface TargetCapabilities {
  readonly version: string;
  /** full: `listUsers` always ends with everybody · capped: it may answer null · none: it always does. */
  readonly listUsers: 'full' | 'capped' | 'none';
  /** Whether members by way of a nested group can be told from direct ones. */
  readonly listDirectMembers: boolean;
  readonly nestedGroups: 'read' | 'write' | 'none';
  /** What names an account for good; `none`: its username, which a rename changes. */
  readonly stableId: 'key' | 'none';
  readonly canDeactivate: boolean;
  /** Whether an account can come into being inactive; else it is created active and deactivated by a second write. */
  readonly canCreateInactive: boolean;
  readonly canRename: boolean;
  /** Whether one call adds many members. */
  readonly bulkAddMembers: boolean;
  /** Whether adding a member twice is a success of its own accord; else it is read back after a refusal. */
  readonly idempotentMembership: boolean;
  readonly usernamesLowerCaseOnly: boolean;
  /** Whether free licence seats can be asked for before an account takes one. */
  readonly seatPreflight: boolean;
  /** Whether answers may show the limiter of the target. */
  readonly rateHeaders: boolean;
  /** Whether values can be kept at an account for other programs. */
  readonly userProperties: boolean;
}

/**
 * A product whose users and groups are kept. One call is one HTTP request unless stated.
 * Every method honours `signal` and throws TargetError; a 429 is thrown, never slept on.
 */
export interface ProvisioningTarget {
  capabilities(signal: AbortSignal): Promise<TargetCapabilities>;
  /** The account behind the credentials: never touched. */
  syncAccount(signal: AbortSignal): Promise<TargetUser>;
  /**
   * All accounts, inactive included, page by page; one may come twice in two pages: keep one record a key.
   * Null, at any page, where the target ends its listing early: what came is true, but accounts have to be looked up.
   */
  listUsers(cursor: string | null, signal: AbortSignal): Promise<AccountsPage | null>;
  /** Direct and nested members, inactive included; null when the group does not exist. May repeat as `listUsers` may. */
  listMembers(group: string, cursor: string | null, signal: AbortSignal): Promise<MembersPage | null>;
  /** Active members, direct and nested; null when the group does not exist. */
  countActiveMembers(group: string, signal: AbortSignal): Promise<number | null>;
  findByKey(key: string, signal: AbortSignal): Promise<TargetUser | null>;
  findByUsername(username: string, signal: AbortSignal): Promise<TargetUser | null>;
  /**
   * Every account, inactive included, whose address has the same emailKey (domain/names.ts); [] for a text without '@'.
   * @throws TargetError 'configuration' when so many accounts begin like the address that the answer proves nothing
   */
  findByEmail(email: string, signal: AbortSignal): Promise<readonly TargetUser[]>;
  /** Account and groups in one request; null when the account does not exist. */
  findWithGroups(key: string, signal: AbortSignal): Promise<AccountWithGroups | null>;
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
  /** Groups of methods that a product may lack. */
  readonly properties?: AccountProperties | undefined;
  readonly avatars?: Avatars | undefined;
  readonly licences?: Licences | undefined;
  readonly departures?: Departures | undefined;
  readonly organizations?: Organizations | undefined;
  readonly nesting?: Nesting | undefined;
  readonly directories?: Directories | undefined;
  /** Only where it was asked for when the target was opened. */
  readonly erasure?: Erasure | undefined;
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

export interface TargetErrorOptions extends ErrorOptions {
  /** What an administrator can do about this very failure, where more is known than its kind. */
  readonly remedy?: string | undefined;
  /** The refusal may also mean that only an account of higher rank may change this one. @default false */
  readonly byRank?: boolean | undefined;
}

/** A failure of the target. Messages hold no personal data and no secret. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly remedy: string | null;
  readonly byRank: boolean;
  constructor(
    readonly kind: TargetErrorKind,
    message: string,
    readonly status: number | null = null,
    /** Milliseconds the target asked to wait. */
    readonly retryAfterMs: number | null = null,
    options: TargetErrorOptions = {}
  ) {
    super(message, options);
    this.remedy = options.remedy ?? null;
    this.byRank = options.byRank ?? false;
  }
}
