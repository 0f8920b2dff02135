import { planUser } from '../../domain/plan-user';
import {
  countPlans,
  decisionFingerprint,
  emptyWhatIfCounts,
  planDifference,
  plannedChanges,
} from '../../domain/what-if';
import type { PlannedUnder } from '../../domain/what-if';
import { whatIfHash } from '../../domain/what-if-result';
import { prepareUser } from '../../domain/prepare';
import type { UserFacts } from '../../domain/facts';
import type { DecisionSettings } from '../../domain/settings';
import { DEFAULTS } from '../support/decision-settings';
import { account, alice, context, held, member, newcomer } from '../support/person';

const under = (facts: UserFacts, settings: DecisionSettings = DEFAULTS): PlannedUnder => ({
  facts,
  plan: planUser(facts, context({ settings })),
});
const excluding: DecisionSettings = { ...DEFAULTS, scope: { ...DEFAULTS.scope, exclude: ['a-1'] } };
const aliceExcluded = (): PlannedUnder => under(member({ prepared: prepareUser(alice(), [], excluding) }), excluding);

describe('plannedChanges', () => {
  it('says nothing of a person whom the plan leaves alone', () => {
    expect(plannedChanges(under(member()))).toEqual([]);
  });

  it('tells a newcomer who is created', () => {
    expect(plannedChanges(under(newcomer()))).toEqual(['created']);
  });

  it('tells both the leaving of the scope and what it leads to', () => {
    expect(plannedChanges(aliceExcluded())).toEqual(['deactivated', 'leavesScope']);
  });

  it('tells a leaving of the scope that leads to nothing', () => {
    const kept: DecisionSettings = {
      ...excluding,
      lifecycle: { ...excluding.lifecycle, outOfScope: { action: 'keep', graceDays: 0 } },
    };
    const facts = member({ prepared: prepareUser(alice(), [], kept) });
    expect(plannedChanges(under(facts, kept))).toEqual(['leavesScope']);
  });

  it('tells people who want one name as colliding, and as held', () => {
    const facts = newcomer({ usernameContest: ['a-1', 'a-2'] });
    expect(plannedChanges(under(facts))).toEqual(['collides', 'held']);
  });

  it('tells a name that somebody else owns as colliding', () => {
    const facts = newcomer({ byUsername: held(account({ email: 'else@corp.com' }), 'b-1') });
    expect(plannedChanges(under(facts))).toContain('collides');
  });
});

describe('planDifference', () => {
  it('is null where both configurations plan the same', () => {
    expect(planDifference(under(member()), under(member()))).toBeNull();
  });

  it('has what the other configuration plans, and what it does not plan any more', () => {
    const now = under(
      member({
        source: alice({ displayName: 'A. Ames' }),
        prepared: prepareUser(alice({ displayName: 'A. Ames' }), [], DEFAULTS),
      })
    );
    const found = planDifference(now, aliceExcluded());
    expect(found).toMatchObject({ externalId: 'a-1', before: ['updated'], changes: ['deactivated', 'leavesScope'] });
    expect(found?.operations.map(({ kind }) => kind)).toEqual(['deactivateUser']);
    expect(found?.dropped.map(({ kind }) => kind)).toEqual(['updateUser']);
  });

  it('sees a person for whom only the reason differs', () => {
    const disabled = under(member({ source: alice({}, false), account: account({ active: false }) }));
    const outside = { ...disabled, plan: { ...disabled.plan, reasons: [{ code: 'outOfScope', rule: '3.1' }] } };
    expect(planDifference(disabled, outside)).toMatchObject({ operations: [], changes: [] });
  });
});

describe('countPlans', () => {
  it('counts each person once a change and once a rule, under both configurations', () => {
    const now = under(member());
    const then = aliceExcluded();
    const person = { now, then, difference: planDifference(now, then) };
    const counts = countPlans(countPlans(emptyWhatIfCounts(), [person]), [
      person,
      { now, then: now, difference: null },
    ]);
    expect(counts).toMatchObject({
      people: 3,
      differing: 2,
      changes: { deactivated: { now: 0, then: 2 }, leavesScope: { now: 0, then: 2 }, created: { now: 0, then: 0 } },
      rules: { '3.1 outOfScope': { now: 0, then: 2 } },
    });
  });
});

describe('decisionFingerprint', () => {
  it('changes with what a plan depends on', () => {
    expect(decisionFingerprint(excluding)).not.toBe(decisionFingerprint(DEFAULTS));
  });

  it('does not change with limits, approval, schedule, name or source', () => {
    const limits = { ...DEFAULTS.safety.limits, creates: { floor: 1, percent: 1, ceiling: 1 } };
    const other = {
      ...DEFAULTS,
      safety: { ...DEFAULTS.safety, limits },
      approval: { ...DEFAULTS.approval, when: 'always' as const },
      name: 'Other',
      source: { type: 'file' },
      schedule: null,
    };
    expect(decisionFingerprint(other)).toBe(decisionFingerprint(DEFAULTS));
  });
});

describe('whatIfHash', () => {
  const identity = { connectorId: 'corp', runId: 'corp-1', settings: 'abc', plan: 'def' };

  it('is a SHA-256 that changes with connector, snapshot, settings and plan', () => {
    const hashes = [
      identity,
      { ...identity, connectorId: 'other' },
      { ...identity, runId: 'corp-2' },
      { ...identity, settings: 'abd' },
      { ...identity, plan: 'deg' },
    ].map(whatIfHash);
    expect(new Set(hashes).size).toBe(5);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});
