import type { UserFacts } from '../../domain/facts';
import { planUser } from '../../domain/plan-user';
import type { DecisionSettings, MatchSettings } from '../../domain/settings';
import { settingsWith } from '../support/decision-settings';
import { account, alice, codes, context, grouping, held, link, newcomer, summary } from '../support/person';

const settings = (match: Partial<MatchSettings>): DecisionSettings => {
  return settingsWith({ match: { adopt: 'auto', domains: ['corp.com'], ...match } });
};
const existing = { byUsername: held(account()), byEmail: held(account()) };
const byMail = (changes: Parameters<typeof account>[0] = {}): Partial<UserFacts> => ({
  byEmail: held(account({ username: 'a.ames', ...changes })),
});

describe('a person who has no account', () => {
  it('is created with the memberships the source asserts, which follow the creation', () => {
    const plan = planUser(newcomer({ groupIds: ['g-1'] }), context({ groups: grouping({}, { exists: false }) }));
    expect(plan.operations).toMatchObject([
      {
        kind: 'createUser',
        targetKey: null,
        externalId: 'a-1',
        before: null,
        after: { username: 'alice', email: 'alice@corp.com', displayName: 'Alice Ames' },
        gateKinds: ['creates'],
        heldByRule: false,
      },
      { kind: 'addMembership', targetKey: null, after: { group: 'jira-dev' }, follows: ['creates', 'groupsCreated'] },
    ]);
    expect(plan).toMatchObject({ standing: 'unchanged', bookkeeping: null });
  });

  it('without a display name is called by the username', () => {
    const plan = planUser(newcomer({}, alice({ displayName: '', email: '' })), context());
    expect(plan.operations[0]?.after).toEqual({ username: 'alice', email: null, displayName: 'alice' });
  });

  it.each([
    ['rule 3.1: disabled users are never created', newcomer({}, alice({}, false)), {}, 'disabledNotCreated'],
    ['existingOnly', newcomer(), { scope: { existingOnly: true } }, 'existingOnly'],
    ['the action is off', newcomer(), { users: { actions: actionsWithout('create') } }, 'actionOff'],
    ['rule 3.2: no username', newcomer({}, alice({ username: '' })), {}, 'attributeEmpty'],
  ])('%s: skipped', (_, facts, changes, code) => {
    const plan = planUser(facts, context({}, settingsWith(changes)));
    expect(plan).toMatchObject({ operations: [], standing: 'skipped', reasons: [{ code }] });
  });

  it('is not created when excluded groups were not read to the end', () => {
    const guarded = settingsWith({ scope: { excludeGroups: ['contractors'] } });
    const complete = { users: true, groups: true, memberships: false };
    expect(codes(planUser(newcomer(), context({ complete }, guarded)))).toEqual(['incompleteRead']);
    expect(summary(planUser(newcomer(), context({ complete })))).toEqual(['createUser new']);
  });

  it('with an invalid attribute is held, and no approval could help', () => {
    const plan = planUser(newcomer({}, alice({ email: 'nonsense' })), context());
    expect(plan).toMatchObject({ operations: [], standing: 'held', reasons: [{ code: 'attributeInvalid' }] });
  });

  it('whose link was given up counts as one without a link', () => {
    const plan = planUser(newcomer({ ...existing, link: link({ state: 'released' }) }), context());
    expect(summary(plan)).toEqual(['adoptUser! matched+adoptionAwaited']);
    expect(plan.operations[0]?.linkVersion).toBe(3);
  });
});

describe('rule 1.2: adoption of existing accounts', () => {
  it('ask: the candidate is held, and nothing else is planned until it is adopted', () => {
    const plan = planUser(newcomer({ ...existing, groupIds: ['g-1'] }), context({ groups: grouping() }));
    expect(plan.operations).toMatchObject([
      {
        kind: 'adoptUser',
        heldByRule: true,
        targetKey: 'JIRAUSER1',
        before: null,
        after: { username: 'alice', email: 'alice@corp.com', displayName: 'Alice Ames', key: 'JIRAUSER1' },
        gateKinds: [],
      },
    ]);
    expect(codes(plan)).toEqual(['adoptionAwaited']);
  });

  it('auto: adopted, and brought up to date in the same plan', () => {
    const facts = newcomer({ ...byMail(), groupIds: ['g-1'], accountGroups: [] });
    const plan = planUser(facts, context({ groups: grouping() }, settings({})));
    expect(summary(plan)).toEqual([
      'adoptUser matched',
      'renameUser changedAtSource',
      'addMembership assertedBySource',
    ]);
  });

  it('auto without a named domain asks', () => {
    expect(summary(planUser(newcomer(existing), context({}, settings({ domains: [] }))))[0]).toContain('adoptUser!');
  });

  it('never: a free name is created although the address exists, a taken one is held', () => {
    const never = context({}, settings({ adopt: 'never' }));
    expect(summary(planUser(newcomer(byMail()), never))).toEqual(['createUser new']);
    expect(planUser(newcomer(existing), never)).toMatchObject({
      operations: [],
      standing: 'held',
      reasons: [{ code: 'nameTaken' }],
    });
  });

  it.each([
    ['inactive', byMail({ active: false }), 'inactive'],
    ['in no named domain', byMail({ email: 'alice@other.org' }), 'domain'],
    ['the sync account', byMail({ key: 'JIRAUSER0' }), 'syncAccount'],
    ['protected', byMail({ key: 'ADMIN' }), 'protected'],
    ['owned', { byEmail: held(account(), 'b-2') }, 'owned'],
    ['one of several', { byEmail: { kind: 'many', keys: ['K2', 'K1'] } as const }, 'several'],
  ])('a candidate that is %s is ambiguous: held, approving creates a separate account', (_, holders, why) => {
    const plan = planUser(newcomer(holders), context({ protectedKeys: new Set(['ADMIN']) }, settings({})));
    expect(plan.operations).toMatchObject([
      { kind: 'createUser', heldByRule: true, reasons: [{ code: 'ambiguous', params: { why } }] },
    ]);
  });

  it('where the name is taken too, approving could only fail: held without an operation', () => {
    const taken = { byUsername: held(account(), 'b-2'), byEmail: held(account(), 'b-2') };
    expect(planUser(newcomer(taken), context())).toMatchObject({
      operations: [],
      standing: 'held',
      reasons: [{ code: 'ambiguous', params: { why: 'owned', account: 'JIRAUSER1', owner: 'b-2' } }],
    });
  });

  it('a new jsmith does not inherit the old jsmith: the username alone counts only in writing', () => {
    const sameName = { byUsername: held(account({ email: 'old@corp.com' })) };
    expect(planUser(newcomer(sameName), context())).toMatchObject({
      standing: 'held',
      reasons: [{ code: 'nameTaken' }],
    });
    const inWriting = settings({ by: [{ username: { confirm: 'none' } }] });
    expect(summary(planUser(newcomer(sameName), context({}, inWriting)))).toEqual([
      'adoptUser matched',
      'updateUser changedAtSource',
    ]);
  });

  it('a hidden address confirms nothing', () => {
    const hidden = { byUsername: held(account({ email: null })) };
    expect(planUser(newcomer(hidden), context())).toMatchObject({ standing: 'held', reasons: [{ code: 'nameTaken' }] });
  });

  it('address and username that lead to two accounts are ambiguous, with both shown', () => {
    const two = {
      byUsername: held(account({ key: 'K2', email: 'x@corp.com' })),
      byEmail: held(account({ key: 'K1', username: 'x' })),
    };
    expect(planUser(newcomer(two), context())).toMatchObject({
      operations: [],
      standing: 'held',
      reasons: [{ code: 'ambiguous', params: { first: 'K1', second: 'K2' } }],
    });
  });

  it('two source users for one address: held with both ids, also where no account is looked for by it', () => {
    const contested = newcomer({ emailContest: ['a-1', 'b-2'] });
    const plan = planUser(contested, context());
    expect(plan.operations).toMatchObject([
      {
        kind: 'createUser',
        heldByRule: true,
        reasons: [{ code: 'emailContest', params: { first: 'a-1', second: 'b-2' } }],
      },
    ]);
    for (const match of [{ adopt: 'never' }, { by: [{ username: { confirm: 'none' } }] }] as const) {
      expect(summary(planUser(contested, context({}, settings(match))))).toEqual(['createUser! emailContest']);
    }
  });

  it('two source users for one username: held with both ids, without an operation', () => {
    const plan = planUser(newcomer({ usernameContest: ['a-1', 'b-2'] }), context());
    expect(plan).toMatchObject({
      operations: [],
      standing: 'held',
      reasons: [{ code: 'usernameContest', params: { first: 'a-1', second: 'b-2' } }],
    });
  });
});

describe('rule 1.3: rehire', () => {
  it.each([
    ['username', { byUsername: held(account(), 'old-1', false) }],
    ['address', { byEmail: held(account({ username: 'a.ames' }), 'old-1', false) }],
  ])('the %s of an account whose owner is missing from the source: held, no operation', (_, holders) => {
    expect(planUser(newcomer(holders), context())).toMatchObject({
      operations: [],
      standing: 'held',
      reasons: [{ code: 'rehire', rule: '1.3', params: { account: 'JIRAUSER1', owner: 'old-1' } }],
    });
  });
});

describe('rule 3.4: the sync account', () => {
  it('is never adopted by its name', () => {
    const plan = planUser(newcomer({ byUsername: held(account({ key: 'JIRAUSER0' })) }), context());
    expect(plan).toMatchObject({ operations: [], standing: 'skipped', reasons: [{ code: 'syncAccount' }] });
  });
});

function actionsWithout(action: 'create' | 'update'): DecisionSettings['users']['actions'] {
  return { ...settingsWith({}).users.actions, [action]: false };
}
