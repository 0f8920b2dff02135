import { createHash } from 'node:crypto';
import { empty, json, type Answer } from '../http/answer';
import { parameter, refuse, type Call, type Endpoint } from '../http/call';
import { isFull, seatsOf, seatsTaken, type JiraApplication } from '../model/access';
import { removeMember } from '../model/groups';
import { findGroup, type JiraUser } from '../model/state';
import type { Simulator } from '../simulator';
import { joinDefaultGroups } from './createUser';
import { requireWritableMembership } from './guards';
import { requireUser } from './lookups';

/** Seats and who takes them: what has to be asked before many users are given access. */
function listApplicationRoles(_call: Call, simulator: Simulator): Answer {
  const roles = simulator.applications.map((application) => roleBean(simulator, application));
  const tag = createHash('sha256').update(JSON.stringify(roles)).digest('hex').slice(0, 32);
  return json(200, roles, { ETag: `"${tag}"` });
}

function roleBean(simulator: Simulator, application: JiraApplication): unknown {
  const seats = seatsOf(simulator.options, application);
  const userCount = seatsTaken(simulator.state, application);
  return {
    key: application.key,
    groups: application.groups,
    name: application.name,
    defaultGroups: application.defaultGroups,
    selectedByDefault: application.selectedByDefault,
    defined: true,
    numberOfSeats: seats ?? -1,
    remainingSeats: seats === undefined ? -1 : Math.max(0, seats - userCount),
    userCount,
    userCountDescription: `${userCount} ${userCount === 1 ? 'user' : 'users'}`,
    hasUnlimitedSeats: seats === undefined,
    platform: false,
  };
}

function applicationOf(call: Call, simulator: Simulator): JiraApplication {
  const key = parameter(call, 'applicationKey') ?? '';
  const application = simulator.applications.find((one) => one.key === key);
  if (application === undefined) throw refuse(call, 400, 'unknownApplication', key);
  return application;
}

function grantAccess(call: Call, simulator: Simulator): Answer {
  const user = requireUser(call, simulator);
  const application = applicationOf(call, simulator);
  if (isFull(simulator.state, simulator.options, application)) throw refuse(call, 400, 'noSeats', application.name);
  requireWritableAccess(call, simulator, user, application.defaultGroups);
  if (joinDefaultGroups(simulator, user, application) === 0) simulator.effects.countNoop();
  return empty(200);
}

function requireWritableAccess(call: Call, simulator: Simulator, user: JiraUser, names: readonly string[]): void {
  for (const name of names) {
    const group = findGroup(simulator.state, name);
    if (group !== undefined) requireWritableMembership(call, simulator, user, group);
  }
}

/** Access ends only when the user leaves every group of the application. */
function revokeAccess(call: Call, simulator: Simulator): Answer {
  const user = requireUser(call, simulator);
  const application = applicationOf(call, simulator);
  if (user === call.caller) throw refuse(call, 400, 'ownAccess');
  requireWritableAccess(call, simulator, user, application.groups);
  let left = 0;
  for (const name of application.groups) {
    const group = findGroup(simulator.state, name);
    if (group === undefined || !removeMember(group, user)) continue;
    left += 1;
    simulator.effects.count('membershipsRemoved', user.key);
  }
  if (left === 0) simulator.effects.countNoop();
  return empty(204);
}

function getApplicationRole(call: Call, simulator: Simulator): Answer {
  const key = call.path['key'] ?? '';
  const application = simulator.applications.find((one) => one.key === key);
  if (application === undefined) throw refuse(call, 404, 'unknownApplication', key);
  return json(200, roleBean(simulator, application));
}

export const APPLICATION_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/applicationrole', access: 'administrator', handle: listApplicationRoles },
  { method: 'GET', path: '/applicationrole/{key}', access: 'administrator', handle: getApplicationRole },
  { method: 'POST', path: '/user/application', access: 'administrator', handle: grantAccess },
  { method: 'DELETE', path: '/user/application', access: 'administrator', handle: revokeAccess },
];
