import type { z } from 'zod';
import type { SourceGroup, SourceMembership, SourceNesting, SourceUser } from '../domain/model';
import type { CallLimiter } from '../domain/call-limiter';
import type { GroupPattern, GroupSettings, MappingSettings, ScopeSettings } from '../domain/settings';
import type { CredentialExpiry } from './expiry';
import type { PushedRecords } from './scim/pushed';

export type SourceKind = 'users' | 'groups' | 'memberships';

/** One record with where it stands, so that an error can name the place ("line 17"). */
export interface Placed<T> {
  readonly record: T;
  readonly place: string | null;
}

/** One page. `cursor` null: that was the last page; a listing that ends otherwise is not complete. */
export interface Page<T> {
  readonly items: readonly Placed<T>[];
  readonly cursor: string | null;
  /** Groups within groups that a page of memberships met: who is in one is in the others too (rules 2.8). */
  readonly nestings?: readonly SourceNesting[];
  /** What of this page is not proved to be all. */
  readonly incomplete?: readonly string[];
  /** With the last page, where the provider counts: how many different records the whole listing has. */
  readonly total?: number;
}

export interface ProviderCapabilities {
  readonly delta: boolean;
  readonly counts: boolean;
  /** Groups within groups. */
  readonly nested: boolean;
  /** Which kinds the configured source delivers at all. */
  readonly delivers: readonly SourceKind[];
  /** True: an id that occurs twice in one listing refuses the read; false: the later one wins. */
  readonly refusesDuplicates: boolean;
}

/** What a person is known by besides the id. */
export type UserKey = 'username' | 'email';

/** What a look-up by id found out. */
export type LookUp = { readonly found: SourceUser } | 'absent' | 'unknown';

export interface CheckStep {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What the admin must do, when not ok. */
  readonly remedy: string | null;
}

/**
 * One identity provider. Every call may be repeated and honours `signal`.
 * Listings resume from any cursor they gave out, in another process too.
 * @throws ProviderError (connectors/errors.ts)
 */
export interface IdentityProvider {
  readonly capabilities: ProviderCapabilities;
  /** Absent: every read is a full one. */
  readonly changes?: IncrementalReading;
  listUsers(cursor: string | null, signal: AbortSignal): Promise<Page<SourceUser>>;
  listGroups(cursor: string | null, signal: AbortSignal): Promise<Page<SourceGroup>>;
  listMemberships(cursor: string | null, signal: AbortSignal): Promise<Page<SourceMembership>>;
  /** At most LOOK_UP_LIMIT ids a call; the answer has an entry for each. */
  lookUpUsers(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, LookUp>>;
  lookUpGroups(
    ids: readonly string[],
    signal: AbortSignal
  ): Promise<ReadonlyMap<string, 'present' | 'absent' | 'unknown'>>;
  /**
   * Users whose own name (or address) at the provider is this one, letter case aside: two at most, which is enough to
   * tell one from several. Empty where there is none.
   */
  findUsers(by: UserKey, value: string, signal: AbortSignal): Promise<readonly SourceUser[]>;
  /**
   * Every group one user is a member of, as `listMemberships` and `listGroups` together deliver them; `unknown` where
   * that cannot be proved (nothing may then be withdrawn).
   */
  groupsOf(userId: string, signal: AbortSignal): Promise<readonly SourceGroup[] | 'unknown'>;
  /** What the provider itself counts, where it does. */
  counts(signal: AbortSignal): Promise<Partial<Record<SourceKind, number>>>;
  /** A text that changes when another tenant, realm or file is read, or its permissions changed. */
  identity(): string;
  test(signal: AbortSignal): Promise<readonly CheckStep[]>;
  /** Credentials whose last day is known; absent: none of this source ends by itself. */
  expiries?(): readonly CredentialExpiry[];
  close(): Promise<void>;
}
export const LOOK_UP_LIMIT = 200;

/** Where a reading of changes stands. */
export interface ChangesInput {
  /** What an earlier complete read ended with. */
  readonly since: string;
  /** Null: at the beginning. */
  readonly cursor: string | null;
  /** Ids of groups that are known to lie in others: their members count although they may not be synced themselves. */
  readonly nestedGroups: ReadonlySet<string>;
}

/** A part of what changed; later parts win over earlier ones, and any part may come twice. */
export interface ChangePage {
  readonly users: readonly SourceUser[];
  readonly groups: readonly SourceGroup[];
  /** Of groups that are, or were before, in `rereadGroups`. */
  readonly memberships: readonly SourceMembership[];
  readonly nestings: readonly SourceNesting[];
  readonly goneUsers: readonly string[];
  readonly goneGroups: readonly string[];
  /** Groups whose memberships and nestings of old count no more: all that they have now follows. */
  readonly rereadGroups: readonly string[];
  /** True: of `users` only those that were read before take part. */
  readonly onlyKnownUsers: boolean;
  readonly incomplete: readonly string[];
  readonly cursor: string | null;
  /** With the last part: where the next reading of changes begins. */
  readonly mark: string | null;
}

/** Reading what changed since an earlier complete read, for providers that can tell. */
export interface IncrementalReading {
  /** Where a full read begins, asked for before it: what changes meanwhile is told by the next reading of changes. */
  mark(signal: AbortSignal): Promise<string>;
  /** @throws ProviderError cursorExpired: only a full read helps */
  listChanges(input: ChangesInput, signal: AbortSignal): Promise<ChangePage>;
}

/** What calls to one provider share over all workers and connectors (durability 5.6). */
export interface CallBudget {
  /** The same text for everything that counts against the same limit: the tenant, organisation or realm. */
  readonly connection: string;
  /** The most requests that are open at one moment. */
  readonly concurrency: number;
}

/** What of a connector beside its source a provider may need. */
export interface ProviderParts {
  /** What the connector will read, so that a source with named columns can refuse early; absent: the preset. */
  readonly mapping?: MappingSettings;
  /** Who takes part, so that a provider may read no more than that; absent: everybody. */
  readonly scope?: ScopeSettings;
  /** The groups that are synced; null: those of the scope; absent: every one. */
  readonly groups?: readonly GroupPattern[] | null;
  /** How groups get the names that `scope` and `groups` are about; absent: as the provider names them. */
  readonly naming?: GroupSettings;
  /** An expression looks at the groups of people: then all memberships count, whichever groups are synced. */
  readonly looksAtGroups?: boolean;
  /** The shared budget; absent: only the requests of this client count. */
  readonly limiter?: CallLimiter;
  /** What was pushed to the connector; absent outside a worker. */
  readonly context?: ProviderContext;
}

/** What a worker hands to the provider of a connector beside its settings. */
export interface ProviderContext {
  readonly connectorId: string;
  readonly pushed: PushedRecords;
}

/** How a source type joins the system: one of these a provider, listed in registry.ts. */
export interface ProviderDefinition<S = unknown> {
  readonly type: string;
  readonly settings: z.ZodType<S>;
  /** Top-level keys of the settings that are secrets: encrypted in the store, never shown. */
  readonly secrets: readonly string[];
  /** Keys whose change makes it another source (rules 1.1). */
  readonly identityKeys: readonly string[];
  /** Keys beside the secrets whose change leaves what is read as it is; absent: none. */
  readonly immaterial?: readonly string[];
  readonly preset: MappingSettings;
  /** The keys common to several sources (config/unbuilt.ts, `source`) that its settings have; the others stay refused. */
  readonly supports?: readonly string[];
  /** The budget that its calls count against; absent or null: a limit of each client alone. */
  budget?(settings: S): CallBudget | null;
  create(settings: S, parts?: ProviderParts): IdentityProvider;
}
