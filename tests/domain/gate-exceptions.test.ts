import { evaluateGate } from '../../domain/gate';
import { activeExceptions, exceptionId, exceptionState, raisedLimit } from '../../domain/gate-exceptions';
import type { GateException } from '../../domain/gate-exceptions';
import { gateInput, perKind } from './gate-input';

const DAY: GateException = {
  kind: 'creates',
  count: 900,
  from: '2026-08-31T00:00:00.000Z',
  to: '2026-09-02T00:00:00.000Z',
  reason: 'school year',
};
const share = (kind: GateException['kind'], percent: number): GateException => ({
  kind,
  percent,
  from: DAY.from,
  to: DAY.to,
  reason: 'reorganisation',
});

describe('an exception (rule 4.5)', () => {
  it('counts from its first moment until the one after its last, and ends by itself', () => {
    expect(exceptionState(DAY, '2026-08-30T23:59:59.999Z')).toBe('planned');
    expect(exceptionState(DAY, '2026-08-31T00:00:00.000Z')).toBe('active');
    expect(exceptionState(DAY, '2026-09-01T23:59:59.999Z')).toBe('active');
    expect(exceptionState(DAY, '2026-09-02T00:00:00.000Z')).toBe('over');
    expect(activeExceptions([DAY], '2026-09-03T00:00:00.000Z')).toEqual([]);
  });

  it('raises the limit of its kind, never lowers one, and the highest counts', () => {
    const low = { ...DAY, count: 3, reason: 'low' };
    expect(raisedLimit(50, 'creates', 0, [low, DAY])).toEqual({ limit: 900, exception: 'school year' });
    expect(raisedLimit(50, 'creates', 0, [low])).toEqual({ limit: 50, exception: null });
    expect(raisedLimit(50, 'renames', 0, [DAY])).toEqual({ limit: 50, exception: null });
  });

  it('may be a share of what the limit is a share of', () => {
    expect(raisedLimit(5, 'absent', 333, [share('absent', 40)]).limit).toBe(133);
  });

  it('is named by what it says', () => {
    expect(exceptionId({ ...DAY })).toBe(exceptionId(DAY));
    expect(exceptionId({ ...DAY, count: 901 })).not.toBe(exceptionId(DAY));
  });
});

describe('the gate on a planned day', () => {
  const denominators = { activeManaged: 100, ownedMemberships: 300, linkedGroups: 5 };
  const many = gateInput({ denominators, counts: perKind({ absent: 60 }) });

  it('lets through what the exception allows, and says why the limit is higher', () => {
    expect(evaluateGate(many).heldKinds).toEqual(['absent']);
    const result = evaluateGate({ ...many, exceptions: [share('absent', 60)] });
    expect(result.heldKinds).toEqual([]);
    expect(result.verdicts).toEqual([
      { kind: 'absent', count: 60, used: 0, limit: 60, denominator: 100, verdict: 'pass', exception: 'reorganisation' },
    ]);
  });

  it('still holds what is more than that, together with what was used in 24 hours', () => {
    const used = perKind({ absent: 1 });
    expect(evaluateGate({ ...many, used, exceptions: [share('absent', 60)] }).heldKinds).toEqual(['absent']);
  });

  it('counts for each group by itself where groups lose their members', () => {
    const loss = (groupKey: string, removals: number) => ({
      groupKey,
      activeMembers: 20,
      removals,
      linkedOrRequired: true,
    });
    const input = gateInput({ denominators, groupLosses: [loss('a', 18), loss('b', 20)] });
    expect(evaluateGate({ ...input, exceptions: [share('groupLoss', 90)] }).heldGroups).toEqual(['b']);
  });

  it('lifts no hold of the whole plan', () => {
    const health = { healthy: false, reasons: ['Nobody was delivered.'] };
    expect(evaluateGate({ ...many, health, exceptions: [share('absent', 100)] }).wholePlan).toBe(true);
  });
});
