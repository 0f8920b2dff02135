import type { TargetUser } from '../../domain/model';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { toTargetUser, userShape } from './shapes';

/** The account behind the credentials. */
export async function readMyself(client: JiraClient, signal: AbortSignal): Promise<TargetUser> {
  const call: JiraCall = { step: 'log in', method: 'GET', path: '/myself' };
  return toTargetUser(await client.request(call, userShape, signal));
}
