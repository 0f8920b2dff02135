import { createSortedNames, type SortedNames } from '../../support/sortedNames';
import type { Locale } from '../messages';

/** Names are unique and looked up in lower case and shown as they were written; the key never changes. */
export interface JiraUser {
  readonly key: string;
  name: string;
  lowerName: string;
  displayName: string;
  emailAddress: string;
  active: boolean;
  /** SHA-256; null: nobody can log in with a password. */
  passwordHash: string | null;
  readonly timeZone: string;
  locale: Locale | null;
  /** Lower-case names of the groups. */
  readonly groups: Set<string>;
  readonly properties: Map<string, unknown>;
}

export interface JiraGroup {
  readonly name: string;
  readonly lowerName: string;
  /** Lower-case names of the members: all of them, and those that are active. */
  readonly members: SortedNames;
  readonly activeMembers: SortedNames;
}

export interface DeletedUser {
  readonly key: string;
  readonly name: string;
}

export interface JiraProject {
  readonly key: string;
  readonly leadKey: string;
}

export interface AccessToken {
  readonly token: string;
  readonly userKey: string;
  /** ISO time; null: never. */
  readonly expiresAt: string | null;
}

export interface JiraState {
  readonly usersByKey: Map<string, JiraUser>;
  readonly usersByName: Map<string, JiraUser>;
  readonly userNames: SortedNames;
  readonly activeUserNames: SortedNames;
  readonly groupsByName: Map<string, JiraGroup>;
  readonly groupNames: SortedNames;
  /** By lower-case name: Jira keeps the row that gives a name its key. */
  readonly deletedUsers: Map<string, DeletedUser>;
  readonly projects: Map<string, JiraProject>;
  readonly tokens: Map<string, AccessToken>;
  /** Session of a user by key; one is enough to see whether it was ended. */
  readonly sessions: Map<string, string>;
  readonly ids: IdSequence;
}

/** Where the next user id comes from. */
export interface IdSequence {
  block: number;
  used: number;
}

export const FIRST_USER_ID = 10_000;
const ID_BLOCK_SIZE = 100;
/** Ids come from blocks of 100 that are seldom used up, so that nobody can take keys for consecutive. */
const IDS_USED_PER_BLOCK = 7;

export function createState(): JiraState {
  return {
    usersByKey: new Map(),
    usersByName: new Map(),
    userNames: createSortedNames(),
    activeUserNames: createSortedNames(),
    groupsByName: new Map(),
    groupNames: createSortedNames(),
    deletedUsers: new Map(),
    projects: new Map(),
    tokens: new Map(),
    sessions: new Map(),
    ids: { block: FIRST_USER_ID, used: 0 },
  };
}

/** Since 8.4 the key is JIRAUSER and the id of the row. */
export function nextUserKey(ids: IdSequence): string {
  if (ids.used >= IDS_USED_PER_BLOCK) startNextBlock(ids);
  const id = ids.block + ids.used;
  ids.used += 1;
  return `JIRAUSER${id}`;
}

/** A restart gives up the rest of the block, as a database sequence with a cache does. */
export function startNextBlock(ids: IdSequence): void {
  ids.block += ID_BLOCK_SIZE;
  ids.used = 0;
}

export function findUser(state: JiraState, name: string): JiraUser | undefined {
  return state.usersByName.get(name.toLowerCase());
}

export function findGroup(state: JiraState, name: string): JiraGroup | undefined {
  return state.groupsByName.get(name.toLowerCase());
}

/** The groups of a user by the names they are shown with, sorted. */
export function groupsOf(state: JiraState, user: JiraUser): readonly JiraGroup[] {
  return [...user.groups]
    .sort()
    .map((name) => state.groupsByName.get(name))
    .filter((group) => group !== undefined);
}

/** Keys of the projects that a user leads. */
export function projectsLedBy(state: JiraState, user: JiraUser): readonly string[] {
  return [...state.projects.values()].filter((project) => project.leadKey === user.key).map((project) => project.key);
}
