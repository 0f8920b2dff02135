import { rmSync, writeFileSync } from 'node:fs';
import { accountsOf } from '../support/accounts';
import { people, toCsv } from '../support/people';
import type { Row } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';
import type { RunRecord } from '../../store/records';

const GOOD = people(200);
/** Longer than the grace of people who are missing (one day). */
const TWO_DAYS_MS = 2 * 86_400_000;

interface Fault {
  readonly name: string;
  /** The file with the fault; null: no file. */
  readonly file: string | null;
  /** `partial`: everybody concerned is held, and nothing could be approved before the file is mended. */
  readonly status: RunRecord['status'];
  /** What the run says, in its error, its reasons for holding or its reasons for a person. */
  readonly why: RegExp;
}

const withGroups = (row: Row, keep: (group: string) => boolean): Row => ({ ...row, groups: row.groups.filter(keep) });
const partnerOf = (index: number): Row => GOOD[index % 2 === 0 ? index + 1 : index - 1] ?? (GOOD[0] as Row);

const FAULTS: readonly Fault[] = [
  { name: 'empty', file: '', status: 'failed', why: /people\.csv is empty/ },
  { name: 'empty but for its first line', file: toCsv([]), status: 'held', why: /delivered no users/ },
  { name: 'gone', file: null, status: 'failed', why: /people\.csv does not exist or is not readable/ },
  { name: 'cut in half', file: toCsv(GOOD.slice(0, 100)), status: 'held', why: /delivered 100 users.*there were 200/ },
  {
    name: 'one in which everybody is disabled',
    file: toCsv(GOOD.map((row) => ({ ...row, active: false }))),
    status: 'held',
    why: /disabled: 200 of 200, limit 10/,
  },
  {
    name: 'one that lost all groups',
    file: toCsv(GOOD.map((row) => withGroups(row, () => false))),
    status: 'held',
    why: /delivered no groups/,
  },
  {
    name: 'one that lost one group',
    file: toCsv(GOOD.map((row) => withGroups(row, (group) => group !== 'team-0'))),
    status: 'held',
    why: /groupMissing/,
  },
  {
    name: 'one in which all ids are new',
    file: toCsv(GOOD.map((row) => ({ ...row, id: `new-${row.id}` }))),
    status: 'partial',
    why: /rehire/,
  },
  {
    name: 'one in which the usernames are swapped in pairs',
    file: toCsv(GOOD.map((row, index) => ({ ...row, username: partnerOf(index).username }))),
    status: 'partial',
    why: /renameSwap/,
  },
  {
    name: 'one with duplicate ids',
    file: toCsv([...GOOD, { ...partnerOf(6), username: 'copy', email: 'copy@example.com' }]),
    status: 'failed',
    why: /duplicate ids: people\.csv line 202 repeats the id of people\.csv line 9/,
  },
];

describe('a file with a fault harms nobody, with default settings, even when it stays for days', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: GOOD });
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { created: 200, membershipsAdded: 400 } });
  });
  afterAll(async () => system.stop());

  /** Everything a run says about itself and about people. */
  const whatIsSaid = async (run: RunRecord): Promise<string> => {
    const kinds = run.gate.filter(({ verdict }) => verdict === 'held');
    const outcomes = await system.outcomes(run.id);
    const codes = new Set(outcomes.flatMap(({ reasons }) => reasons.map(({ code }) => code)));
    return [
      run.error ?? '',
      ...run.holdReasons,
      ...run.warnings,
      ...kinds.map(({ kind, count, denominator, limit }) => `${kind}: ${count} of ${denominator}, limit ${limit}`),
      ...codes,
    ].join('\n');
  };

  it.each(FAULTS)('the file is $name', async ({ file, status, why }) => {
    const before = await accountsOf(system.sim);
    if (file === null) rmSync(system.file);
    else writeFileSync(system.file, file);
    for (const ahead of [0, TWO_DAYS_MS]) {
      system.clock.advance(ahead);
      const run = await system.run();
      expect(await whatIsSaid(run)).toMatch(why);
      expect(run.status).toBe(status);
      expect(await accountsOf(system.sim)).toEqual(before);
    }
    system.write(GOOD);
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { unchanged: 200 } });
    expect(await accountsOf(system.sim)).toEqual(before);
  });
});
