import { empty, errors, json, Refusal, type Answer } from '../http/answer';
import { parameter, parseObjectBody, refuse, say, textField, type Call, type Endpoint } from '../http/call';
import { ADMIN_GROUP } from '../model/access';
import { addGroup, deleteGroup } from '../model/groups';
import { findGroup } from '../model/state';
import type { Simulator } from '../simulator';
import { groupBean, MEMBERS_PER_PAGE } from './beans';
import { requireDirectory, requireWritable } from './guards';
import { requireGroup } from './lookups';

const LONGEST_NAME = 255;

function postGroup(call: Call, simulator: Simulator): Answer {
  const name = textField(call, parseObjectBody(call), 'name') ?? '';
  if (name.trim() === '') throw refuse(call, 400, 'groupNameRequired');
  if (name.length > LONGEST_NAME) throw refuse(call, 400, 'tooLong', LONGEST_NAME);
  const directory = requireDirectory(call, simulator);
  if (findGroup(simulator.state, name) !== undefined) throw groupExists(call, simulator);
  const group = addGroup(simulator.state, name, directory.id);
  simulator.effects.count('groupsCreated');
  return json(201, groupBean(simulator, group));
}

function groupExists(call: Call, { behaviour }: Simulator): Refusal {
  if (behaviour.groupExistsPlace === 'errorMessages') return refuse(call, 400, 'groupExists');
  return new Refusal(errors(400, [], { name: say(call, 'groupExists') }));
}

/** Deprecated since long and still there in 9.12: active members only, 50 at most, indexes inclusive. */
function getGroup(call: Call, simulator: Simulator): Answer {
  const group = requireGroup(call, simulator);
  return json(200, groupBean(simulator, group, usersRange(parameter(call, 'expand') ?? '')));
}

function usersRange(expand: string): { readonly start: number; readonly end: number } | undefined {
  const match = /(?:^|,)\s*users(?:\[(\d{1,9})(?::(\d{1,9}))?\])?/.exec(expand);
  if (match === null) return undefined;
  const start = Number(match[1] ?? 0);
  const end = Math.min(Number(match[2] ?? start + MEMBERS_PER_PAGE - 1), start + MEMBERS_PER_PAGE - 1);
  return { start, end };
}

/**
 * What is only visible to the group moves to `swapGroup`; there is no such content here, so the group must merely
 * exist.
 */
function removeGroup(call: Call, simulator: Simulator): Answer {
  const name = parameter(call, 'groupname');
  if (name === undefined) throw refuse(call, 400, 'groupNameRequired');
  const group = findGroup(simulator.state, name);
  if (group === undefined) {
    throw new Refusal(errors(simulator.behaviour.deleteMissingGroupStatus, [say(call, 'groupNotFound', name)]));
  }
  const swapGroup = parameter(call, 'swapGroup');
  if (swapGroup !== undefined && findGroup(simulator.state, swapGroup) === undefined) {
    throw refuse(call, 400, 'groupNotFound', swapGroup);
  }
  requireWritable(call, simulator, group);
  if (group.lowerName === ADMIN_GROUP) throw refuse(call, 400, 'lastAdministrator');
  for (const user of deleteGroup(simulator.state, group)) simulator.effects.count('membershipsRemoved', user.key);
  simulator.effects.count('groupsDeleted');
  return empty(200);
}

export const GROUP_ENDPOINTS: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/group',
    access: 'administrator',
    offered: ({ version }) => version.deprecatedGroup,
    handle: getGroup,
  },
  { method: 'POST', path: '/group', access: 'administrator', handle: postGroup },
  { method: 'DELETE', path: '/group', access: 'administrator', handle: removeGroup },
];
