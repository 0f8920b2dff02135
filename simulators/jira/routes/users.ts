import type { EffectKind } from '../effects';
import { empty, errors, json, Refusal, type Answer } from '../http/answer';
import {
  callerOf,
  flagParameter,
  parameter,
  parseObjectBody,
  refuse,
  textField,
  type Call,
  type Endpoint,
  type JsonObject,
} from '../http/call';
import { isAdministrator, isLastAdministrator } from '../model/access';
import { projectsLedBy, type DeletedUser, type JiraUser } from '../model/state';
import { deleteUser, renameUser, setActive, setDetails, setPassword } from '../model/users';
import type { Simulator } from '../simulator';
import { deletedUserBean, expandOf, userBean } from './beans';
import { requireMayChange, requireWritable } from './guards';
import { requireUser } from './lookups';
import { checkUserFields, readUserFields, type UserFields } from './userFields';

const ALL_EXPANDED = new Set(['groups', 'applicationRoles']);

function getUser(call: Call, simulator: Simulator): Answer {
  const deleted = findDeleted(call, simulator);
  if (deleted !== undefined) return json(200, deletedUserBean(simulator, deleted));
  return json(200, userBean(simulator, requireUser(call, simulator), expandOf(call.query.get('expand'))));
}

/** Administrators may ask for what was deleted (8.10 and later); a user that exists again comes first. */
function findDeleted(call: Call, simulator: Simulator): DeletedUser | undefined {
  const wanted = simulator.version.deletedFlag && flagParameter(call, 'includeDeleted', false);
  if (!wanted || !isAdministrator(simulator.state, callerOf(call))) return undefined;
  const key = parameter(call, 'key');
  if (key === undefined) return simulator.state.deletedUsers.get((parameter(call, 'username') ?? '').toLowerCase());
  return [...simulator.state.deletedUsers.values()].find((user) => user.key === key);
}

interface UserChange extends UserFields {
  readonly active?: boolean | undefined;
  readonly password?: string | undefined;
}

function putUser(call: Call, simulator: Simulator): Answer {
  const user = requireUser(call, simulator);
  const body = parseObjectBody(call);
  const change: UserChange = {
    ...readUserFields(call, body),
    active: readActive(call, simulator, body),
    password: simulator.version.passwordInPut ? textField(call, body, 'password') : undefined,
  };
  if (Object.values(change).every((value) => value === undefined)) {
    // Recorded: the key of the text instead of a text, in every language.
    throw new Refusal(errors(400, ['error.no.value.found.to.be.changed']));
  }
  requireMayChange(call, simulator, user);
  requireWritable(call, simulator, user);
  checkUserFields(call, simulator, change, user);
  if (change.active === false && user.active) checkMayDeactivate(call, simulator, user);
  applyChange(simulator, user, change);
  return json(200, userBean(simulator, user, ALL_EXPANDED));
}

/** A boolean or its text; versions that do not know the field ignore it. */
function readActive(call: Call, simulator: Simulator, body: JsonObject): boolean | undefined {
  const value = body['active'];
  if (value === undefined || value === null || !simulator.version.putActive) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw refuse(call, 400, 'wrongType', 'active');
}

function checkMayDeactivate(call: Call, simulator: Simulator, user: JiraUser): void {
  const { state, behaviour } = simulator;
  const led = projectsLedBy(state, user);
  if (led.length > 0 && behaviour.deactivateProjectLead === 'refused') {
    throw refuse(call, behaviour.leadRefusalStatus, 'leadCannotBeDeactivated', user.name, led.join(', '));
  }
  if (behaviour.deactivateSelf === 'allowed') return;
  if (user === call.caller) throw refuse(call, 400, 'selfCannotBeDeactivated');
  if (isLastAdministrator(state, user)) throw refuse(call, 400, 'lastAdministrator');
}

/** Every kind of change that took place is counted once; a request that changes nothing counts as a no-op. */
function applyChange(simulator: Simulator, user: JiraUser, change: UserChange): void {
  const { state, effects } = simulator;
  const done: EffectKind[] = [];
  if (change.name !== undefined && change.name !== user.name) {
    renameUser(state, user, change.name);
    done.push('renamed');
  }
  if (setDetails(user, change)) done.push('updated');
  if (change.password !== undefined && setPassword(user, change.password)) done.push('passwordsSet');
  if (change.active !== undefined && setActive(state, user, change.active)) {
    done.push(change.active ? 'reactivated' : 'deactivated');
  }
  for (const kind of done) effects.count(kind, user.key);
  if (done.length === 0) effects.countNoop();
}

function removeUser(call: Call, simulator: Simulator): Answer {
  const { state, effects, behaviour } = simulator;
  const user = requireUser(call, simulator);
  requireMayChange(call, simulator, user);
  requireWritable(call, simulator, user);
  const led = projectsLedBy(state, user);
  if (led.length > 0) throw refuse(call, behaviour.leadRefusalStatus, 'leadCannotBeDeleted', user.name, led.join(', '));
  if (user === call.caller) throw refuse(call, 400, 'selfCannotBeDeleted');
  const memberships = deleteUser(state, user);
  for (let count = 0; count < memberships; count += 1) effects.count('membershipsRemoved', user.key);
  effects.count('deleted', user.key);
  return empty(204);
}

function putPassword(call: Call, simulator: Simulator): Answer {
  const user = requireUser(call, simulator);
  requireMayChange(call, simulator, user);
  requireWritable(call, simulator, user);
  const password = textField(call, parseObjectBody(call), 'password');
  if (password === undefined || password === '') throw refuse(call, 400, 'passwordRequired');
  if (setPassword(user, password)) simulator.effects.count('passwordsSet', user.key);
  else simulator.effects.countNoop();
  return empty(204);
}

function endSessions(call: Call, simulator: Simulator): Answer {
  const name = call.path['username'] ?? '';
  const user = simulator.state.usersByName.get(name.toLowerCase());
  if (user === undefined) throw refuse(call, 404, 'userNotFound', name);
  if (simulator.state.sessions.delete(user.key)) simulator.effects.count('sessionsEnded', user.key);
  else simulator.effects.countNoop();
  return empty(204);
}

export const USER_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/user', access: 'loggedIn', handle: getUser },
  { method: 'PUT', path: '/user', access: 'administrator', handle: putUser },
  { method: 'DELETE', path: '/user', access: 'administrator', handle: removeUser },
  { method: 'PUT', path: '/user/password', access: 'administrator', handle: putPassword },
  { method: 'DELETE', path: '/user/session/{username}', access: 'administrator', handle: endSessions },
];
