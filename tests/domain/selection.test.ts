import fc from 'fast-check';
import { GATE_KINDS } from '../../domain/operation';
import type { GateKind } from '../../domain/operation';
import { createSelector, selects } from '../../domain/selection';
import type { HeldScope, SelectableOperation } from '../../domain/selection';

const operation = (parts: Partial<SelectableOperation> = {}): SelectableOperation => ({
  seq: 7,
  gateKinds: ['disabled'],
  follows: [],
  heldByRule: false,
  status: 'held',
  ...parts,
});
const held: HeldScope = { kinds: ['disabled', 'creates'], wholePlan: false };
const whole: HeldScope = { kinds: [], wholePlan: true };
const preview: HeldScope = { ...held, preview: true };

describe('rule 4.6: which operations of a held run an approval takes', () => {
  it('takes all that is held without a selection, what a rule holds included', () => {
    expect(selects(operation(), null, held)).toBe(true);
    expect(selects(operation({ heldByRule: true, gateKinds: [] }), null, held)).toBe(true);
  });

  it.each(['planned', 'applying', 'done', 'stale', 'conflict', 'failed', 'cancelled'] as const)(
    'never takes one that is %s: each operation once',
    (status) => {
      expect(selects(operation({ status }), null, held)).toBe(false);
      expect(selects(operation({ status }), { seqs: [7], kinds: ['disabled'] }, held)).toBe(false);
    }
  );

  it('takes nothing by an empty selection', () => {
    expect(selects(operation(), {}, held)).toBe(false);
    expect(selects(operation(), { kinds: [], seqs: [] }, whole)).toBe(false);
  });

  it('takes by number exactly what is named, whatever holds it', () => {
    expect(selects(operation({ heldByRule: true }), { seqs: [3, 7] }, held)).toBe(true);
    expect(selects(operation({ seq: 8 }), { seqs: [3, 7] }, held)).toBe(false);
  });

  it.each<[string, Partial<SelectableOperation>, GateKind[], HeldScope, boolean]>([
    ['its one held kind is approved', {}, ['disabled'], held, true],
    ['another kind is approved', {}, ['creates'], held, false],
    ['one of two held kinds is missing', { gateKinds: ['disabled', 'creates'] }, ['disabled'], held, false],
    ['its other kind was not held', { gateKinds: ['disabled', 'removals'] }, ['disabled'], held, true],
    ['it follows an approved kind', { gateKinds: [], follows: ['creates'] }, ['creates'], held, true],
    ['the kind it follows is missing', { gateKinds: ['disabled'], follows: ['creates'] }, ['disabled'], held, false],
    ['a rule holds it', { heldByRule: true }, ['disabled'], held, false],
    ['none of its kinds is held', { gateKinds: ['renames'] }, ['renames'], held, false],
    ['the whole plan is held and all its kinds are approved', { gateKinds: ['renames'] }, ['renames'], whole, true],
    [
      'the whole plan is held and one of its kinds is missing',
      { gateKinds: ['renames', 'emails'] },
      ['renames'],
      whole,
      false,
    ],
    ['the whole plan is held and it has no kind', { gateKinds: [] }, [...GATE_KINDS], whole, false],
  ])('by kind, when %s', (_, parts, kinds, scope, taken) => {
    expect(selects(operation(parts), { kinds }, scope)).toBe(taken);
  });
});

describe('rule 4.6: which operations of a preview an approval takes', () => {
  it('takes everything without a selection, what the gate would hold too', () => {
    expect(selects(operation({ status: 'planned', gateKinds: [] }), null, preview)).toBe(true);
    expect(selects(operation({ status: 'held' }), null, preview)).toBe(true);
    expect(selects(operation({ status: 'stale' }), null, preview)).toBe(false);
  });

  it('takes by kind what has that kind, held or not', () => {
    expect(selects(operation({ status: 'planned', gateKinds: ['renames'] }), { kinds: ['renames'] }, preview)).toBe(
      true
    );
    expect(selects(operation({ status: 'planned', gateKinds: ['renames'] }), { kinds: ['emails'] }, preview)).toBe(
      false
    );
  });
});

it('rule 5.2: an addition without a seat is freed by its number or by approving all, never by a kind', () => {
  const waiting = {
    seq: 3,
    gateKinds: ['creates'],
    follows: [],
    heldByRule: false,
    status: 'held',
    noSeats: ['jira-software'],
  } as const;
  const scope = { kinds: ['creates'], wholePlan: false } as const;
  expect(selects(waiting, { kinds: ['creates'] }, scope)).toBe(false);
  expect(selects({ ...waiting, noSeats: [] }, { kinds: ['creates'] }, scope)).toBe(true);
  expect(selects(waiting, { seqs: [3] }, scope)).toBe(true);
  expect(selects(waiting, null, scope)).toBe(true);
});

describe('a selection, for any plan', () => {
  const kindLists = fc.uniqueArray(fc.constantFrom(...GATE_KINDS), { maxLength: 4 });
  const operations = fc.record({
    seq: fc.nat(20),
    gateKinds: kindLists,
    follows: kindLists,
    heldByRule: fc.boolean(),
    status: fc.constantFrom('held', 'planned', 'done', 'stale'),
  });
  const scopes = fc.record({ kinds: kindLists, wholePlan: fc.boolean() });
  const selections = fc.record({ kinds: kindLists, seqs: fc.array(fc.nat(20), { maxLength: 4 }) });

  it('takes nothing that approving all would not take', () => {
    fc.assert(
      fc.property(operations, selections, scopes, (given, selection, scope) => {
        if (selects(given, selection, scope)) expect(selects(given, null, scope)).toBe(true);
      })
    );
  });

  it('takes more, never less, the more is approved', () => {
    fc.assert(
      fc.property(operations, selections, selections, scopes, (given, selection, more, scope) => {
        const both = { kinds: [...selection.kinds, ...more.kinds], seqs: [...selection.seqs, ...more.seqs] };
        if (createSelector(selection, scope)(given)) expect(createSelector(both, scope)(given)).toBe(true);
      })
    );
  });
});
