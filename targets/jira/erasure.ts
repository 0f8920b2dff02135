import { z } from 'zod';
import { nameKey } from '../../domain/names';
import type { AccountName, AnonymizationState } from '../extras';
import { TargetError } from '../target';
import { findAccount } from './accounts';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { orNull, write } from './refusals';
import { anonymizationShape } from './shapes';

/**
 * Deletes an account for good. Jira refuses while it has issues, comments or anything else.
 * @returns 'gone' where there was none. @throws TargetError 'invalid' when the key is another person's
 */
export async function deleteAccount(
  client: JiraClient,
  doomed: AccountName,
  signal: AbortSignal
): Promise<'deleted' | 'gone'> {
  const step = 'delete an account';
  if (!(await isThere(client, step, doomed, signal))) return 'gone';
  const call: JiraCall = { step, method: 'DELETE', path: '/user', query: { key: doomed.key } };
  const done = await orNull(write(client, call, z.unknown(), signal).then(() => true));
  return done === null ? 'gone' : 'deleted';
}

/**
 * Starts Jira's own anonymisation (8.7 and later, system administrators only), which cannot be undone.
 * @param newOwnerKey the account that takes over what the person owns
 * @returns the id of the task. @throws TargetError 'invalid' when the key is another person's or Jira refuses
 */
export async function startAnonymization(
  client: JiraClient,
  doomed: AccountName,
  newOwnerKey: string,
  signal: AbortSignal
): Promise<string> {
  const step = 'anonymize an account';
  if (!(await isThere(client, step, doomed, signal))) throw new TargetError('notFound', `${step}: not found`, 404);
  const query = { userKey: doomed.key };
  await client.request({ step, method: 'GET', path: '/user/anonymization', query }, z.unknown(), signal);
  const body = { userKey: doomed.key, newOwnerKey };
  const call: JiraCall = { step, method: 'POST', path: '/user/anonymization', body };
  const { progressUrl } = await write(client, call, anonymizationShape, signal);
  const taskId = /[?&]taskId=(\d+)/.exec(progressUrl)?.[1];
  if (taskId === undefined) throw new TargetError('ambiguous', `${step}: begun, but Jira names no task`, 202);
  return taskId;
}

/** What became of an anonymisation; 'unknown' where Jira has forgotten the task. */
export async function readAnonymization(
  client: JiraClient,
  taskId: string,
  signal: AbortSignal
): Promise<AnonymizationState> {
  const path = '/user/anonymization/progress';
  const call: JiraCall = { step: 'read an anonymisation', method: 'GET', path, query: { taskId } };
  const task = await orNull(client.request(call, anonymizationShape, signal));
  switch (task?.status) {
    case undefined:
      return 'unknown';
    case 'IN_PROGRESS':
      return 'running';
    case 'COMPLETED':
      return 'done';
    default:
      return 'failed';
  }
}

async function isThere(client: JiraClient, step: string, doomed: AccountName, signal: AbortSignal): Promise<boolean> {
  const account = await findAccount(client, { key: doomed.key }, signal);
  if (account === null) return false;
  if (nameKey(account.username) === nameKey(doomed.username)) return true;
  throw new TargetError('invalid', `${step}: the account of this key has another username: nothing was done`);
}
