import { findGroup, type JiraState, type JiraUser } from './state';

export const ADMIN_GROUP = 'jira-administrators';
export const SOFTWARE_GROUP = 'jira-software-users';

/** An application of the licence: who is in one of its groups may use it and takes a seat. */
export interface JiraApplication {
  readonly key: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly defaultGroups: readonly string[];
}

export const JIRA_SOFTWARE: JiraApplication = {
  key: 'jira-software',
  name: 'Jira Software',
  groups: [SOFTWARE_GROUP, ADMIN_GROUP],
  defaultGroups: [SOFTWARE_GROUP],
};

export const APPLICATIONS: readonly JiraApplication[] = [JIRA_SOFTWARE];

export function findApplication(key: string): JiraApplication | undefined {
  return APPLICATIONS.find((application) => application.key === key);
}

export function isAdministrator(user: JiraUser): boolean {
  return user.active && user.groups.has(ADMIN_GROUP);
}

/** True when nobody else could undo a change: one active administrator is left and it is this user. */
export function isLastAdministrator(state: JiraState, user: JiraUser): boolean {
  return isAdministrator(user) && findGroup(state, ADMIN_GROUP)?.activeMembers.size() === 1;
}

export function mayUse(application: JiraApplication, user: JiraUser): boolean {
  return application.groups.some((group) => user.groups.has(group));
}

/** Active users of an application; inactive ones take no seat. */
export function seatsTaken(state: JiraState, application: JiraApplication): number {
  const users = new Set<string>();
  for (const name of application.groups) {
    const members = findGroup(state, name)?.activeMembers;
    for (const user of members?.slice(0, members.size()) ?? []) users.add(user);
  }
  return users.size;
}
