import { empty, json, type Answer } from '../http/answer';
import {
  flagParameter,
  numberParameter,
  parameter,
  parseObjectBody,
  refuse,
  textField,
  type Call,
  type Endpoint,
} from '../http/call';
import { ADMIN_GROUP, isLastAdministrator } from '../model/access';
import { addMember, removeMember } from '../model/groups';
import { effectiveMembers, isEffectiveMember } from '../model/nesting';
import { findUser } from '../model/state';
import type { Simulator } from '../simulator';
import { groupBean, link, memberBean, MEMBERS_PER_PAGE } from './beans';
import { requireMayChange, requireSeatFor, requireWritableMembership } from './guards';
import { requireGroup } from './lookups';

/**
 * Members of subgroups too, ordered by username; pages are of 50 at most, whatever is asked for; inactive members only on request
 * (JRASERVER-38898).
 */
function listMembers(call: Call, simulator: Simulator): Answer {
  const group = requireGroup(call, simulator);
  const includeInactiveUsers = flagParameter(call, 'includeInactiveUsers', false);
  const startAt = numberParameter(call, 'startAt', 0);
  const maxResults = Math.min(numberParameter(call, 'maxResults', MEMBERS_PER_PAGE), MEMBERS_PER_PAGE);
  const members = effectiveMembers(simulator.state, group, includeInactiveUsers ? 'members' : 'activeMembers');
  const total = members.size();
  const values = members
    .slice(startAt, startAt + maxResults)
    .map((name) => simulator.state.usersByName.get(name))
    .filter((user) => user !== undefined)
    .map((user) => memberBean(simulator, user));
  const page = (start: number): string =>
    link(simulator, '/group/member', {
      includeInactiveUsers: String(includeInactiveUsers),
      maxResults,
      groupname: group.name,
      startAt: start,
    });
  const isLast = startAt + values.length >= total;
  return json(200, {
    self: page(startAt),
    ...(isLast ? {} : { nextPage: page(startAt + maxResults) }),
    maxResults,
    startAt,
    total,
    isLast,
    values,
  });
}

/** The texts are recorded from clients that match them: they are answers to look at, not to rely on. */
function postMember(call: Call, simulator: Simulator): Answer {
  const group = requireGroup(call, simulator);
  const name = textField(call, parseObjectBody(call), 'name') ?? '';
  if (name === '') throw refuse(call, 400, 'usernameRequired');
  const user = findUser(simulator.state, name);
  if (user === undefined) throw refuse(call, 404, 'cannotAddMissing', name);
  const inSubgroup = isEffectiveMember(simulator.state, group, user) && !user.groups.has(group.lowerName);
  if (user.groups.has(group.lowerName) || (inSubgroup && simulator.behaviour.addMemberOfSubgroup === 'refused')) {
    throw refuse(call, 400, 'alreadyMember', user.name, group.name);
  }
  requireWritableMembership(call, simulator, user, group);
  requireSeatFor(call, simulator, user, group);
  addMember(group, user);
  simulator.effects.count('membershipsAdded', user.key);
  return json(201, groupBean(simulator, group));
}

function deleteMember(call: Call, simulator: Simulator): Answer {
  const group = requireGroup(call, simulator);
  const name = parameter(call, 'username');
  if (name === undefined) throw refuse(call, 400, 'usernameRequired');
  const user = findUser(simulator.state, name);
  if (user === undefined) throw refuse(call, 404, 'cannotRemoveMissing', name);
  if (!user.groups.has(group.lowerName)) throw refuse(call, 400, 'notMember', user.name, group.name);
  requireWritableMembership(call, simulator, user, group);
  if (group.lowerName === ADMIN_GROUP) {
    requireMayChange(call, simulator, user);
    if (user === call.caller) throw refuse(call, 400, 'ownAccess');
    if (isLastAdministrator(simulator.state, user)) throw refuse(call, 400, 'lastAdministrator');
  }
  removeMember(group, user);
  simulator.effects.count('membershipsRemoved', user.key);
  return empty(200);
}

export const MEMBER_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/group/member', access: 'administrator', handle: listMembers },
  { method: 'POST', path: '/group/user', access: 'administrator', handle: postMember },
  { method: 'DELETE', path: '/group/user', access: 'administrator', handle: deleteMember },
];
