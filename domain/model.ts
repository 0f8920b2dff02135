/** Any JSON value a provider may deliver as an attribute. */
export type AttributeValue = string | number | boolean | null | readonly AttributeValue[] | AttributeRecord;
export interface AttributeRecord {
  readonly [name: string]: AttributeValue;
}

/** A user as the identity provider shows it. `externalId` is the provider's immutable id (or the configured key). */
export interface SourceUser {
  readonly externalId: string;
  readonly active: boolean;
  readonly attributes: AttributeRecord;
}

/** A group as the identity provider shows it. */
export interface SourceGroup {
  readonly externalId: string;
  readonly name: string;
  /** The provider's own name, once `name` is the one that the configuration makes of it (domain/group-name.ts). */
  readonly sourceName?: string;
  readonly attributes: AttributeRecord;
}

/** One direct membership at the identity provider; both ids are external ids. */
export interface SourceMembership {
  readonly groupId: string;
  readonly userId: string;
}

/** A group that is itself a member of another one; both ids are external ids. */
export interface SourceNesting {
  readonly groupId: string;
  readonly childId: string;
}

/** An account of the target. `key` never changes; `username` may. `email` is null when the target hides it. */
export interface TargetUser {
  readonly key: string;
  readonly username: string;
  readonly email: string | null;
  readonly displayName: string;
  readonly active: boolean;
}

/** The attributes of an account that Rollcall writes. */
export interface DesiredAccount {
  readonly username: string;
  readonly email: string | null;
  readonly displayName: string | null;
}

/** Who brought a membership into the target (rules 2.6). */
export type MembershipOrigin = 'us' | 'adopted' | 'foreign';

/** One membership of the ledger: who added it and through which source group. Names are target group names. */
export interface LedgerMembership {
  readonly group: string;
  readonly addedBy: MembershipOrigin;
}

/**
 * The life of a link: `pending` until its account is created or adopted, `released` once given up, `erased` when its
 * account was anonymized or deleted and what is stored about the person is to go too.
 */
export type LinkState = 'pending' | 'active' | 'inactive' | 'externalDirectory' | 'released' | 'erased';

/** "This source user is that target user", with what was last applied (rules 1). */
export interface Link {
  readonly connectorId: string;
  readonly externalId: string;
  readonly targetId: string;
  /** Null while the account is not created yet. */
  readonly targetKey: string | null;
  readonly state: LinkState;
  /** Counts the plans that changed this user; an operation planned on another version is stale (durability 2.3). */
  readonly version: number;
  /** The plan whose operations brought the link to `version`. */
  readonly versionBy: string | null;
  /** ISO time at which an operation on this user last came to its end; absent: none did since this is noted. */
  readonly changedAt?: string;
  readonly lastApplied: DesiredAccount | null;
  /** `us` when the last deactivation came from this link, so that it may be taken back (rules 3.3). */
  readonly lastDeactivatedBy: 'us' | null;
  readonly lastDeactivatedCause: LifecycleCause | null;
  /** ISO time of that deactivation; absent or null: not known, or there was none. */
  readonly lastDeactivatedAt?: string | null;
  /** His sessions were ended although the account could not be deactivated yet (rules 3.5); absent counts as false. */
  readonly sessionsEnded?: boolean;
  /** nameKeys of groups whose membership a read-only directory refused; absent: none (rules 3.8). */
  readonly refusedMemberships?: readonly string[];
  /** The version of the target's configuration under which its directory refused something. */
  readonly refusedUnder?: number;
  /** What the account was called before it was pseudonymized; absent: it never was. */
  readonly beforePseudonym?: DesiredAccount;
  /** Id of the target's task that anonymizes the account; absent: none was begun. */
  readonly erasureTask?: string;
  /** Properties as last written, by key; absent: none. */
  readonly lastProperties?: AttributeRecord;
  /** Fingerprint of the picture that was last set; absent or null: none was. */
  readonly lastPicture?: string | null;
  /** Names of the organizations that Rollcall put the account into; absent: none. */
  readonly organizations?: readonly string[];
  /** ISO time of the first complete read that lacked the user, or null. */
  readonly missingSince: string | null;
  /** ISO time since which the user is out of scope, or null. */
  readonly outOfScopeSince: string | null;
  /** ISO time since which the provider calls the user disabled, or null. */
  readonly disabledSince: string | null;
}

/** "This source group is that target group" (rules 2.1). */
export interface GroupLink {
  readonly connectorId: string;
  readonly groupId: string;
  /** The target's group name as first written or found. */
  readonly targetName: string;
  /** The source group's name when the link was made: a later difference is a rename at the provider (rules 2.2). */
  readonly sourceName: string;
  readonly state: 'active' | 'retired';
  readonly missingSince: string | null;
  /**
   * The foreign members of an authoritative group were decided on once. Until then each removal of a foreign
   * membership is held (rules 2.6); absent counts as false.
   */
  readonly foreignSettled?: boolean;
}

/** Why an account loses its right to be active (rules 3.1). */
export type LifecycleCause = 'disabled' | 'missing' | 'outOfScope' | 'unmatched';
