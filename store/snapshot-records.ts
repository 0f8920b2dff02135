import type { SourceGroup, SourceMembership, SourceNesting, SourceUser } from '../domain/model';

export interface SnapshotItem<T> {
  /** Unique within run and kind. */
  readonly key: string;
  readonly slice: number;
  /** Position in the listing; a repeated page has the same positions. */
  readonly seq: number;
  readonly place: string | null;
  readonly record: T;
}

export interface SnapshotRecords {
  readonly user: SourceUser;
  readonly group: SourceGroup;
  readonly membership: SourceMembership;
  readonly nesting: SourceNesting;
  readonly change: SourceChange;
}

/** What a reading of changes took away from an earlier snapshot: it is not copied from there. */
export interface SourceChange {
  /** `group`: with its members; `members`: they were read again. */
  readonly gone: 'user' | 'group' | 'members';
  readonly id: string;
}

export type SnapshotKind = keyof SnapshotRecords;

export interface Duplicate {
  readonly key: string;
  readonly place: string | null;
  readonly firstPlace: string | null;
}

/** Two of those who hold a key: equal when there is only one. */
export interface KeyHolders {
  readonly lo: string;
  readonly hi: string;
}

/** sourceName/sourceEmail: wanted by source users (external ids) · targetName/targetEmail: held by accounts (keys) ·
 * formerLink: who takes over which link in a hand-over (external ids of both sides). */
export type KeySpace = 'sourceName' | 'sourceEmail' | 'targetName' | 'targetEmail' | 'formerLink';

export interface TargetGroupRecord {
  readonly name: string;
  readonly exists: boolean;
  readonly activeMembers: number;
  /** Only while nothing but the first page was read: where it goes on, how many there are, and the active ones so far. */
  readonly rest?: {
    readonly cursor: string;
    readonly members: number;
    readonly read: number;
    readonly active: readonly string[];
  };
}
