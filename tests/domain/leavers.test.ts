import type { Completeness, PlanContext, UserFacts } from '../../domain/facts';
import { planUser } from '../../domain/plan-user';
import type { DecisionSettings, LifecycleSettings } from '../../domain/settings';
import { DEFAULTS, settingsWith } from '../support/decision-settings';
import { absent, account, alice, codes, context, grouping, link, member, NOW, summary } from '../support/person';
import { COMPLETE } from '../support/pure-sync';

const living = (lifecycle: Partial<LifecycleSettings>): DecisionSettings => settingsWith({ lifecycle });
const required = settingsWith({ scope: { requiredGroups: ['jira-*'] } });
const disabled = (changes: Partial<UserFacts> = {}): UserFacts => member(changes, alice({}, false));
const outside = (changes: Partial<UserFacts> = {}): UserFacts => member(changes, alice(), required);
const owned = { accountGroups: ['jira-dev', 'foreign'], ledger: [{ group: 'jira-dev', addedBy: 'us' }] } as const;

describe('rule 3.1: causes are told apart', () => {
  it.each([
    ['disabled', disabled(), 'disabled'],
    ['disabled', absent({ presence: 'absentDisabled' }), 'disabled'],
    ['missing', absent(), 'absent'],
    ['outOfScope', outside(), 'absent'],
  ])('%s: deactivated, under its own limit', (cause, facts, gateKind) => {
    expect(planUser(facts, context()).operations).toMatchObject([
      {
        kind: 'deactivateUser',
        targetKey: 'JIRAUSER1',
        before: { active: true },
        after: { active: false },
        reasons: [{ code: cause, rule: '3.1' }],
        gateKinds: [gateKind],
        heldByRule: false,
      },
    ]);
  });

  it('a disabled user whose groups went with him is disabled, and one without a username too', () => {
    expect(summary(planUser(member({}, alice({}, false), required), context()))).toEqual(['deactivateUser disabled']);
    expect(summary(planUser(member({}, alice({ username: '' }, false)), context()))).toEqual([
      'deactivateUser disabled',
    ]);
  });

  it('a disabled user whom the provider does not list counts from the day on which it said so, not as missing', () => {
    const unlisted = absent({ presence: 'absentDisabled' }, '2026-03-01T00:00:00.000Z');
    const graceful = living({ disabled: { action: 'deactivate', graceDays: 5 } });
    const plan = planUser(unlisted, context({}, graceful));
    expect(codes(plan)).toEqual(['disabled', 'inGrace']);
    expect(plan.bookkeeping).toMatchObject({ disabledSince: NOW, missingSince: null });
  });

  it('two who want one name do not keep a leaver active', () => {
    expect(summary(planUser(disabled({ usernameContest: ['a-1', 'b-2'] }), context()))).toEqual([
      'deactivateUser disabled',
    ]);
  });

  it('attributes and memberships of a leaver are left as they are', () => {
    const facts = member({ ...owned, groupIds: ['g-1'] }, alice({ displayName: 'Left', username: 'zz-alice' }, false));
    expect(summary(planUser(facts, context({ groups: grouping() })))).toEqual(['deactivateUser disabled']);
  });

  it.each([
    ['keep', living({ disabled: { action: 'keep', graceDays: 0 } }), 'keptByLifecycle'],
    ['within the grace', living({ disabled: { action: 'deactivate', graceDays: 30 } }), 'inGrace'],
  ])('%s: nothing happens', (_, settings, code) => {
    const plan = planUser(disabled(owned), context({ groups: grouping() }, settings));
    expect(plan).toMatchObject({ operations: [], standing: 'unchanged' });
    expect(codes(plan)).toEqual(['disabled', code]);
  });

  it('an account that is inactive or gone has nothing to lose', () => {
    expect(codes(planUser(disabled({ account: account({ active: false }) }), context()))).toEqual([
      'disabled',
      'alreadyInactive',
    ]);
    expect(codes(planUser(disabled({ account: null }), context()))).toEqual(['disabled', 'accountGone']);
  });

  it('the action is off, or the directory cannot be written: skipped', () => {
    const off = settingsWith({ users: { actions: { ...DEFAULTS.users.actions, deactivate: false } } });
    expect(planUser(disabled(), context({}, off))).toMatchObject({ operations: [], standing: 'skipped' });
    const readOnly = disabled({ link: link({ state: 'externalDirectory' }) });
    expect(planUser(readOnly, context())).toMatchObject({ operations: [], standing: 'skipped' });
  });

  it('rule 1.3: a missing user who is there again under a new id is not deactivated', () => {
    const plan = planUser(absent({ rehiredAs: 'a-99' }), context());
    expect(plan).toMatchObject({
      operations: [],
      standing: 'held',
      reasons: [{ code: 'rehire', params: { other: 'a-99' } }],
    });
  });
});

describe('invariant 1: nobody is deactivated on an incomplete read', () => {
  const without = (part: keyof Completeness): Completeness => ({ ...COMPLETE, [part]: false });

  it.each<[string, UserFacts, keyof Completeness]>([
    ['disabled, users incomplete', disabled(), 'users'],
    ['missing, users incomplete', absent(), 'users'],
    ['out of scope, users incomplete', outside(), 'users'],
    ['out of scope by a group, groups incomplete', outside(), 'groups'],
    ['out of scope by a group, memberships incomplete', outside(), 'memberships'],
  ])('%s', (_, facts, part) => {
    const plan = planUser(facts, context({ complete: without(part) }, required));
    expect(plan).toMatchObject({ operations: [], standing: 'unchanged' });
    expect(codes(plan)).toContain('incompleteRead');
  });

  it('a source without groups still has its leavers', () => {
    const complete = { users: true, groups: false, memberships: false };
    const excluded = settingsWith({ scope: { exclude: ['a-1'] } });
    expect(summary(planUser(disabled(), context({ complete })))).toEqual(['deactivateUser disabled']);
    expect(summary(planUser(absent(), context({ complete })))).toEqual(['deactivateUser missing']);
    expect(summary(planUser(member({}, alice(), excluded), context({ complete }, excluded)))).toEqual([
      'deactivateUser outOfScope',
    ]);
  });

  it('an absence that is not proved changes nothing and notes nothing', () => {
    const plan = planUser(absent({ presence: 'absentUnproved', link: link() }), context());
    expect(plan).toMatchObject({
      operations: [],
      reasons: [{ code: 'absentUnproved' }],
      bookkeeping: { missingSince: null },
    });
  });
});

describe('rule 3.1: grace', () => {
  it.each([
    ['2026-03-09T02:00:00.000Z', ['deactivateUser missing']],
    ['2026-03-09T02:00:00.001Z', []],
    [null, []],
  ])('missing since %s, a grace of one day', (since, expected) => {
    expect(summary(planUser(absent({}, since), context()))).toEqual(expected);
  });

  it('a grace of 0 days acts in the run that notices', () => {
    const plan = planUser(absent({}, null), context({}, living({ missing: { action: 'deactivate', graceDays: 0 } })));
    expect(summary(plan)).toEqual(['deactivateUser missing']);
    expect(plan.bookkeeping?.missingSince).toBe(NOW);
  });

  it('counts from the first proved absence and ends with a return', () => {
    const before = '2026-02-01T00:00:00.000Z';
    const all = { missingSince: before, outOfScopeSince: before, disabledSince: before };
    const since = (facts: UserFacts, ctx: PlanContext = context()): unknown =>
      planUser({ ...facts, link: link(all) }, ctx).bookkeeping;
    expect(since(member())).toMatchObject({ missingSince: null, outOfScopeSince: null, disabledSince: null });
    expect(since(disabled())).toMatchObject({ missingSince: null, outOfScopeSince: null, disabledSince: before });
    expect(since(outside())).toMatchObject({ missingSince: null, outOfScopeSince: before, disabledSince: null });
    expect(since(absent())).toMatchObject(all);
    expect(since(absent({ presence: 'absentUnproved' }))).toMatchObject(all);
  });

  it('is not started by an incomplete read, except by what the provider says outright', () => {
    const ctx = context({ complete: { users: false, groups: true, memberships: true } });
    expect(planUser(absent({}, null), ctx).bookkeeping?.missingSince).toBeNull();
    expect(planUser(outside(), ctx).bookkeeping?.outOfScopeSince).toBeNull();
    expect(planUser(disabled(), ctx).bookkeeping?.disabledSince).toBe(NOW);
  });
});

describe('the memberships of leavers', () => {
  it('groupsOnDeactivate: drop takes the owned ones along, held with the deactivation', () => {
    const plan = planUser(disabled(owned), context({ groups: grouping() }, living({ groupsOnDeactivate: 'drop' })));
    expect(summary(plan)).toEqual(['deactivateUser disabled', 'removeMembership disabled']);
    expect(plan.operations[1]).toMatchObject({
      before: { group: 'jira-dev' },
      after: null,
      gateKinds: ['removals'],
      follows: ['disabled'],
    });
  });

  it('removeGroups leaves the account active and foreign memberships in place', () => {
    const settings = living({ disabled: { action: 'removeGroups', graceDays: 0 } });
    expect(summary(planUser(disabled(owned), context({ groups: grouping() }, settings)))).toEqual([
      'removeMembership disabled',
    ]);
  });

  it.each([
    [
      'groups.keep',
      settingsWith({ lifecycle: { groupsOnDeactivate: 'drop' }, groups: { keep: ['jira-*'] } }),
      grouping(),
    ],
    ['an additive group', living({ groupsOnDeactivate: 'drop' }), grouping({ mode: 'additive' })],
    [
      'a held group',
      living({ groupsOnDeactivate: 'drop' }),
      grouping({}, { held: { code: 'groupRenamed', rule: '2.2' } }),
    ],
  ])('%s: kept', (_, settings, groups) => {
    expect(summary(planUser(disabled(owned), context({ groups }, settings)))).toEqual(['deactivateUser disabled']);
  });
});

describe('rule 3.4: protected leavers', () => {
  it('are deactivated only after approval, and named in every run until then', () => {
    const plan = planUser(
      disabled(owned),
      context({ protectedKeys: new Set(['JIRAUSER1']) }, living({ groupsOnDeactivate: 'drop' }))
    );
    expect(summary(plan)).toEqual(['deactivateUser! disabled+protectedAccount']);
  });

  it('the last member of a protected group is refused', () => {
    const plan = planUser(disabled(), context({ lastMemberKeys: new Set(['JIRAUSER1']) }));
    expect(plan).toMatchObject({ operations: [], standing: 'held' });
    expect(codes(plan)).toEqual(['disabled', 'lastProtectedMember']);
  });

  it('the sync account is refused, and its person is named', () => {
    const plan = planUser(disabled(), context({ syncAccountKey: 'JIRAUSER1' }));
    expect(plan).toMatchObject({ operations: [], standing: 'held', reasons: [{ code: 'syncAccount' }] });
  });
});
