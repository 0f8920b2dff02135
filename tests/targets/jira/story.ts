import pLimit from 'p-limit';
import type { FaultsInput } from '../../../simulators/jira/control/schemas';
import type { RunRecord } from '../../../store/records';
import { effectsOf } from '../../support/accounts';
import { changed, numbers, people, type Row } from '../../support/people';
import { startSystem, type System } from '../../support/system';

/** How many runs a step may take where answers go wrong. */
const MOST_RUNS = 4;

/** Accounts that nobody synchronizes: more than the 100 at which a search of 10.x ends. */
const STRANGERS = 150;

/** Same people, same changes, whatever the version. */
const ATTRIBUTES = numbers(6);
const RENAMED = [7, 8, 9];
const MOVED = numbers(16).slice(9);
const LEAVING = [17, 18];

function scenario(count: number): readonly (readonly Row[])[] {
  const start = people(count);
  const updated = changed(start, ATTRIBUTES, { displayName: 'Somebody Else' });
  const renamed = RENAMED.reduce(
    (rows, n) => changed(rows, [n], { username: `married${n}`, email: `married${n}@example.com` }),
    updated
  );
  const moved = changed(renamed, MOVED, { groups: ['all', 'team-9'] });
  const left = changed(moved, LEAVING, { active: false });
  const back = changed(left, LEAVING, { active: true });
  return [start, left, back, back];
}

/** Writes that cannot be avoided: accounts, groups, memberships, one for each change, and the end of a leaver's sessions. */
export function leastWrites(count: number): number {
  const groups = 6;
  const first = count + groups + 2 * count;
  const second = ATTRIBUTES.length + 2 * RENAMED.length + 1 + 2 * MOVED.length + 2 * LEAVING.length;
  return first + second + LEAVING.length;
}

/**
 * Reads that cannot be avoided in four runs: each group's pages, each created account once, and a page of accounts where
 * they are listed or, where they are not, name and address of each newcomer.
 */
export function leastReads(count: number, listed: boolean): number {
  const memberPages = Math.ceil(count / 50);
  const withoutMembers = 7;
  const later = memberPages + withoutMembers;
  const accounts = listed ? 4 : 2 * count;
  return count + withoutMembers + 3 * later + accounts;
}

export interface Account {
  readonly name: string;
  readonly displayName: string;
  readonly emailAddress: string;
  readonly active: boolean;
  readonly groups: readonly string[];
}

/** Everybody of the simulated Jira without what differs between two runs of the same story: the keys. */
async function endOf(system: System): Promise<readonly Account[]> {
  return (await system.sim.users()).map(({ name, displayName, emailAddress, active, groups }) => ({
    name,
    displayName,
    emailAddress,
    active,
    groups: [...groups].sort(),
  }));
}

export interface Story {
  readonly end: readonly Account[];
  /** Writes that took effect, by kind: the same in every telling unless one was doubled or lost. */
  readonly effects: Readonly<Record<string, number>>;
  readonly writes: number;
  readonly reads: number;
  readonly last: RunRecord;
}

/** The parts of a fault that a story sets; without a rate one answer in twenty. */
export type StoryFault = Omit<FaultsInput, 'until' | 'status'>;

const FAULT_RATE = 0.05;

/** Plays the scenario; under faults a step may take a few runs, but each has to come to its end. */
export async function play(version: string, count: number, faults: readonly StoryFault[] = []): Promise<Story> {
  const system = await startSystem({ jira: { version, users: STRANGERS } });
  try {
    for (const fault of faults) await system.sim.addFault({ rate: FAULT_RATE, ...fault });
    let last: RunRecord | null = null;
    const steps = scenario(count);
    for (const [step, rows] of steps.entries()) {
      // What others changed during the last run is seen by the next one.
      if (step === steps.length - 1) await system.sim.removeFaults();
      system.write(rows);
      for (let tries = 0; tries < (faults.length === 0 ? 1 : MOST_RUNS); tries += 1) {
        last = await system.run();
        if (last.status === 'succeeded') break;
      }
      const { status, error, warnings, gate } = last!;
      const end = { version, faults, step, status, error };
      if (status !== 'succeeded') expect({ ...end, warnings, gate }).toEqual({ ...end, status: 'succeeded' });
    }
    const { calls } = await system.sim.stats();
    return {
      end: await endOf(system),
      effects: await effectsOf(system.sim),
      reads: sumOf(calls, (call) => call.startsWith('GET ')),
      writes: sumOf(calls, (call) => !call.startsWith('GET ')),
      last: last!,
    };
  } finally {
    await system.stop();
  }
}

const sumOf = (calls: Readonly<Record<string, number>>, counts: (call: string) => boolean): number =>
  Object.entries(calls).reduce((sum, [call, times]) => sum + (counts(call) ? times : 0), 0);

const LANES = 4;

/** Plays stories side by side, for most of a run is waiting; each answers for itself, in the order of the items. */
export async function inLanes<T, R>(
  items: readonly T[],
  step: (item: T) => Promise<R>
): Promise<readonly PromiseSettledResult<R>[]> {
  const lanes = pLimit(LANES);
  return Promise.allSettled(items.map((item) => lanes(() => step(item))));
}

/** What a story came to. @throws what it failed with */
export function told<R>(result: PromiseSettledResult<R> | undefined): R {
  if (result?.status === 'fulfilled') return result.value;
  throw result?.reason ?? new Error('the story was not played');
}
