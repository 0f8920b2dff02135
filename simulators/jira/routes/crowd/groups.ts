import { empty, type Answer } from '../../http/answer';
import { escapeHtml } from '../../http/html';
import { parameter, type Call, type Endpoint } from '../../http/call';
import { isMembershipWritable, isWritable } from '../../model/directories';
import { addGroup, addMember, deleteGroup, removeMember } from '../../model/groups';
import { effectiveMembers } from '../../model/nesting';
import { findGroup, findUser, type JiraGroup, type JiraState, type JiraUser } from '../../model/state';
import type { Simulator } from '../../simulator';
import {
  crowdEndpoint,
  readBody,
  readText,
  refuse,
  refuseReadOnly,
  requireGroup,
  requireUser,
  respond,
  xml,
} from './answer';
import { crowdGroup, userList } from './beans';

function getGroup(call: Call, simulator: Simulator): Answer {
  return respond(call, 200, 'group', crowdGroup(simulator, requireGroup(call, simulator)));
}

function postGroup(call: Call, simulator: Simulator): Answer {
  const body = readBody(call);
  const name = readText(call, body, 'name') ?? '';
  if (name.trim() === '') throw refuse(call, 400, 'INVALID_GROUP', 'Group must have a name');
  if (findGroup(simulator.state, name) !== undefined) throw refuse(call, 400, 'INVALID_GROUP', 'Group already exists');
  const directory = simulator.directories.find(({ writable }) => writable);
  if (directory === undefined) throw refuseReadOnly(call);
  const group = addGroup(simulator.state, name, directory.id);
  group.description = readText(call, body, 'description') ?? '';
  simulator.effects.count('groupsCreated');
  return respond(call, 201, 'group', crowdGroup(simulator, group));
}

/** The description; a group keeps its name. */
function putGroup(call: Call, simulator: Simulator): Answer {
  const group = writableGroup(call, simulator);
  const description = readText(call, readBody(call), 'description') ?? '';
  if (description === group.description) simulator.effects.countNoop();
  else simulator.effects.count('groupsChanged');
  group.description = description;
  return respond(call, 200, 'group', crowdGroup(simulator, group));
}

function removeGroup(call: Call, simulator: Simulator): Answer {
  const group = writableGroup(call, simulator);
  for (const user of deleteGroup(simulator.state, group)) simulator.effects.count('membershipsRemoved', user.key);
  simulator.effects.count('groupsDeleted');
  return empty(204);
}

function listMembers(kind: 'direct' | 'nested'): Endpoint['handle'] {
  return (call, simulator) => {
    const group = requireGroup(call, simulator);
    const list = kind === 'direct' ? group.members : effectiveMembers(simulator.state, group, 'members');
    const wanted = parameter(call, 'username')?.toLowerCase();
    const names = list.slice(0, list.size()).filter((name) => wanted === undefined || name === wanted);
    if (wanted !== undefined && names.length === 0) throw notMember(call, wanted, group);
    return respond(call, 200, 'users', userList(call, simulator, usersOf(simulator.state, names)));
  };
}

function usersOf(state: JiraState, names: readonly string[]): readonly JiraUser[] {
  return names.map((name) => state.usersByName.get(name)).filter((user) => user !== undefined);
}

function postMember(call: Call, simulator: Simulator): Answer {
  const group = requireGroup(call, simulator);
  const name = readText(call, readBody(call), 'name') ?? '';
  const user = findUser(simulator.state, name);
  if (user === undefined) throw refuse(call, 400, 'USER_NOT_FOUND', `User <${name}> does not exist`);
  if (!isMembershipWritable(simulator.directories, user, group)) throw refuseReadOnly(call);
  if (!addMember(group, user)) {
    throw refuse(call, 409, 'MEMBERSHIP_ALREADY_EXISTS', `User <${user.name}> is already in group <${group.name}>`);
  }
  simulator.effects.count('membershipsAdded', user.key);
  return empty(201);
}

function removeMemberHere(call: Call, simulator: Simulator): Answer {
  const group = requireGroup(call, simulator);
  const user = requireUser(call, simulator);
  if (!isMembershipWritable(simulator.directories, user, group)) throw refuseReadOnly(call);
  if (!removeMember(group, user)) throw notMember(call, user.name, group);
  simulator.effects.count('membershipsRemoved', user.key);
  return empty(204);
}

function notMember(call: Call, name: string, group: JiraGroup): Error {
  return refuse(call, 404, 'MEMBERSHIP_NOT_FOUND', `User <${name}> is not in group <${group.name}>`);
}

/** Everything in one answer, as XML whatever is accepted (CWD-3281). Direct members and direct subgroups only. */
function exportMemberships(_call: Call, { state }: Simulator): Answer {
  const groups = state.groupNames
    .slice(0, state.groupNames.size())
    .map((name) => state.groupsByName.get(name))
    .filter((group) => group !== undefined);
  return xml(200, `<memberships>${groups.map((group) => membershipOf(state, group)).join('')}</memberships>`);
}

function membershipOf(state: JiraState, group: JiraGroup): string {
  const named = (tag: string, names: readonly string[]): string =>
    names.map((name) => `<${tag} name="${escapeHtml(name)}"/>`).join('');
  const users = usersOf(state, group.members.slice(0, group.members.size())).map(({ name }) => name);
  const children = [...group.children].sort().map((name) => state.groupsByName.get(name)?.name ?? name);
  const inner = `<users>${named('user', users)}</users><groups>${named('group', children)}</groups>`;
  return `<membership group="${escapeHtml(group.name)}">${inner}</membership>`;
}

function writableGroup(call: Call, simulator: Simulator): JiraGroup {
  const group = requireGroup(call, simulator);
  if (!isWritable(simulator.directories, group)) throw refuseReadOnly(call);
  return group;
}

export const CROWD_GROUP_ENDPOINTS: readonly Endpoint[] = [
  crowdEndpoint('GET', '/group', getGroup),
  crowdEndpoint('POST', '/group', postGroup),
  crowdEndpoint('PUT', '/group', putGroup),
  crowdEndpoint('DELETE', '/group', removeGroup),
  crowdEndpoint('GET', '/group/user/direct', listMembers('direct')),
  crowdEndpoint('GET', '/group/user/nested', listMembers('nested')),
  crowdEndpoint('POST', '/group/user/direct', postMember),
  crowdEndpoint('DELETE', '/group/user/direct', removeMemberHere),
  crowdEndpoint('GET', '/group/membership', exportMemberships),
];
