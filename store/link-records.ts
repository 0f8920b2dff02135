import type { GroupLink, LedgerMembership, Link, TargetUser } from '../domain/model';

export interface StoredLink extends Link {
  readonly id: string;
  readonly slice: number;
  /** dueKey of the hour in which a grace ends; absent: nothing waits. */
  readonly due?: string;
  readonly lease: { readonly owner: string; readonly token: string; readonly until: number } | null;
}

export interface LeaseRequest {
  readonly externalId: string;
  /** For a link that does not exist yet: the name it will take, claimed under a unique index before the first call. */
  readonly create: { readonly targetId: string; readonly usernameKey: string } | null;
}

/** The write that gives a lease back. Absent fields stay as they are. */
export interface LinkRelease {
  readonly id: string;
  readonly token: string;
  readonly set: Partial<Omit<Link, 'connectorId' | 'externalId' | 'targetId'>>;
  /** Also claims the account for this link (links.targetClaim). */
  readonly claimKey?: string;
  /** Drops the claim of the name, once the account exists. */
  readonly dropNameClaim?: boolean;
  /** When the sweep has to look at it again (ISO time); absent: as before. */
  readonly due?: string;
}

/** By what a person is found in what is stored. */
export interface PersonTraces {
  readonly connectorId: string;
  readonly externalId: string;
  readonly targetKey: string;
  /** Every name and address that is known of the account. */
  readonly usernames: readonly string[];
  readonly emails: readonly string[];
}

export interface LinkNote {
  readonly id: string;
  readonly connectorId: string;
  readonly externalId: string;
  /** When a grace ends (ISO time), so that the sweep finds it; null: nothing waits. */
  readonly due: string | null;
  readonly missingSince: string | null;
  readonly outOfScopeSince: string | null;
  readonly disabledSince: string | null;
  /** Given together when the account was activated by somebody else. */
  readonly state?: 'active';
  readonly lastDeactivatedBy?: null;
  readonly lastDeactivatedAt?: null;
  /** Given when nobody asks for the leaving any more. */
  readonly sessionsEnded?: false;
}

export interface StoredMembership extends LedgerMembership {
  readonly connectorId: string;
  readonly externalId: string;
}

export type StoredGroupLink = GroupLink;

export type StoredTargetUser = TargetUser;
