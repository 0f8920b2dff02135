import type { SliceRange } from '../domain/ids';
import type { LedgerMembership } from '../domain/model';
import type {
  LeaseRequest,
  LinkNote,
  LinkRelease,
  PersonTraces,
  StoredGroupLink,
  StoredLink,
  StoredMembership,
} from './link-records';

export interface LinkRepository {
  inSlices(connectorId: string, range: SliceRange): Promise<readonly StoredLink[]>;
  byExternalIds(connectorId: string, externalIds: readonly string[]): Promise<ReadonlyMap<string, StoredLink>>;
  /** The links that own these accounts, by account key. */
  owners(targetId: string, keys: readonly string[]): Promise<ReadonlyMap<string, StoredLink>>;
  /**
   * Takes leases by compare-and-set in one bulk write and reads back which it got. A lease past `now` is free; a name claimed by
   * another link or a lease of another token is busy. @returns the links it got by external id (with the lease), and the busy ones.
   */
  acquire(input: {
    connectorId: string;
    requests: readonly LeaseRequest[];
    owner: string;
    token: string;
    now: number;
    until: number;
  }): Promise<{ got: ReadonlyMap<string, StoredLink>; busy: readonly string[] }>;
  renew(connectorId: string, externalIds: readonly string[], token: string, until: number): Promise<void>;
  /**
   * Fenced by the token. A new link that never got an account is deleted when released with state `pending` and no claim.
   * States `released` and `erased` also drop the claim of the account. @returns the ids of links whose claim another link holds: these
   * were given back without any other change.
   */
  release(releases: readonly LinkRelease[]): Promise<{ readonly conflicts: readonly string[] }>;
  note(notes: readonly LinkNote[]): Promise<void>;
  /** Links of all connectors whose grace ends in the hour of `until` (ISO time) or before, the oldest first. */
  due(until: string, limit: number): Promise<readonly StoredLink[]>;
  /** Removes everything that is stored about a person, the link at last. May be repeated. */
  erase(traces: PersonTraces): Promise<void>;
  /** Makes it due again at `until`, unless it was noted otherwise meanwhile. */
  postpone(link: StoredLink, until: string): Promise<void>;
}

export interface GroupLinkRepository {
  list(connectorId: string): Promise<readonly StoredGroupLink[]>;
  put(link: StoredGroupLink): Promise<void>;
}

export interface MembershipRepository {
  /** Ledger entries of the users whose slice lies in the range, by external id. */
  inSlices(connectorId: string, range: SliceRange): Promise<ReadonlyMap<string, readonly LedgerMembership[]>>;
  put(memberships: readonly StoredMembership[]): Promise<void>;
  remove(connectorId: string, memberships: readonly { externalId: string; group: string }[]): Promise<void>;
}
