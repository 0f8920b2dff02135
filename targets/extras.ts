import type { TargetUser } from '../domain/model';
import type { DirectoryAccount } from '../domain/migration';
import type { GroupContent } from '../domain/nesting';
import type { TargetPage } from './page';

/** Groups of methods that a product may have beside those of every target. */

/** An account by its lasting key and its current username. */
export type AccountName = Pick<TargetUser, 'key' | 'username'>;

/** An application of the target that is licensed by the seat. */
export interface Licence {
  readonly application: string;
  readonly name: string;
  /** An active account in any of them takes one seat, however many of them it is in. */
  readonly groups: readonly string[];
  /** Given to new accounts of the application. */
  readonly defaultGroups: readonly string[];
  /** Null: no limit. */
  readonly seats: number | null;
  readonly remaining: number | null;
  readonly used: number;
}
export interface ProjectLead {
  readonly project: string;
  /** Null where the target names no key: compare the username then. */
  readonly leadKey: string | null;
  readonly leadUsername: string | null;
}
export interface ComponentLead {
  readonly component: string;
  readonly leadKey: string | null;
  readonly leadUsername: string;
}
export interface AvatarImage {
  /** image/png, image/jpeg or image/gif */
  readonly type: string;
  readonly bytes: Uint8Array;
}
export interface Organization {
  readonly id: string;
  readonly name: string;
}
export type AnonymizationState = 'running' | 'done' | 'failed' | 'unknown';

/** Values kept at accounts for other programs, and the one in which the external id is kept. */
export interface AccountProperties {
  /** Null where there is none. */
  read(key: string, name: string, signal: AbortSignal): Promise<unknown>;
  write(key: string, property: { readonly name: string; readonly value: unknown }, signal: AbortSignal): Promise<void>;
  remove(key: string, name: string, signal: AbortSignal): Promise<void>;
  keepExternalId(key: string, externalId: string, signal: AbortSignal): Promise<'written' | 'unchanged'>;
}

/** What may stand in the way of a leaver, and what ends with him. */
export interface Departures {
  projectLeads(signal: AbortSignal): Promise<readonly ProjectLead[]>;
  componentLeads(project: string, signal: AbortSignal): Promise<readonly ComponentLead[]>;
  endSessions(username: string, signal: AbortSignal): Promise<void>;
  /** Makes the account of this username lead of a project. */
  replaceLead(project: string, username: string, signal: AbortSignal): Promise<void>;
}

export interface Avatars {
  /** A picture that was set before is not written again. */
  set(account: AccountName, image: AvatarImage, signal: AbortSignal): Promise<'set' | 'unchanged'>;
}

export interface Licences {
  read(signal: AbortSignal): Promise<readonly Licence[]>;
}

/** Customers by company. Only accounts that are named are added or removed. */
export interface Organizations {
  list(cursor: string | null, signal: AbortSignal): Promise<TargetPage<Organization>>;
  listUsers(id: string, cursor: string | null, signal: AbortSignal): Promise<TargetPage<TargetUser> | null>;
  create(name: string, signal: AbortSignal): Promise<Organization>;
  addUsers(id: string, usernames: readonly string[], signal: AbortSignal): Promise<void>;
  removeUsers(id: string, usernames: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Tells members of a group from those of groups within it (rules 2.8). Usernames: other keys are not known here. */
export interface Nesting {
  /** Of every group, in one request. @throws TargetError 'configuration' for more than 64 MB */
  directMembers(signal: AbortSignal): Promise<readonly GroupContent[]>;
  /** Names of the groups in which an account is of its own accord; [] or a refusal when it does not exist. */
  directGroupsOf(username: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** User directories of the target. */
export interface Directories {
  /** By username, for names that several directories have: in their order, the first is the one that is seen. Null: not told. */
  duplicated(signal: AbortSignal): Promise<ReadonlyMap<string, readonly DirectoryAccount[]> | null>;
  /** In which directory each account lies; absent where the target does not tell. */
  readonly list?: (
    cursor: string | null,
    signal: AbortSignal
  ) => Promise<TargetPage<{ readonly username: string; readonly directoryId: string }>>;
}

/** What cannot be undone. `username` has to be that of the key, or nothing is done. */
export interface Erasure {
  deleteUser(account: AccountName, signal: AbortSignal): Promise<'deleted' | 'gone'>;
  /** @returns the id of a task. */
  startAnonymization(account: AccountName, newOwnerKey: string, signal: AbortSignal): Promise<string>;
  anonymization(taskId: string, signal: AbortSignal): Promise<AnonymizationState>;
}
