import { ActivityFailure, ApplicationFailure, allHandlersFinished, condition, setHandler } from '@temporalio/workflow';
import { markConnector } from './attributes';
import { syncUserUpdate } from './messages';
import type { UserSyncAnswer, UserSyncInput } from './messages';
import { closingActivities, personActivities } from './stubs';

/**
 * Syncs one person as often as it is asked for while it lives, one request after the other, and ends when nobody waits.
 * History: about 6 events a request. After a crash: the request in the store knows how far its work is.
 */
export async function userSyncWorkflow(input: UserSyncInput): Promise<void> {
  let turn: Promise<unknown> = Promise.resolve();
  let served = 0;
  setHandler(syncUserUpdate, ({ requestId }) => {
    const mine = turn.then(() => serve(input, requestId));
    turn = mine.catch(() => undefined);
    return mine.finally(() => {
      served += 1;
    });
  });
  markConnector(input.connectorId);
  await condition(() => served > 0 && allHandlersFinished());
}

async function serve({ tuning }: UserSyncInput, requestId: string): Promise<UserSyncAnswer> {
  try {
    return await personActivities(tuning).syncUser({ requestId });
  } catch (error) {
    await closingActivities(tuning).failSyncUser({ requestId, error: wordsOf(error) });
    return { end: 'refused' };
  }
}

function wordsOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? cause.message : 'the sync of this person did not end in time';
}
