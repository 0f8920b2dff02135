import type { FaultKind } from '../../simulators/jira/http/faultKinds';
import { inLanes, play, type Account } from '../targets/jira/story';

/** Each kind of fault with a line that lists all accounts or one that does not. */
const FAULTS = [
  ['9.12', 'http500-before'],
  ['10.0', 'http500-after'],
  ['10.0', 'drop-before'],
  ['9.12', 'drop-after'],
  ['10.0', 'rate-limit'],
  ['8.5', 'html-502'],
  ['9.12', 'created-but-500'],
] as const satisfies readonly (readonly [string, FaultKind])[];
const PEOPLE = 20;

describe('the same story under faults', () => {
  const ends = new Map<FaultKind | null, readonly Account[]>();

  beforeAll(async () => {
    await inLanes([['9.12', null] as const, ...FAULTS], async ([line, fault]) => {
      ends.set(fault, (await play(line, PEOPLE, fault)).end);
    });
  }, 300_000);

  it.each(FAULTS)('Jira %s with one answer in twenty being %s: nothing doubled, nothing lost', (_line, fault) => {
    expect(ends.get(fault)).toEqual(ends.get(null));
    expect(ends.get(fault)?.filter((account) => account.groups.includes('all'))).toHaveLength(PEOPLE);
  });
});
