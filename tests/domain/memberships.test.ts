import type { GroupsDecision, UserFacts } from '../../domain/facts';
import type { MembershipOrigin } from '../../domain/model';
import { planUser } from '../../domain/plan-user';
import { groupsWith } from '../support/decision-settings';
import { codes, context, grouping, member, summary } from '../support/person';

const asserted = { groupIds: ['g-1'] };
const inGroup = { accountGroups: ['Jira-Dev'] };
const ledger = (addedBy: MembershipOrigin): Partial<UserFacts> => ({ ledger: [{ group: 'jira-dev', addedBy }] });
const plan = (facts: Partial<UserFacts>, groups: GroupsDecision = grouping()): ReturnType<typeof planUser> =>
  planUser(member(facts), context({ groups }));
const frozen = (action: 'hold' | 'keep' | 'remove'): GroupsDecision => ({
  ...grouping(),
  byTargetKey: {},
  bySourceId: {},
  frozen: { 'jira-dev': { action, reason: { code: 'groupMissing', rule: '2.3' } } },
});

describe('memberships the source asserts', () => {
  it('are added where they are missing', () => {
    expect(plan(asserted).operations).toMatchObject([
      {
        kind: 'addMembership',
        targetKey: 'JIRAUSER1',
        before: null,
        after: { group: 'jira-dev' },
        gateKinds: [],
        follows: [],
      },
    ]);
  });

  it('count as sensitive where the group is', () => {
    expect(plan(asserted, grouping({ sensitive: true })).operations[0]?.gateKinds).toEqual(['sensitive']);
  });

  it('follow the creation of their group', () => {
    expect(plan(asserted, grouping({}, { exists: false })).operations[0]?.follows).toEqual(['groupsCreated']);
  });

  it('rule 2.6: already there, they are owned from now on as adopted, and added by us they stay so', () => {
    expect(plan({ ...asserted, ...inGroup })).toMatchObject({
      operations: [],
      bookkeeping: { adoptedGroups: ['Jira-Dev'] },
    });
    expect(plan({ ...asserted, ...inGroup, ...ledger('foreign') }).bookkeeping?.adoptedGroups).toEqual(['Jira-Dev']);
    expect(plan({ ...asserted, ...inGroup, ...ledger('us') }).bookkeeping?.adoptedGroups).toEqual([]);
  });

  it('are left alone while the group is held, with the reason', () => {
    const held = grouping({}, { held: { code: 'adoptionAwaited', rule: '2.5' } });
    const waiting = plan({ ...asserted, ...ledger('us') }, held);
    expect(waiting.operations).toEqual([]);
    expect(waiting.reasons).toEqual([
      { code: 'groupHeld', rule: '2.5', params: { group: 'jira-dev', why: 'adoptionAwaited' } },
    ]);
    expect(plan({ ...inGroup, ...ledger('us') }, held)).toMatchObject({
      operations: [],
      bookkeeping: { forgottenGroups: [] },
    });
  });

  it('alwaysAdd asserts for everybody who is active and in scope', () => {
    const always = { ...grouping(), bySourceId: {}, alwaysAdd: ['jira-dev'] };
    expect(summary(plan({}, always))).toEqual(['addMembership alwaysAdd']);
    expect(plan(inGroup, always)).toMatchObject({ operations: [], bookkeeping: { adoptedGroups: ['Jira-Dev'] } });
  });

  it('rule 3.4: a protected group is never changed', () => {
    const groups = grouping();
    const ctx = context({ groups, protectedGroups: new Set(['jira-dev']) });
    expect(planUser(member(asserted), ctx).operations).toEqual([]);
    expect(planUser(member({ ...inGroup, ...ledger('us') }), ctx).operations).toEqual([]);
  });

  it('rule 2.8: held by way of a group within the group, they are neither missing nor adopted, and the reason is told', () => {
    const nested = { nestedGroups: ['Jira-Dev'] };
    expect(plan({ ...asserted, ...nested })).toMatchObject({
      operations: [],
      reasons: [{ code: 'nestedMembership', rule: '2.8', params: { group: 'jira-dev' } }],
      bookkeeping: { adoptedGroups: [] },
    });
    for (const mode of ['managed', 'authoritative'] as const) {
      expect(plan(nested, grouping({ mode })).operations).toEqual([]);
    }
    expect(plan({ ...nested, ...ledger('us') })).toMatchObject({
      operations: [],
      bookkeeping: { forgottenGroups: ['jira-dev'] },
    });
  });

  it('a group id like a built-in member is a group id like others', () => {
    expect(plan({ groupIds: ['constructor', '__proto__'] }).operations).toEqual([]);
  });
});

describe('rule 2.6: memberships the source does not assert', () => {
  it.each<[string, MembershipOrigin, 'managed' | 'authoritative' | 'additive', string[]]>([
    ['ours', 'us', 'managed', ['removeMembership withdrawnAtSource']],
    ['adopted', 'adopted', 'managed', ['removeMembership withdrawnAtSource']],
    ['foreign', 'foreign', 'managed', []],
    ['ours', 'us', 'authoritative', ['removeMembership withdrawnAtSource']],
    ['foreign', 'foreign', 'authoritative', ['removeMembership! foreignMembership']],
    ['ours', 'us', 'additive', []],
    ['foreign', 'foreign', 'additive', []],
  ])('%s (%s), %s', (_, origin, mode, expected) => {
    expect(summary(plan({ ...inGroup, ...ledger(origin) }, grouping({ mode })))).toEqual(expected);
  });

  it('a removal counts as one and names the group as the target spells it', () => {
    expect(plan({ ...inGroup, ...ledger('us') }).operations).toMatchObject([
      {
        kind: 'removeMembership',
        before: { group: 'Jira-Dev' },
        after: null,
        gateKinds: ['removals'],
        heldByRule: false,
      },
    ]);
  });

  it('foreign ones are listed', () => {
    expect(plan(inGroup).reasons).toEqual([{ code: 'foreignMembership', rule: '2.6', params: { group: 'Jira-Dev' } }]);
  });

  it('foreign ones in an authoritative group go under the gate once its foreign members were decided on', () => {
    const settled = grouping({ mode: 'authoritative' }, { foreignSettled: true });
    expect(summary(plan(inGroup, settled))).toEqual(['removeMembership foreignMembership']);
  });

  it('groups.keep loses nobody', () => {
    const ctx = context({ groups: grouping({ mode: 'authoritative' }) }, groupsWith({ keep: ['jira-*'] }));
    expect(planUser(member({ ...inGroup, ...ledger('us') }), ctx).operations).toEqual([]);
  });

  it('in groups the run is not about are not looked at', () => {
    const elsewhere = { accountGroups: ['other'], ledger: [{ group: 'other', addedBy: 'us' }] } as const;
    expect(plan(elsewhere)).toMatchObject({ operations: [], bookkeeping: { forgottenGroups: [] } });
  });

  it.each([
    { users: false, groups: true, memberships: true },
    { users: true, groups: false, memberships: true },
    { users: true, groups: true, memberships: false },
  ])('invariant 1: are kept on an incomplete read, while additions go on: %j', (complete) => {
    const ctx = context({ complete, groups: grouping() });
    const kept = planUser(member({ ...inGroup, ...ledger('us') }), ctx);
    expect(kept).toMatchObject({ operations: [], bookkeeping: { forgottenGroups: [] } });
    expect(summary(planUser(member(asserted), ctx))).toEqual(['addMembership assertedBySource']);
  });

  it('a ledger entry whose membership is gone is forgotten, unless the source asserts it', () => {
    expect(plan(ledger('us')).bookkeeping?.forgottenGroups).toEqual(['jira-dev']);
    const again = plan({ ...ledger('us'), ...asserted });
    expect(again.bookkeeping?.forgottenGroups).toEqual([]);
    expect(summary(again)).toEqual(['addMembership assertedBySource']);
  });
});

describe('rules 2.3 and 2.4: memberships of frozen groups', () => {
  it.each([
    ['hold', ['removeMembership! groupMissing']],
    ['remove', ['removeMembership groupMissing']],
    ['keep', []],
  ] as const)('%s', (action, expected) => {
    const facts = { ...inGroup, ...ledger('us') };
    expect(summary(plan(facts, frozen(action)))).toEqual(expected);
    expect(codes(plan(facts, frozen('keep')))).toEqual(['groupMissing']);
  });

  it('foreign ones stay whatever the action', () => {
    expect(plan({ ...inGroup, ...ledger('foreign') }, frozen('remove')).operations).toEqual([]);
  });

  it('a group that others still stand for: what only the missing one asserted waits, the rest goes on', () => {
    const shared = { ...grouping(), frozen: frozen('hold').frozen };
    expect(plan({ ...inGroup, ...ledger('us'), ...asserted }, shared).operations).toEqual([]);
    expect(summary(plan({ ...inGroup, ...ledger('us') }, shared))).toEqual(['removeMembership! groupMissing']);
  });
});
