import { z } from 'zod';
import { nameKey } from '../../domain/names';
import { TargetError } from '../target';
import { groupsOfAccount } from './accounts';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { memberQuery } from './listings';
import { isKind, orNull, write } from './refusals';
import { groupShape, memberPageShape } from './shapes';

/** Whether there is such a group, asked without the deprecated GET /group. */
export async function groupExists(client: JiraClient, name: string, signal: AbortSignal): Promise<boolean> {
  const query = memberQuery(name, 0, 1);
  const call: JiraCall = { step: `look for group '${name}'`, method: 'GET', path: '/group/member', query, slow: true };
  return (await orNull(client.request(call, memberPageShape, signal))) !== null;
}

/** Creates a group; a refusal counts as 'existed' only when the group is there. */
export async function createGroup(
  client: JiraClient,
  name: string,
  signal: AbortSignal
): Promise<'created' | 'existed'> {
  const call: JiraCall = { step: `create group '${name}'`, method: 'POST', path: '/group', body: { name } };
  try {
    await write(client, call, groupShape, signal);
    return 'created';
  } catch (error) {
    if (isBadRequest(error) && (await groupExists(client, name, signal))) return 'existed';
    throw error;
  }
}

/** @throws TargetError 'notFound' when account or group is gone */
export async function addMember(
  client: JiraClient,
  group: string,
  username: string,
  signal: AbortSignal
): Promise<'added' | 'alreadyMember'> {
  const call: JiraCall = {
    step: `add a member to group '${group}'`,
    method: 'POST',
    path: '/group/user',
    query: { groupname: group },
    body: { name: username },
  };
  try {
    await write(client, call, groupShape, signal);
    return 'added';
  } catch (error) {
    if (isBadRequest(error) && (await isMember(client, call, group, username, signal))) return 'alreadyMember';
    throw error;
  }
}

/** @throws TargetError 'notFound' when account or group is gone */
export async function removeMember(
  client: JiraClient,
  group: string,
  username: string,
  signal: AbortSignal
): Promise<'removed' | 'notMember'> {
  const call: JiraCall = {
    step: `remove a member from group '${group}'`,
    method: 'DELETE',
    path: '/group/user',
    query: { groupname: group, username },
  };
  try {
    await write(client, call, NOTHING, signal);
    return 'removed';
  } catch (error) {
    if (isBadRequest(error) && !(await isMember(client, call, group, username, signal))) return 'notMember';
    throw error;
  }
}

/** Jira answers a removal with an empty body. */
const NOTHING = z.unknown();

const isBadRequest = (error: unknown): boolean =>
  (isKind(error, 'invalid') || isKind(error, 'readOnly')) && error.status === 400;

/** The state decides, never the text of the refusal: it is localized. */
async function isMember(
  client: JiraClient,
  call: JiraCall,
  group: string,
  username: string,
  signal: AbortSignal
): Promise<boolean> {
  const groups = await groupsOfAccount(client, { username }, signal);
  if (groups === null) throw new TargetError('notFound', `${call.step}: the account does not exist`, 404);
  return groups.some((name) => nameKey(name) === nameKey(group));
}
