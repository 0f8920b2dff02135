import type { TargetUser } from '../../domain/model';
import { emailKey } from '../../domain/names';
import { TargetError } from '../target';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { uniqueAccounts, usersShape } from './shapes';

/** Jira cuts longer pages down to this; from 10.0 on to 100 (JRASERVER-78520). */
export const USERS_PER_PAGE = 1_000;
/** Lengths at which versions end a search: an answer of exactly so many may lack some. */
const CUT_LENGTHS: readonly number[] = [100, USERS_PER_PAGE];
/** Matches everybody in every version (JRASERVER-29069). */
const EVERYBODY = '.';

interface Search {
  /** What the request is for, as error messages name it. */
  readonly step: string;
  readonly query: string;
  readonly startAt: number;
}

/** Accounts whose username, address or display name begins like the query, inactive included; an account may repeat. */
async function search(client: JiraClient, { step, query, startAt }: Search, signal: AbortSignal) {
  const parameters = {
    username: query,
    includeActive: 'true',
    includeInactive: 'true',
    startAt: String(startAt),
    maxResults: String(USERS_PER_PAGE),
  };
  const call: JiraCall = { step, method: 'GET', path: '/user/search', query: parameters };
  return client.request(call, usersShape, signal);
}

/** One page of everybody; `length` counts what Jira sent, repeated accounts included. */
export async function searchEverybody(
  client: JiraClient,
  startAt: number,
  signal: AbortSignal
): Promise<{ readonly items: readonly TargetUser[]; readonly length: number }> {
  const users = await search(client, { step: 'list accounts', query: EVERYBODY, startAt }, signal);
  return { items: uniqueAccounts(users), length: users.length };
}

/**
 * Every account with this address. Jira finds whatever begins like it, so only equal addresses are kept.
 * @throws TargetError 'configuration' when the answer is as long as versions cut it: it proves neither who has the
 * address nor that only one has
 */
export async function findAccountsByEmail(
  client: JiraClient,
  email: string,
  signal: AbortSignal
): Promise<readonly TargetUser[]> {
  if (!email.includes('@')) return [];
  const step = 'look for accounts by address';
  const users = await search(client, { step, query: email.trim(), startAt: 0 }, signal);
  if (CUT_LENGTHS.includes(users.length)) {
    throw new TargetError('configuration', `${step}: ${users.length} accounts begin like one address, perhaps more`);
  }
  const wanted = emailKey(email);
  return uniqueAccounts(users).filter((user) => user.email !== null && emailKey(user.email) === wanted);
}
