import type { AttributeRecord, Link, SourceUser, TargetUser } from '../model';
import type { Value } from './values';

/** Whom an expression about a user looks at. */
export interface Subject {
  readonly user: SourceUser;
  /** Names of the source groups the user is a member of, as `groups.name` and `groups.transforms` make them. */
  readonly groups: readonly string[];
  /** What the target has now; null where there is no account, or it is not known yet. */
  readonly existing: AttributeRecord | null;
  readonly link: AttributeRecord | null;
}

/** What the variable `existing` shows of an account and the names of its groups. */
export function existingRecord(account: TargetUser | null, groups: readonly string[] = []): AttributeRecord | null {
  if (account === null) return null;
  const { username, email, displayName, active } = account;
  return { username, email, displayName, active, groups };
}

/** What the variable `link` shows: how the person and the account stand to each other. */
export function linkRecord(link: Link | null): AttributeRecord | null {
  if (link === null) return null;
  return {
    state: link.state,
    lastApplied: link.lastApplied === null ? null : { ...link.lastApplied },
    deactivatedBy: link.lastDeactivatedBy,
    deactivatedBecause: link.lastDeactivatedCause,
  };
}

/** A subject of whom nothing but the source is known. */
export function subjectOf(user: SourceUser, groups: readonly string[] = []): Subject {
  return { user, groups, existing: null, link: null };
}

/** The variables beside `user`. */
export function variablesOf({ groups, existing, link }: Subject): Readonly<Record<string, Value>> {
  return { groups, existing, link };
}
