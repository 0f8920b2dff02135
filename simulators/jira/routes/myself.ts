import { empty, json, type Answer } from '../http/answer';
import { callerOf, parseObjectBody, refuse, textField, type Call, type Endpoint } from '../http/call';
import { isWritable } from '../model/directories';
import type { JiraUser } from '../model/state';
import { hashPassword, setDetails, setPassword } from '../model/users';
import type { Simulator } from '../simulator';
import { userBean } from './beans';
import { checkUserFields, readUserFields } from './userFields';

const ALL_EXPANDED = new Set(['groups', 'applicationRoles']);

function getMyself(call: Call, simulator: Simulator): Answer {
  return json(200, userBean(simulator, callerOf(call), ALL_EXPANDED));
}

/** The status is documented here, unlike that of the other writes. */
function writableCaller(call: Call, simulator: Simulator): JiraUser {
  const user = callerOf(call);
  if (!isWritable(simulator.directories, user)) throw refuse(call, 403, 'readOnlyDirectory');
  return user;
}

/** Name and address; the username stays. */
function putMyself(call: Call, simulator: Simulator): Answer {
  const user = writableCaller(call, simulator);
  const { emailAddress, displayName } = readUserFields(call, parseObjectBody(call));
  checkUserFields(call, simulator, { emailAddress, displayName }, user);
  if (setDetails(user, { emailAddress, displayName })) simulator.effects.count('updated', user.key);
  else simulator.effects.countNoop();
  return json(200, userBean(simulator, user, ALL_EXPANDED));
}

function putMyPassword(call: Call, simulator: Simulator): Answer {
  const user = writableCaller(call, simulator);
  const body = parseObjectBody(call);
  const password = textField(call, body, 'password') ?? '';
  const current = textField(call, body, 'currentPassword') ?? '';
  if (password === '') throw refuse(call, 400, 'passwordRequired');
  if (hashPassword(current) !== user.passwordHash) throw refuse(call, 400, 'currentPasswordWrong');
  if (setPassword(user, password)) simulator.effects.count('passwordsSet', user.key);
  else simulator.effects.countNoop();
  return empty(204);
}

export const MYSELF_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/myself', access: 'loggedIn', handle: getMyself },
  { method: 'PUT', path: '/myself', access: 'loggedIn', handle: putMyself },
  { method: 'PUT', path: '/myself/password', access: 'loggedIn', handle: putMyPassword },
];
