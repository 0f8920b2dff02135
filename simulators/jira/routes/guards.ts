import { refuse, type Call } from '../http/call';
import { isFull, isSystemAdministrator, mayUse } from '../model/access';
import { isMembershipWritable, isWritable, type UserDirectory } from '../model/directories';
import type { JiraGroup, JiraUser } from '../model/state';
import type { Simulator } from '../simulator';

/** The directory that gets new users and groups: the first that can be written. */
export function requireDirectory(call: Call, simulator: Simulator): UserDirectory {
  const directory = simulator.directories.find(({ writable }) => writable);
  if (directory === undefined) throw refuse(call, simulator.behaviour.readOnlyStatus, 'readOnlyDirectory');
  return directory;
}

/** Refuses a write to a user or group of a directory that is read-only. */
export function requireWritable(call: Call, simulator: Simulator, holder: JiraUser | JiraGroup): void {
  if (isWritable(simulator.directories, holder)) return;
  throw refuse(call, simulator.behaviour.readOnlyStatus, 'readOnlyDirectory');
}

/** Refuses a change of members where the group or the memberships of the user are read-only. */
export function requireWritableMembership(call: Call, simulator: Simulator, user: JiraUser, group: JiraGroup): void {
  if (isMembershipWritable(simulator.directories, user, group)) return;
  throw refuse(call, simulator.behaviour.readOnlyStatus, 'readOnlyDirectory');
}

/** Only system administrators change one of them. */
export function requireMayChange(call: Call, simulator: Simulator, user: JiraUser): void {
  const { state, behaviour } = simulator;
  if (behaviour.changeSystemAdministrator === 'allowed' || !isSystemAdministrator(state, user)) return;
  if (call.caller !== null && isSystemAdministrator(state, call.caller)) return;
  throw refuse(call, 403, 'systemAdministratorNeeded');
}

/** Refuses a member that would take a seat which is not there, if that is looked at here at all. */
export function requireSeatFor(call: Call, simulator: Simulator, user: JiraUser, group: JiraGroup): void {
  const { state, behaviour, options, applications } = simulator;
  if (behaviour.joinOverSeats === 'allowed' || !user.active) return;
  const full = applications
    .filter((application) => application.groups.includes(group.lowerName) && !mayUse(state, application, user))
    .find((application) => isFull(state, options, application));
  if (full !== undefined) throw refuse(call, 400, 'noSeats', full.name);
}
