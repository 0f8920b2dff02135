import type { FaultKind } from '../../../simulators/jira/http/faultKinds';
import type { RunRecord } from '../../../store/records';
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

/** Writes that cannot be avoided: accounts, groups, memberships, then one for each change. */
export function leastWrites(count: number): number {
  const groups = 6;
  const first = count + groups + 2 * count;
  const second = ATTRIBUTES.length + 2 * RENAMED.length + 1 + 2 * MOVED.length + LEAVING.length;
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
  readonly writes: number;
  readonly reads: number;
  readonly last: RunRecord;
}

/** Plays the scenario; under faults a step may take a few runs, but each has to come to its end. */
export async function play(version: string, count: number, fault: FaultKind | null = null): Promise<Story> {
  const system = await startSystem({ jira: { version, users: STRANGERS } });
  try {
    if (fault !== null) await system.sim.addFault({ kind: fault, rate: 0.05 });
    let last: RunRecord | null = null;
    for (const rows of scenario(count)) {
      system.write(rows);
      for (let tries = 0; tries < (fault === null ? 1 : MOST_RUNS); tries += 1) {
        last = await system.run();
        if (last.status === 'succeeded') break;
      }
      expect({ version, fault, status: last?.status, error: last?.error }).toMatchObject({ status: 'succeeded' });
    }
    const { calls } = await system.sim.stats();
    const reads = sumOf(calls, (call) => call.startsWith('GET '));
    return { end: await endOf(system), reads, writes: sumOf(calls, (call) => !call.startsWith('GET ')), last: last! };
  } finally {
    await system.stop();
  }
}

const sumOf = (calls: Readonly<Record<string, number>>, counts: (call: string) => boolean): number =>
  Object.entries(calls).reduce((sum, [call, times]) => sum + (counts(call) ? times : 0), 0);

const LANES = 4;

/** Plays stories side by side, for most of a run is waiting; all have ended when one of them fails. */
export async function inLanes<T>(items: readonly T[], step: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await step(item);
  };
  const ends = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
