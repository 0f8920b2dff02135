import type { ApplicationKey, JiraSimulatorOptions } from '../options';
import { effectiveMembers, isEffectiveMember, type NameList } from './nesting';
import { findGroup, type JiraGroup, type JiraState, type JiraUser } from './state';

export const ADMIN_GROUP = 'jira-administrators';
export const SOFTWARE_GROUP = 'jira-software-users';
export const SERVICE_DESK_GROUP = 'jira-servicedesk-users';
/** Its members administer Jira and are no system administrators; there when somebody creates it. */
export const PLAIN_ADMIN_GROUP = 'jira-plain-administrators';

/** An application of the licence: who is in one of its groups may use it and takes a seat. */
export interface JiraApplication {
  readonly key: ApplicationKey;
  readonly name: string;
  readonly groups: readonly string[];
  readonly defaultGroups: readonly string[];
  /** Whether new users get it when a request names no application. */
  readonly selectedByDefault: boolean;
}

const JIRA_SOFTWARE: JiraApplication = {
  key: 'jira-software',
  name: 'Jira Software',
  groups: [SOFTWARE_GROUP, ADMIN_GROUP],
  defaultGroups: [SOFTWARE_GROUP],
  selectedByDefault: true,
};

const SERVICE_MANAGEMENT: JiraApplication = {
  key: 'jira-servicedesk',
  name: 'Jira Service Management',
  groups: [SERVICE_DESK_GROUP],
  defaultGroups: [SERVICE_DESK_GROUP],
  selectedByDefault: false,
};

const ALL_APPLICATIONS = [JIRA_SOFTWARE, SERVICE_MANAGEMENT];

/** What the licence covers. */
export function applicationsOf({ applications }: JiraSimulatorOptions): readonly JiraApplication[] {
  const licensed: readonly ApplicationKey[] = applications ?? [JIRA_SOFTWARE.key];
  return ALL_APPLICATIONS.filter(({ key }) => licensed.includes(key));
}

export function isSystemAdministrator(state: JiraState, user: JiraUser): boolean {
  return user.active && isIn(state, ADMIN_GROUP, user);
}

export function isAdministrator(state: JiraState, user: JiraUser): boolean {
  return isSystemAdministrator(state, user) || (user.active && isIn(state, PLAIN_ADMIN_GROUP, user));
}

function isIn(state: JiraState, name: string, user: JiraUser): boolean {
  const group = findGroup(state, name);
  return group !== undefined && isEffectiveMember(state, group, user);
}

/** True when nobody else could undo a change: one active system administrator is left and it is this user. */
export function isLastAdministrator(state: JiraState, user: JiraUser): boolean {
  const group = findGroup(state, ADMIN_GROUP);
  if (group === undefined || !isSystemAdministrator(state, user)) return false;
  return effectiveMembers(state, group, 'activeMembers').size() === 1;
}

export function mayUse(state: JiraState, application: JiraApplication, user: JiraUser): boolean {
  return application.groups.some((name) => isIn(state, name, user));
}

/** Active users of an application: the union of its groups; inactive ones take no seat. */
export function seatsTaken(state: JiraState, application: JiraApplication): number {
  const groups = application.groups.map((name) => findGroup(state, name)).filter((group) => group !== undefined);
  let taken = 0;
  groups.forEach((group, index) => {
    const members = effectiveMembers(state, group, 'activeMembers');
    const counted = groups.slice(0, index);
    if (counted.length === 0) taken += members.size();
    else taken += usersOf(state, members).filter((user) => !isInAny(state, counted, user)).length;
  });
  return taken;
}

function usersOf(state: JiraState, names: NameList): readonly JiraUser[] {
  return names
    .slice(0, names.size())
    .map((name) => state.usersByName.get(name))
    .filter((user) => user !== undefined);
}

function isInAny(state: JiraState, groups: readonly JiraGroup[], user: JiraUser): boolean {
  return groups.some((group) => isEffectiveMember(state, group, user));
}

/** The seats of one application; undefined: as many as are wanted. */
export function seatsOf({ seats }: JiraSimulatorOptions, application: JiraApplication): number | undefined {
  return typeof seats === 'object' ? seats[application.key] : seats;
}

/** Whether nobody further may use the application. */
export function isFull(state: JiraState, options: JiraSimulatorOptions, application: JiraApplication): boolean {
  const seats = seatsOf(options, application);
  return seats !== undefined && seatsTaken(state, application) >= seats;
}
