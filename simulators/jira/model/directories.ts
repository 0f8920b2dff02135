import type { DirectoryLayout, LdapGroups } from '../options';
import type { JiraGroup, JiraUser } from './state';

export const INTERNAL_DIRECTORY_ID = 1;
export const LDAP_DIRECTORY_ID = 10_000;

/** A user directory; the order of the list is their position. */
export interface UserDirectory {
  readonly id: number;
  readonly name: string;
  /** Whether users and groups of it can be written. */
  readonly writable: boolean;
  /** Whether its users can be members of groups that Jira keeps. */
  readonly localGroups: boolean;
}

const INTERNAL: UserDirectory = {
  id: INTERNAL_DIRECTORY_ID,
  name: 'Jira Internal Directory',
  writable: true,
  localGroups: true,
};

/** The directories in their order: the first that holds a user wins, the first that is writable gets new ones. */
export function directoriesOf(layout: DirectoryLayout, ldapGroups: LdapGroups): readonly UserDirectory[] {
  const ldap: UserDirectory = {
    id: LDAP_DIRECTORY_ID,
    name: 'LDAP server',
    writable: false,
    localGroups: ldapGroups === 'local',
  };
  switch (layout) {
    case 'internal':
      return [INTERNAL];
    case 'ldap-first':
      return [ldap, INTERNAL];
    case 'ldap-second':
      return [INTERNAL, ldap];
  }
}

export function directoryById(directories: readonly UserDirectory[], id: number): UserDirectory {
  const directory = directories.find((one) => one.id === id);
  if (directory === undefined) throw new Error(`the state has a user or group of directory ${id}, which is not there`);
  return directory;
}

export function isWritable(directories: readonly UserDirectory[], holder: JiraUser | JiraGroup): boolean {
  return directoryById(directories, holder.directoryId).writable;
}

/** Whether the membership can be written: neither the group nor the memberships of the user lie in the directory. */
export function isMembershipWritable(directories: readonly UserDirectory[], user: JiraUser, group: JiraGroup): boolean {
  return isWritable(directories, group) && directoryById(directories, user.directoryId).localGroups;
}
