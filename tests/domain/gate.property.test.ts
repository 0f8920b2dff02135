import fc from 'fast-check';
import { evaluateGate } from '../../domain/gate';
import type { GateInput } from '../../domain/gate';
import { limitOf } from '../../domain/gate-limits';
import { GATE_KINDS } from '../../domain/operation';
import type { CountedGateKind } from '../../domain/settings';
import { DEFAULT_SAFETY, gateInput, perKind } from './gate-input';

const COUNTED = Object.keys(DEFAULT_SAFETY.limits).filter(
  (kind): kind is CountedGateKind => kind !== 'groupLoss' && kind !== 'sourceShrink'
);
const counts = fc
  .array(fc.nat(3000), { minLength: GATE_KINDS.length, maxLength: GATE_KINDS.length })
  .map((numbers) => ({
    ...perKind(Object.fromEntries(GATE_KINDS.map((kind, at) => [kind, numbers[at]]))),
    groupLoss: 0,
  }));
const denominators = fc.record({
  activeManaged: fc.oneof(fc.nat(40), fc.nat(200_000)),
  ownedMemberships: fc.nat(1_000_000),
  linkedGroups: fc.nat(5000),
});
const inputs = fc.record({ counts, used: counts, denominators }).map((parts): GateInput => gateInput(parts));

describe('the gate, for any plan', () => {
  it('lets through at most the ceiling of each kind in 24 hours', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        for (const { kind, count, used, verdict } of evaluateGate(input).verdicts) {
          if (verdict === 'pass' && kind !== 'sensitive' && kind !== 'groupLoss') {
            expect(count + used).toBeLessThanOrEqual(input.settings.limits[kind].ceiling);
          }
        }
      })
    );
  });

  it('never lets a kind through because more is wanted, of it or of any other kind', () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...COUNTED), fc.integer({ min: 1, max: 500 }), (input, kind, more) => {
        const larger = { ...input, counts: { ...input.counts, [kind]: input.counts[kind] + more } };
        expect(evaluateGate(larger).heldKinds).toEqual(expect.arrayContaining(evaluateGate(input).heldKinds));
      })
    );
  });

  it('never lets a kind through because more was used', () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...COUNTED), fc.integer({ min: 1, max: 500 }), (input, kind, more) => {
        const larger = { ...input, used: { ...input.used, [kind]: input.used[kind] + more } };
        expect(evaluateGate(larger).heldKinds).toEqual(expect.arrayContaining(evaluateGate(input).heldKinds));
      })
    );
  });

  it('has limits that grow with the number of users and never fall', () => {
    fc.assert(
      fc.property(denominators, fc.constantFrom(...COUNTED), fc.nat(1000), (size, kind, more) => {
        const limit = (grown: number): number =>
          limitOf(kind, {
            settings: DEFAULT_SAFETY,
            counts: perKind(),
            used: perKind(),
            firstRunPending: false,
            denominators: {
              activeManaged: size.activeManaged + grown,
              ownedMemberships: size.ownedMemberships + grown,
              linkedGroups: size.linkedGroups + grown,
            },
          });
        expect(limit(more)).toBeGreaterThanOrEqual(limit(0));
      })
    );
  });

  it('never deactivates more than a quarter, at least 1, of fewer than 20', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 19 }), fc.nat(20), fc.nat(20), (activeManaged, disabled, absent) => {
        const { verdicts } = evaluateGate(
          gateInput({
            denominators: { activeManaged, ownedMemberships: 0, linkedGroups: 0 },
            counts: perKind({ disabled, absent }),
          })
        );
        const passed = verdicts.filter(({ verdict }) => verdict === 'pass').reduce((sum, { count }) => sum + count, 0);
        expect(passed).toBeLessThanOrEqual(Math.max(1, Math.floor(activeManaged / 4)));
      })
    );
  });

  it('never lets half of a group of 10 or more go, nor a linked group fall to 0', () => {
    const losses = fc.array(
      fc.record({
        groupKey: fc.uuid(),
        activeMembers: fc.nat(60),
        removals: fc.nat(60),
        linkedOrRequired: fc.boolean(),
      }),
      { maxLength: 20 }
    );
    fc.assert(
      fc.property(losses, (groupLosses) => {
        const { heldGroups } = evaluateGate(gateInput({ groupLosses }));
        for (const { groupKey, activeMembers, removals, linkedOrRequired } of groupLosses) {
          if (heldGroups.includes(groupKey)) continue;
          expect(activeMembers < 10 || removals <= activeMembers / 2).toBe(true);
          expect(!linkedOrRequired || activeMembers === 0 || removals < activeMembers).toBe(true);
        }
      })
    );
  });
});
