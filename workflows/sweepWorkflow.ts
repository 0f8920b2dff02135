import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { sweepNowUpdate } from './messages';
import type { SweepAnswer, SweepInput } from './messages';
import { sweepingActivities } from './stubs';

const EVERY_MS = 60_000;

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
    await condition(() => rounds.wanted, input.everyMs ?? EVERY_MS, { summary: 'next round' });
  }
  await condition(allHandlersFinished);
  return continueAsNew<typeof sweepWorkflow>(input);
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
