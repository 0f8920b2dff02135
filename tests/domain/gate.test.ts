import { evaluateGate, gateOperation } from '../../domain/gate';
import type { GateInput } from '../../domain/gate';
import type { GroupLoss } from '../../domain/gate-limits';
import { NO_LIMIT } from '../../domain/gate-limits';
import type { GateKind } from '../../domain/operation';
import { DEFAULT_APPROVAL, DEFAULT_SAFETY, gateInput, perKind } from './gate-input';

const heldKinds = (parts: Partial<GateInput>): readonly GateKind[] => evaluateGate(gateInput(parts)).heldKinds;
const active = (activeManaged: number): Pick<GateInput, 'denominators'> => ({
  denominators: { activeManaged, ownedMemberships: activeManaged * 5, linkedGroups: 10 },
});
const loss = (activeMembers: number, removals: number, linkedOrRequired = false): GroupLoss => ({
  groupKey: 'g',
  activeMembers,
  removals,
  linkedOrRequired,
});

describe('rule 4.1: a limit is min(max(floor, percent), ceiling) over a rolling 24 hours', () => {
  it.each([
    ['the floor where the share is smaller', 50, 10],
    ['the share of the active managed users', 2000, 200],
    ['the ceiling where the share is larger', 100_000, 1000],
  ])('takes %s', (_, activeManaged, limit) => {
    const { verdicts } = evaluateGate(gateInput({ ...active(activeManaged), counts: perKind({ disabled: 1 }) }));
    expect(verdicts).toEqual([
      { kind: 'disabled', count: 1, used: 0, limit, denominator: activeManaged, verdict: 'pass' },
    ]);
  });

  it('passes a count equal to the limit and holds one more', () => {
    expect(heldKinds({ counts: perKind({ disabled: 100 }) })).toEqual([]);
    expect(heldKinds({ counts: perKind({ disabled: 101 }) })).toEqual(['disabled']);
  });

  it('counts what other runs used up in the last 24 hours', () => {
    expect(heldKinds({ counts: perKind({ disabled: 40 }), used: perKind({ disabled: 60 }) })).toEqual([]);
    expect(heldKinds({ counts: perKind({ disabled: 41 }), used: perKind({ disabled: 60 }) })).toEqual(['disabled']);
  });

  it('says nothing of kinds that do not occur, even where they are used up', () => {
    expect(evaluateGate(gateInput({ used: perKind({ disabled: 500 }) })).verdicts).toEqual([]);
  });
});

describe('rule 4.2: the default limits at 1,000 active accounts, 5,000 memberships and 100 groups', () => {
  it.each([
    ['disabled', 100],
    ['absent', 30],
    ['removals', 500],
    ['renames', 50],
    ['emails', 100],
    ['creates', 200],
    ['groupsCreated', 20],
    ['reactivations', 50],
    ['sensitive', 0],
  ] as const)('%s: %i', (kind, limit) => {
    const [verdict] = evaluateGate(gateInput({ counts: perKind({ [kind]: limit + 1 }) })).verdicts;
    expect(verdict).toMatchObject({ kind, limit, verdict: 'held' });
    expect(heldKinds({ counts: perKind({ [kind]: limit }) })).toEqual([]);
  });

  it.each([
    [19, 4],
    [16, 4],
    [10, 2],
    [5, 1],
    [3, 1],
    [1, 1],
  ])('deactivates at most a quarter, at least 1, of %i active accounts: %i', (activeManaged, limit) => {
    for (const kind of ['disabled', 'absent'] as const) {
      expect(heldKinds({ ...active(activeManaged), counts: perKind({ [kind]: limit }) })).toEqual([]);
      expect(heldKinds({ ...active(activeManaged), counts: perKind({ [kind]: limit + 1 }) })).toEqual([kind]);
    }
  });

  it('takes the quarter of both causes together, the surer one first', () => {
    expect(heldKinds({ ...active(16), counts: perKind({ disabled: 2, absent: 2 }) })).toEqual([]);
    expect(heldKinds({ ...active(16), counts: perKind({ disabled: 3, absent: 2 }) })).toEqual(['absent']);
    expect(heldKinds({ ...active(16), counts: perKind({ disabled: 2 }), used: perKind({ absent: 3 }) })).toEqual([
      'disabled',
    ]);
  });

  it('does not free room for the absent when the disabled are held', () => {
    expect(heldKinds({ ...active(16), counts: perKind({ disabled: 9, absent: 1 }) })).toEqual(['disabled', 'absent']);
  });

  it('knows no quarter from 20 active accounts on', () => {
    expect(heldKinds({ ...active(20), counts: perKind({ disabled: 10 }) })).toEqual([]);
  });

  it.each([
    ['passes half of a group of 10', loss(10, 5), false],
    ['holds more than half of a group of 10', loss(10, 6), true],
    ['passes any part of a group of 9 that is neither linked nor required', loss(9, 9), false],
    ['holds a linked or required group that falls to 0', loss(2, 2, true), true],
    ['passes a linked group that keeps one member', loss(2, 1, true), false],
    ['passes a group without active members', loss(0, 3, true), false],
  ])('%s', (_, groupLoss, held) => {
    const result = evaluateGate(gateInput({ groupLosses: [groupLoss] }));
    expect(result.heldGroups).toEqual(held ? ['g'] : []);
    expect(result.heldKinds).toEqual(held ? ['groupLoss'] : []);
  });

  it('sums the groups that lose too many in one verdict and names them', () => {
    const groupLosses = [
      { ...loss(20, 15), groupKey: 'b' },
      { ...loss(10, 9), groupKey: 'a' },
      { ...loss(100, 1), groupKey: 'c' },
    ];
    const result = evaluateGate(gateInput({ groupLosses }));
    expect(result.heldGroups).toEqual(['a', 'b']);
    expect(result.verdicts).toEqual([
      { kind: 'groupLoss', count: 24, used: 0, limit: 15, denominator: 30, verdict: 'held' },
    ]);
    expect(result.wholePlan).toBe(false);
  });

  it('limits what is created only after the first run', () => {
    const counts = perKind({ creates: 1000, groupsCreated: 40 });
    expect(heldKinds({ ...active(0), counts })).toEqual(['creates', 'groupsCreated']);
    const first = evaluateGate(gateInput({ counts, firstRun: { pending: true, touchesExisting: false } }));
    expect(first.heldKinds).toEqual([]);
    expect(first.verdicts.map(({ limit }) => limit)).toEqual([NO_LIMIT, NO_LIMIT]);
  });
});

describe('rule 4.3: source health', () => {
  it('holds the whole plan and says why', () => {
    const result = evaluateGate(gateInput({ health: { healthy: false, reasons: ['no users'] } }));
    expect(result).toMatchObject({ wholePlan: true, holdReasons: ['no users'], heldKinds: [] });
  });

  it('holds an unhealthy read whose plan is empty, and one that gives no reason', () => {
    expect(evaluateGate(gateInput({ operations: 0, health: { healthy: false, reasons: [] } })).wholePlan).toBe(true);
  });
});

describe('rule 4.4: what is held', () => {
  it('holds the kind that is over its limit only', () => {
    const result = evaluateGate(gateInput({ counts: perKind({ disabled: 500, renames: 1 }) }));
    expect(result.heldKinds).toEqual(['disabled']);
    expect(result.wholePlan).toBe(false);
    expect(result.holdReasons).toEqual([]);
  });

  it.each([
    ['touches what existed', true, true, 'hold', true],
    ['only creates', true, false, 'hold', false],
    ['touches what existed, with firstRun: pass', true, true, 'pass', false],
    ['is a later one and touches what existed', false, true, 'hold', false],
  ] as const)('a first run that %s', (_, pending, touchesExisting, firstRun, held) => {
    const settings = { ...DEFAULT_SAFETY, firstRun };
    const result = evaluateGate(gateInput({ settings, firstRun: { pending, touchesExisting } }));
    expect(result.wholePlan).toBe(held);
    expect(result.holdReasons).toHaveLength(held ? 1 : 0);
  });

  it('holds the whole plan while changed settings are not acknowledged', () => {
    const result = evaluateGate(gateInput({ settingsUnacknowledged: true }));
    expect(result).toMatchObject({ wholePlan: true, holdReasons: [expect.stringContaining('rule 4.4')] });
  });

  it('holds the whole plan when one kind exceeds and onExceed is holdRun', () => {
    const settings = { ...DEFAULT_SAFETY, onExceed: 'holdRun' } as const;
    expect(evaluateGate(gateInput({ settings, counts: perKind({ renames: 51 }) })).wholePlan).toBe(true);
    expect(evaluateGate(gateInput({ settings, groupLosses: [loss(10, 6)] })).wholePlan).toBe(true);
    expect(evaluateGate(gateInput({ settings, counts: perKind({ renames: 50 }) })).wholePlan).toBe(false);
  });

  it('holds nothing of a plan without operations', () => {
    const empty = gateInput({
      operations: 0,
      settingsUnacknowledged: true,
      approval: { ...DEFAULT_APPROVAL, when: 'always' },
    });
    expect(evaluateGate(empty)).toMatchObject({ wholePlan: false, holdReasons: [] });
  });

  it('names every reason', () => {
    const result = evaluateGate(
      gateInput({
        health: { healthy: false, reasons: ['a', 'b'] },
        firstRun: { pending: true, touchesExisting: true },
        settingsUnacknowledged: true,
        approval: { ...DEFAULT_APPROVAL, when: 'always' },
      })
    );
    expect(result.holdReasons).toHaveLength(5);
  });
});

describe('rule 4.6: approval.when', () => {
  it('always: holds the whole plan', () => {
    const result = evaluateGate(gateInput({ approval: { ...DEFAULT_APPROVAL, when: 'always' } }));
    expect(result).toMatchObject({ wholePlan: true, approvable: true });
  });

  it('never: holds the same, and nothing of it can be approved', () => {
    const approval = { ...DEFAULT_APPROVAL, when: 'never' } as const;
    const result = evaluateGate(gateInput({ approval, counts: perKind({ disabled: 101 }) }));
    expect(result).toMatchObject({ heldKinds: ['disabled'], wholePlan: false, approvable: false });
  });
});

describe('gateOperation', () => {
  const operation = { gateKinds: ['removals'], follows: [], heldByRule: false, groupKey: 'dev' } as const;
  const result = { heldKinds: [], heldGroups: [], wholePlan: false } as const;

  it.each([
    ['passes what nothing holds', operation, result, false],
    ['holds an operation one of whose kinds is held', operation, { ...result, heldKinds: ['removals'] }, true],
    [
      'holds an operation that follows a held kind',
      { ...operation, gateKinds: [], follows: ['creates'] },
      { ...result, heldKinds: ['creates'] },
      true,
    ],
    ['holds what a rule holds', { ...operation, heldByRule: true }, result, true],
    ['holds everything of a held plan', { ...operation, gateKinds: [] }, { ...result, wholePlan: true }, true],
  ] as const)('%s', (_, given, verdict, held) => {
    expect(gateOperation(given, verdict).held).toBe(held);
  });

  it('lets groupLoss count exactly for the removals from a held group', () => {
    const held = { ...result, heldKinds: ['groupLoss'], heldGroups: ['dev'] } as const;
    expect(gateOperation(operation, held)).toEqual({ held: true, gateKinds: ['removals', 'groupLoss'] });
    const other = { ...operation, gateKinds: ['removals', 'groupLoss'], groupKey: 'ops' } as const;
    expect(gateOperation(other, held)).toEqual({ held: false, gateKinds: ['removals'] });
    expect(gateOperation({ ...operation, groupKey: null }, held).held).toBe(false);
  });
});
