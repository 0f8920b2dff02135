import { callerOf, parameter, refuse, type Call } from '../http/call';
import { isAdministrator } from '../model/access';
import { findGroup, findUser, type JiraGroup, type JiraUser } from '../model/state';
import type { Simulator } from '../simulator';

/** The user that `username` or `key` names; `key` is called `userKey` in the API of properties. */
export function requireUser(call: Call, simulator: Simulator, keyName: 'key' | 'userKey' = 'key'): JiraUser {
  const key = parameter(call, keyName);
  const name = parameter(call, 'username');
  if (key !== undefined) {
    const user = simulator.state.usersByKey.get(key);
    if (user === undefined) throw refuse(call, 404, 'userKeyNotFound', key);
    return user;
  }
  if (name === undefined) throw refuse(call, 400, 'userParameterRequired');
  const user = findUser(simulator.state, name);
  if (user === undefined) throw refuse(call, 404, 'userNotFound', name);
  return user;
}

/** Users see and change what is their own, administrators what is anybody's. */
export function requireOwn(call: Call, simulator: Simulator, keyName: 'key' | 'userKey' = 'key'): JiraUser {
  const caller = callerOf(call);
  const user = requireUser(call, simulator, keyName);
  if (user !== caller && !isAdministrator(simulator.state, caller)) throw refuse(call, 403, 'notAdministrator');
  return user;
}

/** The group that `groupname` names. */
export function requireGroup(call: Call, simulator: Simulator): JiraGroup {
  const name = parameter(call, 'groupname');
  if (name === undefined) throw refuse(call, 400, 'groupNameRequired');
  const group = findGroup(simulator.state, name);
  if (group === undefined) throw refuse(call, 404, 'groupNotFound', name);
  return group;
}
