import { z } from 'zod';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { orNull, write } from './refusals';

/** Ends the browser sessions of an account; where it is gone there are none. Tokens of its own are not ended by this. */
export async function endSessions(client: JiraClient, username: string, signal: AbortSignal): Promise<void> {
  const path = `/user/session/${encodeURIComponent(username)}`;
  const call: JiraCall = { step: 'end the sessions of an account', method: 'DELETE', path };
  await orNull(write(client, call, z.unknown(), signal));
}
