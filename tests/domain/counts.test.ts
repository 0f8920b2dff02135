import fc from 'fast-check';
import { addCounts, countOperation, countOutcome, emptyCounts } from '../../domain/counts';
import { PHASE_OF_KIND } from '../../domain/operation';
import type { OperationKind } from '../../domain/operation';
import { OUTCOMES } from '../../domain/run';
import type { RunCounts } from '../../domain/run';

const KINDS = Object.keys(PHASE_OF_KIND) as OperationKind[];
const someCounts: fc.Arbitrary<RunCounts> = fc
  .array(fc.oneof(fc.constantFrom(...OUTCOMES), fc.constantFrom(...KINDS)), { maxLength: 30 })
  .map((events) =>
    events.reduce<RunCounts>(
      (counts, event) =>
        OUTCOMES.some((outcome) => outcome === event)
          ? countOutcome(counts, event as (typeof OUTCOMES)[number])
          : countOperation(counts, event as OperationKind),
      emptyCounts()
    )
  );

describe('the counts of a run', () => {
  it('start at 0 for every outcome and for groups and memberships', () => {
    expect(Object.keys(emptyCounts())).toEqual([
      ...OUTCOMES,
      'groupsCreated',
      'membershipsAdded',
      'membershipsRemoved',
    ]);
    expect(new Set(Object.values(emptyCounts()))).toEqual(new Set([0]));
  });

  it.each([
    ['createGroup', { groupsCreated: 1 }],
    ['addMembership', { membershipsAdded: 1 }],
    ['removeMembership', { membershipsRemoved: 1 }],
    ['createUser', {}],
    ['adoptGroup', {}],
  ] as const)('count a done %s as %j', (kind, expected) => {
    expect(countOperation(emptyCounts(), kind)).toEqual({ ...emptyCounts(), ...expected });
  });

  it('add up alike in any order and grouping, and stay unchanged themselves', () => {
    fc.assert(
      fc.property(someCounts, someCounts, someCounts, (a, b, c) => {
        const before = { ...a };
        expect(addCounts(a, b)).toEqual(addCounts(b, a));
        expect(addCounts(addCounts(a, b), c)).toEqual(addCounts(a, addCounts(b, c)));
        expect(addCounts(a, emptyCounts())).toEqual(before);
        expect(a).toEqual(before);
      })
    );
  });
});
