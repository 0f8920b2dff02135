import { TargetError, type MembersPage } from '../target';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { orNull } from './refusals';
import { memberPageShape, uniqueAccounts } from './shapes';

/** Jira cuts longer pages down to this. */
export const MEMBERS_PER_PAGE = 50;

/**
 * One page of the members of a group, inactive ones and those of nested groups included; null where there is no group.
 * When the number of members changes between two pages the listing starts again, once: some may have been skipped.
 */
export async function listGroupMembers(
  client: JiraClient,
  group: string,
  cursor: string | null,
  signal: AbortSignal
): Promise<MembersPage | null> {
  const [startAt, expected, restarts] = positions(cursor);
  const step = `list the members of group '${group}'`;
  const query = memberQuery(group, startAt, MEMBERS_PER_PAGE);
  const call: JiraCall = { step, method: 'GET', path: '/group/member', query, slow: true };
  const page = await orNull(client.request(call, memberPageShape, signal));
  if (page === null) return null;
  const items = uniqueAccounts(page.values);
  const found = { items, total: page.total };
  if (startAt > 0 && page.total !== expected && restarts === 0) return { ...found, cursor: `0-${page.total}-1` };
  if (page.isLast) return { ...found, cursor: null };
  if (items.length === 0) throw new TargetError('ambiguous', `${step}: an empty page that is not the last one`, 200);
  return { ...found, cursor: `${startAt + page.values.length}-${page.total}-${restarts}` };
}

export function memberQuery(group: string, startAt: number, maxResults: number): Readonly<Record<string, string>> {
  return {
    groupname: group,
    includeInactiveUsers: 'true',
    startAt: String(startAt),
    maxResults: String(maxResults),
  };
}

/** How many active members the group has, nested ones included; null where there is no group. */
export async function countActive(client: JiraClient, group: string, signal: AbortSignal): Promise<number | null> {
  const query = { ...memberQuery(group, 0, 1), includeInactiveUsers: 'false' };
  const step = `count the members of group '${group}'`;
  const call: JiraCall = { step, method: 'GET', path: '/group/member', query, slow: true };
  const page = await orNull(client.request(call, memberPageShape, signal));
  return page?.total ?? null;
}

/** Start, total and restarts of a cursor; at the start all 0. One that was not given out here is a mistake of the caller. */
function positions(cursor: string | null): readonly [number, number, number] {
  const [startAt = 0, total = 0, restarts = 0, ...more] = cursor === null ? [] : cursor.split('-').map(Number);
  if (more.length > 0 || ![startAt, total, restarts].every(Number.isSafeInteger)) {
    throw new Error('a cursor of another listing');
  }
  return [startAt, total, restarts];
}
