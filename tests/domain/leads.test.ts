import type { PlanContext, UserFacts } from '../../domain/facts';
import { planUser } from '../../domain/plan-user';
import type { LifecycleSettings } from '../../domain/settings';
import { settingsWith } from '../support/decision-settings';
import { account, alice, codes, context, grouping, link, member, summary } from '../support/person';

const living = (lifecycle: Partial<LifecycleSettings>) => settingsWith({ lifecycle });
const leads = { leads: ['ABC', 'DEF'], licenceGroups: ['licence', 'jira-dev'] } as const;
const owned = { accountGroups: ['jira-dev', 'foreign'], ledger: [{ group: 'jira-dev', addedBy: 'us' }] } as const;
const leaver = (changes: Partial<UserFacts> = {}): UserFacts =>
  member({ ...owned, ...leads, ...changes }, alice({}, false));
const replacing = (leadSuccessor: PlanContext['leadSuccessor']): PlanContext =>
  context(
    { ...(leadSuccessor !== undefined && { leadSuccessor }) },
    living({ leads: { action: 'replaceWith', user: 'boss' } })
  );
const boss = { key: 'JIRAUSER9', username: 'boss' };

describe('rule 3.5: project leads who leave', () => {
  it('lose licence, managed groups and sessions at once, and are held with the projects named', () => {
    const plan = planUser(leaver(), context({ groups: grouping() }));
    expect(summary(plan)).toEqual([
      'endSessions disabled+leads',
      'removeMembership disabled',
      'removeMembership disabled+givesAccess',
    ]);
    expect(plan.operations.slice(1).map(({ before, gateKinds, follows }) => ({ before, gateKinds, follows }))).toEqual(
      ['jira-dev', 'licence'].map((group) => ({ before: { group }, gateKinds: ['removals'], follows: ['disabled'] }))
    );
    expect(plan).toMatchObject({ standing: 'held' });
    expect(plan.reasons).toContainEqual({ code: 'leads', rule: '3.5', params: { projects: 'ABC, DEF' } });
  });

  it('count once under the limit of their cause, and sessions are ended once', () => {
    const plan = planUser(leaver(), context({ groups: grouping() }));
    expect(plan.operations[0]).toMatchObject({ kind: 'endSessions', gateKinds: ['disabled'], phase: 3 });
    const later = leaver({ link: link({ sessionsEnded: true }), accountGroups: [], licenceGroups: [] });
    expect(planUser(later, context())).toMatchObject({ operations: [], standing: 'held' });
  });

  it('are deactivated when they are free', () => {
    expect(summary(planUser(leaver({ leads: [] }), context()))).toEqual(['deactivateUser disabled']);
  });

  it('keep what is protected or kept, and whoever is protected keeps all until somebody decides', () => {
    const kept = settingsWith({ groups: { keep: ['lic*'] } });
    expect(planUser(leaver(), context({}, kept)).operations).not.toContainEqual(
      expect.objectContaining({ before: { group: 'licence' } })
    );
    const guarded = planUser(leaver(), context({ protectedKeys: new Set(['JIRAUSER1']) }));
    expect(guarded).toMatchObject({ operations: [], standing: 'held' });
    expect(codes(guarded)).toEqual(['disabled', 'leads', 'protectedAccount']);
  });

  it('nothing is done within the grace, or where the cause keeps the account', () => {
    const patient = living({ disabled: { action: 'deactivate', graceDays: 5 } });
    expect(planUser(leaver(), context({}, patient))).toMatchObject({ operations: [], standing: 'unchanged' });
  });

  it('replaceWith: the successor leads each project before the account is deactivated', () => {
    const plan = planUser(leaver(), replacing(boss));
    expect(summary(plan)).toEqual([
      'replaceLead disabled+leads',
      'replaceLead disabled+leads',
      'deactivateUser disabled',
    ]);
    expect(plan.operations[0]).toMatchObject({
      phase: 2,
      before: { project: 'ABC', lead: 'alice' },
      after: { project: 'ABC', lead: 'boss' },
      follows: ['disabled'],
    });
    expect(plan.standing).toBe('unchanged');
  });

  it.each([
    ['does not exist or is inactive', null],
    ['is the one that leaves', { key: account().key, username: 'alice' }],
  ])('replaceWith: held as without it where the successor %s', (_, successor) => {
    const plan = planUser(leaver(), replacing(successor));
    expect(summary(plan)[0]).toBe('endSessions disabled+leads+leadSuccessorUnusable');
    expect(plan.standing).toBe('held');
    expect(codes(plan)).toContain('leadSuccessorUnusable');
  });

  it('the successor himself is not deactivated while he is named, though he leads nothing yet', () => {
    const plan = planUser(leaver({ leads: [] }), replacing({ key: account().key, username: 'alice' }));
    expect(plan.operations.map(({ kind }) => kind)).not.toContain('deactivateUser');
    expect(plan.standing).toBe('held');
  });
});
