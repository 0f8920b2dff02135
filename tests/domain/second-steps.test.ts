import type { UserFacts } from '../../domain/facts';
import { COOLING_OFF_DAYS, nextDue } from '../../domain/lifecycle-steps';
import { causeTimes } from '../../domain/lifecycle';
import type { Link, TargetUser } from '../../domain/model';
import { planUser } from '../../domain/plan-user';
import { pseudonymOf } from '../../domain/pseudonym';
import type { DecisionSettings, LifecycleSettings, LifecycleStep } from '../../domain/settings';
import { attribute, DEFAULTS, settingsWith } from '../support/decision-settings';
import { account, alice, codes, context, grouping, held, link, member, NOW, summary } from '../support/person';

const DAY_MS = 86_400_000;
const ago = (days: number): string => new Date(Date.parse(NOW) - days * DAY_MS).toISOString();
const living = (lifecycle: Partial<LifecycleSettings>): DecisionSettings => settingsWith({ lifecycle });
const step = (disabled: LifecycleStep): DecisionSettings => living({ disabled });
const then = (afterDays: number, action: NonNullable<LifecycleStep['then']>['action']): DecisionSettings =>
  step({ action: 'deactivate', graceDays: 0, then: { afterDays, action } });

const leaver = (changes: Partial<Link>, account_: Partial<TargetUser> = {}): UserFacts =>
  member({ link: link(changes), account: account(account_) }, alice({}, false));
/** Deactivated by us so many days ago. */
const inactive = (days: number, changes: Partial<Link> = {}): UserFacts =>
  leaver(
    { lastDeactivatedBy: 'us', lastDeactivatedAt: ago(days), disabledSince: ago(days), state: 'inactive', ...changes },
    { active: false }
  );
const planned = (facts: UserFacts, settings: DecisionSettings): string[] =>
  summary(planUser(facts, context({}, settings)));

describe('rule 3.1: second steps', () => {
  it.each([
    [89, []],
    [90, ['pseudonymizeUser disabled+secondStep']],
  ])('%d days after the deactivation', (days, expected) => {
    expect(planned(inactive(days), then(90, 'pseudonymize'))).toEqual(expected);
  });

  it('count from the deactivation, however long it waited for approval', () => {
    const late = inactive(10, { disabledSince: ago(200) });
    expect(planned(late, then(90, 'pseudonymize'))).toEqual([]);
  });

  it('count from the end of the grace where somebody else deactivated, or nobody', () => {
    const others = leaver({ disabledSince: ago(100) }, { active: false });
    expect(planned(others, then(90, 'pseudonymize'))).toEqual(['pseudonymizeUser disabled+secondStep']);
    const kept = step({ action: 'keep', graceDays: 0, then: { afterDays: 90, action: 'removeGroups' } });
    const facts = { ...leaver({ disabledSince: ago(90) }), accountGroups: ['jira-dev'] };
    const ledger = [{ group: 'jira-dev', addedBy: 'us' }] as const;
    expect(summary(planUser({ ...facts, ledger }, context({ groups: grouping() }, kept)))).toEqual([
      'removeMembership disabled',
    ]);
  });

  it('are under the limit of their cause, and wait for a person where the account is protected', () => {
    const settings = then(1, 'pseudonymize');
    expect(planUser(inactive(2), context({}, settings)).operations[0]).toMatchObject({
      phase: 3,
      gateKinds: ['disabled'],
      heldByRule: false,
    });
    const guarded = context({ protectedKeys: new Set(['JIRAUSER1']) }, settings);
    expect(summary(planUser(inactive(2), guarded))).toEqual(['pseudonymizeUser! disabled+secondStep+protectedAccount']);
  });

  it('end with the cause', () => {
    const back = { ...inactive(200), ...member() };
    expect(planned(back, then(90, 'delete'))).toEqual([]);
  });

  it('never overtake a first step that waits', () => {
    const settings = living({
      disabled: { action: 'deactivate', graceDays: 0, then: { afterDays: 1, action: 'removeGroups' } },
    });
    const lead = { ...leaver({ disabledSince: ago(90) }), leads: ['ABC'] };
    expect(planned(lead, settings)).toEqual(['endSessions disabled+leads']);
  });
});

describe('rule 3.7: pseudonymize', () => {
  const settings = step({ action: 'pseudonymize', graceDays: 0 });

  it('as the action deactivates first, and counts once', () => {
    const plan = planUser(leaver({}), context({}, settings));
    expect(summary(plan)).toEqual(['deactivateUser disabled', 'pseudonymizeUser disabled+secondStep']);
    expect(plan.operations[1]).toMatchObject({
      gateKinds: [],
      follows: ['disabled'],
      before: { username: 'alice', email: 'alice@corp.com', displayName: 'Alice Ames' },
      after: { ...pseudonymOf(link()) },
    });
    expect(JSON.stringify(plan.operations[1]?.after).toLowerCase()).not.toContain('alice');
  });

  it('is done once', () => {
    const named = leaver({ lastDeactivatedBy: 'us', disabledSince: ago(1) }, {
      ...pseudonymOf(link()),
      active: false,
    } as TargetUser);
    const plan = planUser(named, context({}, settings));
    expect(plan.operations).toEqual([]);
    expect(codes(plan)).toContain('pseudonymizedAlready');
  });

  it('is taken back when the person comes back, whatever the mapping keeps', () => {
    const pseudonym = account({ ...(pseudonymOf(link()) as TargetUser), key: 'JIRAUSER1', active: false });
    const before = { username: 'alice', email: 'alice@corp.com', displayName: 'Alice Ames' };
    const keeping = settingsWith({
      mapping: {
        ...DEFAULTS.mapping,
        username: { ...attribute('username'), apply: 'onCreate' },
        email: attribute('nothing'),
        displayName: { ...attribute('displayName'), apply: 'onCreate' },
      },
      users: { actions: { ...DEFAULTS.users.actions, rename: false, update: false } },
    });
    const back = member(
      {
        account: pseudonym,
        byUsername: held(pseudonym, 'a-1'),
        link: link({ lastDeactivatedBy: 'us', beforePseudonym: before }),
      },
      alice(),
      keeping
    );
    const free = { ...back, byUsername: { kind: 'nobody' } as const };
    const plan = planUser(free, context({}, keeping));
    expect(plan.operations.map(({ kind, after }) => ({ kind, after }))).toEqual([
      { kind: 'renameUser', after: { username: 'alice' } },
      { kind: 'reactivateUser', after: { active: true } },
      { kind: 'updateUser', after: { email: 'alice@corp.com', displayName: 'Alice Ames' } },
    ]);
  });

  it('leaves alone what only its directory can change', () => {
    const external = { ...inactive(99), link: link({ state: 'externalDirectory', disabledSince: ago(99) }) };
    expect(planUser(external, context({}, then(1, 'pseudonymize')))).toMatchObject({
      operations: [],
      standing: 'skipped',
    });
  });
});

describe('rule 3.7: what cannot be undone has a cooling-off', () => {
  it.each(['anonymize', 'delete'] as const)('%s as the action deactivates, and goes on later', (action) => {
    const settings = step({ action, graceDays: 0, confirm: 'corp' });
    expect(planned(leaver({}), settings)).toEqual(['deactivateUser disabled']);
    expect(planned(inactive(COOLING_OFF_DAYS - 1), settings)).toEqual([]);
    expect(planned(inactive(COOLING_OFF_DAYS), settings)).toEqual([`${action}User disabled+secondStep`]);
  });

  it('is never done to an account that is active: one that was kept is deactivated first', () => {
    const kept = step({ action: 'keep', graceDays: 0, then: { afterDays: 30, action: 'delete' } });
    expect(planned(leaver({ disabledSince: ago(29) }), kept)).toEqual([]);
    expect(planned(leaver({ disabledSince: ago(300) }), kept)).toEqual(['deactivateUser disabled']);
    const since = { disabledSince: ago(300) };
    expect(planned(inactive(COOLING_OFF_DAYS - 1, since), kept)).toEqual([]);
    expect(planned(inactive(COOLING_OFF_DAYS, since), kept)).toEqual(['deleteUser disabled+secondStep']);
  });

  it('is never done on an incomplete read', () => {
    const complete = { users: false, groups: true, memberships: true };
    const plan = planUser(inactive(99), context({ complete }, then(30, 'delete')));
    expect(plan.operations).toEqual([]);
    expect(codes(plan)).toContain('incompleteRead');
  });
});

describe('rule 3.6: keepIf', () => {
  it.each([
    ['user.displayName == "Alice Ames"', 'unchanged', 'keptByRule'],
    ['existing.active && link.state == "active"', 'unchanged', 'keptByRule'],
    ['"board" in groups', 'unchanged', 'keptByRule'],
    ['user.displayName.matches("(")', 'held', 'conditionFailed'],
  ])('%s: %s', (keepIf, standing, code) => {
    const facts = { ...leaver({}), groupNames: ['board'] };
    const plan = planUser(facts, context({}, living({ keepIf })));
    expect(plan).toMatchObject({ operations: [], standing });
    expect(codes(plan)).toEqual(['disabled', code]);
  });

  it('who does not fulfil it leaves', () => {
    expect(planned(leaver({}), living({ keepIf: 'user.department == "Board"' }))).toEqual(['deactivateUser disabled']);
  });
});

describe('when the next step is due', () => {
  const due = (facts: UserFacts, settings: DecisionSettings): string | null => {
    const ctx = context({}, settings);
    return nextDue(facts, causeTimes(facts, facts.link!, ctx), ctx);
  };
  const after = (days: number): string => ago(-days);

  it.each<[string, UserFacts, DecisionSettings, string | null]>([
    ['the end of the grace', leaver({ disabledSince: ago(1) }), step({ action: 'deactivate', graceDays: 5 }), after(4)],
    ['nothing after a deactivation without second step', inactive(1), DEFAULTS, null],
    ['the second step', inactive(10), then(90, 'pseudonymize'), after(80)],
    ['the second step of who is deactivated now', leaver({}), then(90, 'pseudonymize'), after(90)],
    ['the cooling-off', inactive(2), step({ action: 'delete', graceDays: 0 }), after(COOLING_OFF_DAYS - 2)],
    ['nothing for who has no cause', member(), then(90, 'pseudonymize'), null],
    ['nothing once all is over', inactive(100), then(90, 'pseudonymize'), null],
  ])('%s', (_, facts, settings, expected) => {
    expect(due(facts, settings)).toBe(expected);
  });
});
