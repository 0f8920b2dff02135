import { createSortedNames, type SortedNames } from '../../support/sortedNames';
import type { Locale } from '../messages';

/** Names are unique and looked up in lower case and shown as they were written; the key never changes. */
export interface JiraUser {
  /** Changes only when an account with a key from before 8.4 is anonymized. */
  key: string;
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
  /** The directory that holds the account: the first by position, if several do. */
  directoryId: number;
  /** Attributes of the directory, which only /rest/usermanagement shows. */
  readonly attributes: Map<string, readonly string[]>;
  /** Milliseconds since the epoch; null: never. */
  lastLoginMs: number | null;
  /** Pictures that were uploaded, and the one that is shown; null: the picture of the installation. */
  readonly avatars: Map<number, JiraAvatar>;
  avatarId: number | null;
}

export interface JiraAvatar {
  readonly id: number;
  readonly fileName: string;
  /** SHA-256 of what was uploaded. */
  readonly contentHash: string;
}

/** An account of the same name in a directory further down: invisible until the one above it is gone. */
export interface ShadowAccount {
  readonly directoryId: number;
  readonly name: string;
  readonly displayName: string;
  readonly emailAddress: string;
  readonly active: boolean;
}

export interface JiraGroup {
  readonly name: string;
  readonly lowerName: string;
  /** Lower-case names of the members: all of them, and those that are active. */
  readonly members: SortedNames;
  readonly activeMembers: SortedNames;
  readonly directoryId: number;
  description: string;
  /** Lower-case names of the groups inside this one: their members count as members of it. */
  readonly children: Set<string>;
}

export interface DeletedUser {
  readonly key: string;
  readonly name: string;
}

export interface JiraProject {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly leadKey: string;
  readonly components: readonly JiraComponent[];
}

export interface JiraComponent {
  readonly id: number;
  readonly name: string;
  /** Null: nobody leads it. */
  readonly leadKey: string | null;
}

/** An organization of Service Management: customers that see each other's requests. */
export interface Organization {
  readonly id: number;
  readonly name: string;
  /** Keys of users. */
  readonly members: Set<string>;
}

/** A picture that was uploaded and not yet confirmed. */
export interface TemporaryAvatar {
  readonly fileName: string;
  readonly contentHash: string;
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
  /** Lower-case names of the groups that hold others. */
  readonly parentGroups: Set<string>;
  /** By lower-case name: Jira keeps the row that gives a name its key. */
  readonly deletedUsers: Map<string, DeletedUser>;
  /** By lower-case name, in the order of the directories. */
  readonly shadows: Map<string, readonly ShadowAccount[]>;
  readonly projects: Map<string, JiraProject>;
  readonly organizations: Map<number, Organization>;
  /** By key of the user whose picture it is to be. */
  readonly temporaryAvatars: Map<string, TemporaryAvatar>;
  readonly tokens: Map<string, AccessToken>;
  /** Session of a user by key; one is enough to see whether it was ended. */
  readonly sessions: Map<string, string>;
  readonly ids: IdSequence;
}

/** Where the next user id comes from. */
export interface IdSequence {
  block: number;
  used: number;
  /** The last id of anything that is no user. */
  other: number;
}

export const FIRST_USER_ID = 10_000;
const FIRST_OTHER_ID = 10_500;
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
    parentGroups: new Set(),
    deletedUsers: new Map(),
    shadows: new Map(),
    projects: new Map(),
    organizations: new Map(),
    temporaryAvatars: new Map(),
    tokens: new Map(),
    sessions: new Map(),
    ids: { block: FIRST_USER_ID, used: 0, other: FIRST_OTHER_ID },
  };
}

/** Since 8.4 the key is JIRAUSER and the id of the row. */
export function nextUserKey(ids: IdSequence): string {
  if (ids.used >= IDS_USED_PER_BLOCK) startNextBlock(ids);
  const id = ids.block + ids.used;
  ids.used += 1;
  return `JIRAUSER${id}`;
}

/** The id of a new project, component, picture, organization or task. */
export function nextId(ids: IdSequence): number {
  ids.other += 1;
  return ids.other;
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

/** The groups that a user is in itself, by the names they are shown with, sorted. */
export function groupsOf(state: JiraState, user: JiraUser): readonly JiraGroup[] {
  return [...user.groups]
    .sort()
    .map((name) => state.groupsByName.get(name))
    .filter((group) => group !== undefined);
}

/** Whether a user leads a project or a component. */
export function leadsAnything(state: JiraState, user: JiraUser): boolean {
  return [...state.projects.values()].some(
    ({ leadKey, components }) => leadKey === user.key || components.some((component) => component.leadKey === user.key)
  );
}

/** Keys of the projects that a user leads. */
export function projectsLedBy(state: JiraState, user: JiraUser): readonly string[] {
  return [...state.projects.values()].filter((project) => project.leadKey === user.key).map((project) => project.key);
}
