import type { TargetUser } from '../../domain/model';
import { TargetError, type TargetPage } from '../target';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { orNull } from './refusals';
import { memberPageShape, toTargetUser, usersShape, type UserShape } from './shapes';

/** Jira cuts longer pages down to these. */
const USERS_PER_PAGE = 1_000;
const MEMBERS_PER_PAGE = 50;

/**
 * One page of all accounts. The listing says neither its length nor its end and is no snapshot, so it goes on until a
 * page is empty and an account may come twice (JRASERVER-70269): callers keep one record a key.
 */
export async function listAccounts(
  client: JiraClient,
  cursor: string | null,
  signal: AbortSignal
): Promise<TargetPage<TargetUser>> {
  const [startAt] = positions(cursor, 1);
  const query = {
    username: '.',
    includeActive: 'true',
    includeInactive: 'true',
    startAt: String(startAt),
    maxResults: String(USERS_PER_PAGE),
  };
  const call: JiraCall = { step: 'list accounts', method: 'GET', path: '/user/search', query };
  const users = await client.request(call, usersShape, signal);
  return { items: unique(users), cursor: users.length === 0 ? null : String(startAt + users.length) };
}

/**
 * One page of the members of a group, inactive ones and those of nested groups included; null where there is no group.
 * When the number of members changes between two pages the listing starts again, once: some may have been skipped.
 */
export async function listGroupMembers(
  client: JiraClient,
  group: string,
  cursor: string | null,
  signal: AbortSignal
): Promise<TargetPage<TargetUser> | null> {
  const [startAt, expected, restarts] = positions(cursor, 3);
  const step = `list the members of group '${group}'`;
  const query = memberQuery(group, startAt, MEMBERS_PER_PAGE);
  const call: JiraCall = { step, method: 'GET', path: '/group/member', query, slow: true };
  const page = await orNull(client.request(call, memberPageShape, signal));
  if (page === null) return null;
  const items = unique(page.values);
  if (startAt > 0 && page.total !== expected && restarts === 0) return { items, cursor: `0-${page.total}-1` };
  if (page.isLast) return { items, cursor: null };
  if (items.length === 0) throw new TargetError('ambiguous', `${step}: an empty page that is not the last one`, 200);
  return { items, cursor: `${startAt + page.values.length}-${page.total}-${restarts}` };
}

export function memberQuery(group: string, startAt: number, maxResults: number): Readonly<Record<string, string>> {
  return {
    groupname: group,
    includeInactiveUsers: 'true',
    startAt: String(startAt),
    maxResults: String(maxResults),
  };
}

function unique(users: readonly UserShape[]): readonly TargetUser[] {
  return [...new Map(users.map((user) => [user.key, toTargetUser(user)])).values()];
}

/** The numbers of a cursor; at the start all 0. A cursor that was not given out here is a mistake of the caller. */
function positions(cursor: string | null, parts: 1): readonly [number];
function positions(cursor: string | null, parts: 3): readonly [number, number, number];
function positions(cursor: string | null, parts: number): readonly number[] {
  const numbers = cursor === null ? Array<number>(parts).fill(0) : cursor.split('-').map(Number);
  if (numbers.length !== parts || !numbers.every(Number.isSafeInteger)) throw new Error('a cursor of another listing');
  return numbers;
}
