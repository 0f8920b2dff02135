import { empty, json, type Answer } from '../../http/answer';
import { parameter, type Call, type Endpoint, type JsonObject } from '../../http/call';
import { isWritable } from '../../model/directories';
import { effectiveGroups } from '../../model/nesting';
import { findUser, groupsOf, type JiraUser } from '../../model/state';
import { addUser, deleteUser, renameUser, setActive, setDetails, setPassword } from '../../model/users';
import type { Simulator } from '../../simulator';
import { crowdEndpoint, readBody, readText, refuse, refuseReadOnly, requireUser, respond } from './answer';
import { attributesOf, crowdKey, crowdUser, groupList } from './beans';

function getUser(call: Call, simulator: Simulator): Answer {
  const key = parameter(call, 'key');
  const byKey =
    key === undefined ? undefined : [...simulator.state.usersByKey.values()].find((user) => crowdKey(user) === key);
  if (key !== undefined && byKey === undefined)
    throw refuse(call, 404, 'USER_NOT_FOUND', `User <${key}> does not exist`);
  const user = byKey ?? requireUser(call, simulator);
  const withAttributes = call.query.get('expand')?.split(',').includes('attributes') === true;
  return respond(call, 200, 'user', crowdUser(simulator, user, withAttributes));
}

interface Details {
  readonly displayName: string;
  readonly emailAddress: string;
  readonly active: boolean;
}

/** All of them: what is left out becomes empty, `active` becomes false. */
function readDetails(call: Call, body: JsonObject): Details {
  const first = readText(call, body, 'first-name') ?? '';
  const last = readText(call, body, 'last-name') ?? '';
  return {
    displayName: readText(call, body, 'display-name') ?? `${first} ${last}`.trim(),
    emailAddress: readText(call, body, 'email') ?? '',
    active: body['active'] === true || body['active'] === 'true',
  };
}

function postUser(call: Call, simulator: Simulator): Answer {
  const { state, effects } = simulator;
  const body = readBody(call);
  const name = readText(call, body, 'name') ?? '';
  if (name.trim() === '') throw refuse(call, 400, 'INVALID_USER', 'User must have a name');
  if (findUser(state, name) !== undefined) throw refuse(call, 400, 'INVALID_USER', 'User already exists');
  const directory = simulator.directories.find(({ writable }) => writable);
  if (directory === undefined) throw refuseReadOnly(call);
  const former = state.deletedUsers.get(name.toLowerCase());
  const user = addUser(state, {
    name,
    ...readDetails(call, body),
    password: passwordIn(call, body),
    directoryId: directory.id,
    ...(former !== undefined && simulator.behaviour.keyOfRecreatedUser === 'old' ? { key: former.key } : {}),
  });
  effects.count('created', user.key);
  return respond(call, 201, 'user', crowdUser(simulator, user, false));
}

function passwordIn(call: Call, body: JsonObject): string | undefined {
  const password = body['password'];
  if (typeof password !== 'object' || password === null) return undefined;
  return readText(call, password as JsonObject, 'value');
}

/** Replaces everything: a body without an address takes the address away. */
function putUser(call: Call, simulator: Simulator): Answer {
  const user = writableUser(call, simulator);
  const body = readBody(call);
  const name = readText(call, body, 'name') ?? '';
  if (name.toLowerCase() !== user.lowerName) throw refuse(call, 400, 'INVALID_USER', 'The names do not match');
  const { active, ...details } = readDetails(call, body);
  const updated = setDetails(user, details);
  const switched = setActive(simulator.state, user, active);
  if (updated) simulator.effects.count('updated', user.key);
  if (switched) simulator.effects.count(active ? 'reactivated' : 'deactivated', user.key);
  if (!updated && !switched) simulator.effects.countNoop();
  return empty(204);
}

function renameUserHere(call: Call, simulator: Simulator): Answer {
  const user = writableUser(call, simulator);
  const name = readText(call, readBody(call), 'new-name') ?? '';
  if (name.trim() === '') throw refuse(call, 400, 'INVALID_USER', 'The new name is empty');
  const holder = findUser(simulator.state, name);
  if (holder !== undefined && holder !== user) {
    const status = simulator.behaviour.crowdRenameTakenStatus;
    throw refuse(call, status, status === 500 ? 'OPERATION_FAILED' : 'INVALID_USER', `User ${name} already exists.`);
  }
  if (name === user.name) simulator.effects.countNoop();
  else simulator.effects.count('renamed', user.key);
  renameUser(simulator.state, user, name);
  return respond(call, 200, 'user', crowdUser(simulator, user, false));
}

function removeUser(call: Call, simulator: Simulator): Answer {
  const user = writableUser(call, simulator);
  const memberships = deleteUser(simulator.state, user);
  for (let count = 0; count < memberships; count += 1) simulator.effects.count('membershipsRemoved', user.key);
  simulator.effects.count('deleted', user.key);
  return empty(204);
}

function putPassword(call: Call, simulator: Simulator): Answer {
  const user = writableUser(call, simulator);
  const value = readText(call, readBody(call), 'value') ?? '';
  if (value === '') throw refuse(call, 400, 'ILLEGAL_ARGUMENT', 'The password is empty');
  if (setPassword(user, value)) simulator.effects.count('passwordsSet', user.key);
  else simulator.effects.countNoop();
  return empty(204);
}

function getAttributes(call: Call, simulator: Simulator): Answer {
  return respond(call, 200, 'attributes', { attributes: attributesOf(requireUser(call, simulator)) });
}

function postAttributes(call: Call, simulator: Simulator): Answer {
  const user = writableUser(call, simulator);
  const { attributes } = readBody(call);
  if (!Array.isArray(attributes)) throw refuse(call, 400, 'ILLEGAL_ARGUMENT', 'attributes must be a list');
  for (const attribute of attributes as readonly JsonObject[]) {
    const name = readText(call, attribute, 'name') ?? '';
    const values = Array.isArray(attribute['values']) ? (attribute['values'] as unknown[]).map(String) : [];
    user.attributes.set(name, values);
    simulator.effects.count('attributesSet', user.key);
  }
  return empty(204);
}

function deleteAttribute(call: Call, simulator: Simulator): Answer {
  const user = writableUser(call, simulator);
  if (user.attributes.delete(parameter(call, 'attributename') ?? '')) {
    simulator.effects.count('attributesRemoved', user.key);
  } else simulator.effects.countNoop();
  return empty(204);
}

function listGroups(kind: 'direct' | 'nested'): Endpoint['handle'] {
  return (call, simulator) => {
    const name = parameter(call, 'username') ?? '';
    const isMissing = findUser(simulator.state, name) === undefined;
    if (isMissing && simulator.behaviour.crowdGroupsOfMissingUser === 'empty') return json(200, { groups: [] });
    const user = requireUser(call, simulator);
    const groups = (kind === 'direct' ? groupsOf : effectiveGroups)(simulator.state, user);
    const wanted = parameter(call, 'groupname')?.toLowerCase();
    const shown = groups.filter((group) => wanted === undefined || group.lowerName === wanted);
    if (wanted !== undefined && shown.length === 0) {
      throw refuse(call, 404, 'GROUP_NOT_FOUND', `Group <${wanted}> does not exist`);
    }
    return respond(call, 200, 'groups', groupList(call, simulator, shown));
  };
}

function writableUser(call: Call, simulator: Simulator): JiraUser {
  const user = requireUser(call, simulator);
  if (!isWritable(simulator.directories, user)) throw refuseReadOnly(call);
  return user;
}

export const CROWD_USER_ENDPOINTS: readonly Endpoint[] = [
  crowdEndpoint('GET', '/user', getUser),
  crowdEndpoint('POST', '/user', postUser),
  crowdEndpoint('PUT', '/user', putUser),
  crowdEndpoint('DELETE', '/user', removeUser),
  crowdEndpoint('POST', '/user/rename', renameUserHere),
  crowdEndpoint('PUT', '/user/password', putPassword),
  crowdEndpoint('GET', '/user/attribute', getAttributes),
  crowdEndpoint('POST', '/user/attribute', postAttributes),
  crowdEndpoint('DELETE', '/user/attribute', deleteAttribute),
  crowdEndpoint('GET', '/user/group/direct', listGroups('direct')),
  crowdEndpoint('GET', '/user/group/nested', listGroups('nested')),
];
