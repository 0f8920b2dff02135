import {
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { Drained } from '../activities';
import { connectorWorkflowId } from '../domain/ids';
import { markConnector } from './attributes';
import { changesWaitSignal, syncWantedSignal } from './messages';
import type { ChangesInput } from './messages';
import { changesStep } from './stubs';

const IDLE_MS = 10_000;
const ROUNDS = 500;

/**
 * Carries what was pushed to one connector, in rounds that each read what waits and its latest state, and ends when nothing
 * has come for ten seconds (durability 4.3).
 * History: about 8 events a round; continues as new after 500 rounds. After a crash: what waits is marked in the store, and
 * the sweep starts this again.
 */
export async function changesWorkflow(input: ChangesInput): Promise<void> {
  let isWanted = true;
  setHandler(changesWaitSignal, () => {
    isWanted = true;
  });
  markConnector(input.connectorId);
  const { drainChanges } = changesStep(input.tuning);
  let handedOver: number | null = null;
  for (let round = 0; round < (input.tuning?.continueAsNewAfter ?? ROUNDS); round += 1) {
    // Before the read: what is signalled during it is read again.
    isWanted = false;
    const drained: Drained = await drainChanges({ connectorId: input.connectorId, handedOver });
    setCurrentDetails(details(drained));
    handedOver = drained.runFor !== null && (await askForRun(input.connectorId)) ? drained.runFor : null;
    if (handedOver !== null || drained.more) continue;
    const isWoken = await condition(() => isWanted, drained.waitMs ?? IDLE_MS, { summary: 'more changes' });
    if (!isWoken && drained.waitMs === null) return;
  }
  return continueAsNew<typeof changesWorkflow>(input);
}

/** @returns false where the connector's workflow does not run: what waits stays marked, and the sweep comes back to it */
async function askForRun(connectorId: string): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(connectorWorkflowId(connectorId)).signal(syncWantedSignal);
    return true;
  } catch {
    return false;
  }
}

function details({ carried, parked, more, waitMs }: Drained): string {
  const waits = more ? 'more waits' : waitMs === null ? 'nothing waits' : 'some changes settle';
  return `last round: ${carried} people carried, ${parked} set aside; ${waits}`;
}
