import { empty, type Answer } from '../../http/answer';
import { parameter, type Call, type Endpoint } from '../../http/call';
import { isWritable } from '../../model/directories';
import { groupAndSubgroups, nest, parentsOf, unnest } from '../../model/nesting';
import { findGroup, type JiraGroup, type JiraState } from '../../model/state';
import type { Simulator } from '../../simulator';
import { crowdEndpoint, readBody, readText, refuse, refuseReadOnly, requireGroup, respond } from './answer';
import { groupList } from './beans';

/** Groups inside groups: nothing below /rest/api/2 reads or writes them. */
type Relatives = (state: JiraState, group: JiraGroup) => readonly JiraGroup[];

const childrenOf: Relatives = (state, group) =>
  [...group.children]
    .sort()
    .map((name) => state.groupsByName.get(name))
    .filter((child) => child !== undefined);

const descendantsOf: Relatives = (state, group) => groupAndSubgroups(state, group).filter((one) => one !== group);

const directParentsOf: Relatives = (state, group) => parentsOf(state, group.lowerName);

const ancestorsOf: Relatives = (state, group) => {
  const found = new Set(directParentsOf(state, group));
  for (const one of found) for (const parent of directParentsOf(state, one)) found.add(parent);
  return [...found].filter((one) => one !== group);
};

function list(relatives: Relatives): Endpoint['handle'] {
  return (call, simulator) => {
    const groups = relatives(simulator.state, requireGroup(call, simulator));
    return respond(call, 200, 'groups', groupList(call, simulator, groups));
  };
}

/** The other group is named in the body. */
function otherGroup(call: Call, simulator: Simulator): JiraGroup {
  const name = readText(call, readBody(call), 'name') ?? '';
  const group = findGroup(simulator.state, name);
  if (group === undefined) throw refuse(call, 400, 'GROUP_NOT_FOUND', `Group <${name}> does not exist`);
  return group;
}

function put(call: Call, simulator: Simulator, parent: JiraGroup, child: JiraGroup): Answer {
  if (!isWritable(simulator.directories, parent) || !isWritable(simulator.directories, child)) {
    throw refuseReadOnly(call);
  }
  if (groupAndSubgroups(simulator.state, child).includes(parent)) {
    throw refuse(call, 400, 'INVALID_GROUP', `Group <${parent.name}> lies inside <${child.name}>`);
  }
  if (!nest(simulator.state, parent, child)) {
    throw refuse(call, 409, 'MEMBERSHIP_ALREADY_EXISTS', `Group <${child.name}> is already in <${parent.name}>`);
  }
  simulator.effects.count('nestingsAdded');
  return empty(201);
}

function postChild(call: Call, simulator: Simulator): Answer {
  const parent = requireGroup(call, simulator);
  return put(call, simulator, parent, otherGroup(call, simulator));
}

function postParent(call: Call, simulator: Simulator): Answer {
  const child = requireGroup(call, simulator);
  return put(call, simulator, otherGroup(call, simulator), child);
}

function deleteChild(call: Call, simulator: Simulator): Answer {
  const parent = requireGroup(call, simulator);
  const child = requireGroup(call, simulator, parameter(call, 'child-groupname'));
  if (!isWritable(simulator.directories, parent)) throw refuseReadOnly(call);
  if (!unnest(simulator.state, parent, child)) {
    throw refuse(call, 404, 'MEMBERSHIP_NOT_FOUND', `Group <${child.name}> is not in <${parent.name}>`);
  }
  simulator.effects.count('nestingsRemoved');
  return empty(204);
}

export const CROWD_NESTING_ENDPOINTS: readonly Endpoint[] = [
  crowdEndpoint('GET', '/group/child-group/direct', list(childrenOf)),
  crowdEndpoint('GET', '/group/child-group/nested', list(descendantsOf)),
  crowdEndpoint('POST', '/group/child-group/direct', postChild),
  crowdEndpoint('DELETE', '/group/child-group/direct', deleteChild),
  crowdEndpoint('GET', '/group/parent-group/direct', list(directParentsOf)),
  crowdEndpoint('GET', '/group/parent-group/nested', list(ancestorsOf)),
  crowdEndpoint('POST', '/group/parent-group/direct', postParent),
];
