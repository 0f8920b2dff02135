import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ParentClosePolicy,
  allHandlersFinished,
  condition,
  continueAsNew,
  patched,
  setCurrentDetails,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { changesWorkflowId } from '../domain/ids';
import { CHANGES_WORKFLOW, sweepNowUpdate } from './messages';
import type { ChangesInput, SweepAnswer, SweepInput } from './messages';
import { sweepingActivities } from './stubs';

const EVERY_MS = 60_000;
const LOOKS_A_ROUND = 4;

/**
 * Looks once a minute for what a day brings: graces that are over, holds that nobody decided, runs of past days
 * (durability 4.4). One for the installation, for ever.
 * History: about 8 events a round; continues as new when the server suggests it. After a crash the next round comes.
 */
export async function sweepWorkflow(input: SweepInput): Promise<void> {
  const rounds = { wanted: false, begun: 0, ended: 0 };
  let last: SweepAnswer = { people: 0, holds: 0, dayRuns: 0 };
  setHandler(sweepNowUpdate, async () => {
    const { begun } = rounds;
    rounds.wanted = true;
    await condition(() => rounds.ended > begun);
    return last;
  });
  while (rounds.wanted || rounds.begun === 0 || !workflowInfo().continueAsNewSuggested) {
    rounds.wanted = false;
    rounds.begun += 1;
    last = await sweep(input);
    rounds.ended = rounds.begun;
    setCurrentDetails(`last round: ${last.people} people, ${last.holds} holds, ${last.dayRuns} runs of a day`);
    await untilNextRound(input, () => rounds.wanted);
  }
  await condition(allHandlersFinished);
  return continueAsNew<typeof sweepWorkflow>(input);
}

/** Between two rounds it looks four times for changes that wait without anybody carrying them. */
async function untilNextRound(input: SweepInput, isWanted: () => boolean): Promise<void> {
  const everyMs = input.everyMs ?? EVERY_MS;
  if (!patched('carry what waits')) {
    await condition(isWanted, everyMs, { summary: 'next round' });
    return;
  }
  for (let part = 1; part <= LOOKS_A_ROUND; part += 1) {
    await carryWhatWaits(input);
    if (await condition(isWanted, everyMs / LOOKS_A_ROUND, { summary: 'next look' })) return;
  }
}

/** A signal that was lost with the API that owed it, a connector that goes on after a pause (durability 4.4). */
async function carryWhatWaits({ tuning }: SweepInput): Promise<void> {
  const { waitingConnectors } = sweepingActivities(tuning);
  for (const connectorId of await waitingConnectors().catch(() => [])) {
    const changes: ChangesInput = { connectorId, ...(tuning && { tuning }) };
    try {
      await startChild(CHANGES_WORKFLOW, {
        workflowId: changesWorkflowId(connectorId),
        args: [changes],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `changes pushed to connector ${connectorId}`,
      });
    } catch (error) {
      // It runs, and reads what waits whether or not it was told.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
}

/** A round that fails for good (a store that is away for long) is no end: the next one comes. */
async function sweep({ tuning }: SweepInput): Promise<SweepAnswer> {
  const { sweepDue } = sweepingActivities(tuning);
  try {
    return await sweepDue();
  } catch {
    return { people: 0, holds: 0, dayRuns: 0 };
  }
}
