import { errors, json, Refusal, type Answer } from '../http/answer';
import { parseObjectBody, refuse, say, textField, type Call, type Endpoint, type JsonObject } from '../http/call';
import { isFull, type JiraApplication } from '../model/access';
import { isMembershipWritable } from '../model/directories';
import { addMember } from '../model/groups';
import { findGroup, type JiraUser } from '../model/state';
import { addUser } from '../model/users';
import type { Simulator } from '../simulator';
import { link, userBean } from './beans';
import { requireDirectory } from './guards';
import { checkUserFields, readUserFields } from './userFields';

const NONE_EXPANDED = new Set<string>();

function postUser(call: Call, simulator: Simulator): Answer {
  const body = parseObjectBody(call);
  const { name = '', emailAddress = '', displayName = '' } = readUserFields(call, body);
  const password = textField(call, body, 'password');
  const directory = requireDirectory(call, simulator);
  checkUserFields(call, simulator, { name, emailAddress, displayName });
  const applications = seatedApplications(call, simulator, applicationsOf(call, simulator, body));

  const { state, behaviour, effects } = simulator;
  const deleted = state.deletedUsers.get(name.toLowerCase());
  const user = addUser(state, {
    name,
    emailAddress,
    displayName,
    password,
    active: behaviour.activeOnCreate === 'ignored' || body['active'] !== false,
    directoryId: directory.id,
    ...keyFor(simulator, name),
  });
  effects.count('created', user.key);
  for (const application of applications) joinDefaultGroups(simulator, user, application);
  if (deleted !== undefined && behaviour.recreateAnswer === 'serverError') {
    return errors(500, ['Internal server error']);
  }
  return json(201, createdBean(simulator, user));
}

/** A name that was deleted may get its old key back; before 8.4 the key is the name unless somebody else has that. */
function keyFor({ state, behaviour, version }: Simulator, name: string): { readonly key?: string } {
  const lowerName = name.toLowerCase();
  const deleted = state.deletedUsers.get(lowerName);
  if (deleted !== undefined && behaviour.keyOfRecreatedUser === 'old') return { key: deleted.key };
  return version.numberedKeys || state.usersByKey.has(lowerName) ? {} : { key: lowerName };
}

/** Absent and empty differ: absent stands for the applications that are given to everybody new. */
function applicationsOf(call: Call, simulator: Simulator, body: JsonObject): readonly JiraApplication[] {
  const keys = body['applicationKeys'] ?? null;
  const defaults = simulator.applications.filter(({ selectedByDefault }) => selectedByDefault);
  if (keys === null) {
    return simulator.behaviour.createWithoutApplicationKeys === 'defaultGroups' ? defaults : [];
  }
  if (!Array.isArray(keys)) throw refuse(call, 400, 'wrongType', 'applicationKeys');
  if (keys.length === 0) return simulator.behaviour.createWithNoApplications === 'defaultGroups' ? defaults : [];
  return keys.map((key: unknown) => {
    const application = simulator.applications.find((one) => one.key === key);
    if (application !== undefined) return application;
    throw new Refusal(errors(400, [], { applicationKeys: say(call, 'unknownApplication', String(key)) }));
  });
}

/** Over the limit of the licence a user is created without access, or not at all. */
function seatedApplications(
  call: Call,
  simulator: Simulator,
  wanted: readonly JiraApplication[]
): readonly JiraApplication[] {
  const seated = wanted.filter((application) => !isFull(simulator.state, simulator.options, application));
  const missing = wanted.find((application) => !seated.includes(application));
  if (missing !== undefined && simulator.behaviour.createOverSeats === 'refused') {
    throw refuse(call, 400, 'noSeats', missing.name);
  }
  return seated;
}

/** Access to an application is membership in its default groups. */
export function joinDefaultGroups(simulator: Simulator, user: JiraUser, application: JiraApplication): number {
  let joined = 0;
  for (const name of application.defaultGroups) {
    const group = findGroup(simulator.state, name);
    if (group === undefined || !isMembershipWritable(simulator.directories, user, group)) continue;
    if (!addMember(group, user)) continue;
    joined += 1;
    simulator.effects.count('membershipsAdded', user.key);
  }
  return joined;
}

/** The documented example has five fields, servers are said to send all: clients need `key` and `name` only. */
function createdBean(simulator: Simulator, user: JiraUser): unknown {
  if (simulator.behaviour.createAnswer === 'full') return userBean(simulator, user, NONE_EXPANDED);
  return {
    self: link(simulator, '/user', { username: user.name }),
    key: user.key,
    name: user.name,
    emailAddress: user.emailAddress,
    displayName: user.displayName,
  };
}

export const CREATE_USER_ENDPOINT: Endpoint = {
  method: 'POST',
  path: '/user',
  access: 'administrator',
  handle: postUser,
};
