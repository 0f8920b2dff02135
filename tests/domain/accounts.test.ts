import type { UserFacts } from '../../domain/facts';
import { planUser } from '../../domain/plan-user';
import type { AttributeRule, DecisionSettings, UserActionSettings } from '../../domain/settings';
import { attribute, DEFAULTS, settingsWith } from '../support/decision-settings';
import { account, alice, codes, context, grouping, held, link, member, NOBODY, summary } from '../support/person';

const mapped = (name: 'username' | 'email' | 'displayName', rule: Partial<AttributeRule>): DecisionSettings =>
  settingsWith({ mapping: { [name]: attribute(name, rule) } });
const acting = (actions: Partial<UserActionSettings>): DecisionSettings =>
  settingsWith({ users: { actions: { ...DEFAULTS.users.actions, ...actions } } });
const guarded = { protectedKeys: new Set(['JIRAUSER1']) };
const renamed = alice({ username: 'alice.new' });
const wantsFreeName = { byUsername: NOBODY };

describe('a linked person', () => {
  it('with nothing to change has an empty plan', () => {
    expect(planUser(member(), context())).toEqual({
      operations: [],
      standing: 'unchanged',
      reasons: [],
      bookkeeping: {
        missingSince: null,
        outOfScopeSince: null,
        disabledSince: null,
        adoptedGroups: [],
        forgottenGroups: [],
      },
    });
  });

  it('is updated in the changed fields only', () => {
    const plan = planUser(member({}, alice({ displayName: 'Alice B' })), context());
    expect(plan.operations).toMatchObject([
      {
        kind: 'updateUser',
        targetKey: 'JIRAUSER1',
        linkVersion: 3,
        gateKinds: [],
        before: { displayName: 'Alice Ames' },
      },
    ]);
    expect(plan.operations[0]?.after).toEqual({ displayName: 'Alice B' });
    const both = planUser(member({}, alice({ displayName: 'Alice B', email: 'b@corp.com' })), context());
    expect(both.operations).toMatchObject([
      { after: { email: 'b@corp.com', displayName: 'Alice B' }, gateKinds: ['emails'] },
    ]);
  });

  it('rule 1.5: a difference in case or composition only is none, unless case: exact', () => {
    const loud = alice({ username: 'ALICE', email: 'Alice@Corp.com', displayName: 'ALICE AMES' });
    expect(planUser(member({}, loud), context()).operations).toEqual([]);
    expect(summary(planUser(member({}, loud), context({}, mapped('username', { case: 'exact' }))))).toEqual([
      'renameUser changedAtSource',
    ]);
    expect(planUser(member({}, loud), context({}, mapped('email', { case: 'exact' }))).operations[0]?.after).toEqual({
      email: 'Alice@Corp.com',
    });
    const composed = member({ account: account({ displayName: 'Zoe\u0308' }) }, alice({ displayName: 'Zo\u00eb' }));
    expect(planUser(composed, context({}, mapped('displayName', { case: 'exact' }))).operations).toEqual([]);
  });

  it.each([
    ['Turkish dotted capital I', 'İbrahim', 'ibrahim'],
    ['sharp s', 'strauß', 'strauss'],
  ])('rule 1.5: %s is another name', (_, wanted, has) => {
    const facts = member({ ...wantsFreeName, account: account({ username: has }) }, alice({ username: wanted }));
    expect(summary(planUser(facts, context()))).toEqual(['renameUser changedAtSource']);
  });

  it('apply: onCreate leaves what is there', () => {
    const changed = alice({ username: 'alice.new', email: 'b@corp.com', displayName: 'Alice B' });
    const mapping = {
      username: attribute('username', { apply: 'onCreate' }),
      email: attribute('email', { apply: 'onCreate' }),
      displayName: attribute('displayName', { apply: 'onCreate' }),
    };
    expect(planUser(member(wantsFreeName, changed), context({}, settingsWith({ mapping }))).operations).toEqual([]);
  });

  it('whenEmpty: keepExisting keeps, clear clears, a cleared display name is the username', () => {
    const empty = alice({ email: '', displayName: '' });
    expect(planUser(member({}, empty), context()).operations).toEqual([]);
    const mapping = {
      email: attribute('email', { whenEmpty: 'clear' }),
      displayName: attribute('displayName', { whenEmpty: 'clear' }),
    };
    const settings = settingsWith({ mapping });
    const plan = planUser(member({}, empty, settings), context({}, settings));
    expect(plan.operations[0]?.after).toEqual({ email: null, displayName: 'alice' });
  });

  it('a hidden address is written when the source changes it, and not in every run', () => {
    const hidden = (changes: Partial<UserFacts>): UserFacts =>
      member({ account: account({ email: null }), ...changes });
    const applied = (email: string | null): Partial<UserFacts> => ({
      link: link({ lastApplied: { username: 'alice', email, displayName: null } }),
    });
    expect(planUser(hidden({}), context()).operations).toEqual([]);
    expect(planUser(hidden(applied('alice@corp.com')), context()).operations).toEqual([]);
    expect(planUser(hidden(applied('old@corp.com')), context()).operations).toMatchObject([
      { before: { email: null } },
    ]);
    expect(planUser(hidden(applied(null)), context()).operations).toMatchObject([
      { after: { email: 'alice@corp.com' } },
    ]);
  });

  it('an action that is off is reported as skipped', () => {
    const changed = alice({ username: 'alice.new', displayName: 'Alice B' });
    const plan = planUser(member(wantsFreeName, changed), context({}, acting({ rename: false, update: false })));
    expect(plan).toMatchObject({ operations: [], standing: 'skipped' });
    expect(codes(plan)).toEqual(['actionOff', 'actionOff']);
  });

  it('rule 3.2: without a username is held, never out of scope, whatever the memberships say', () => {
    const facts = member(
      { accountGroups: ['jira-dev'], ledger: [{ group: 'jira-dev', addedBy: 'us' }] },
      alice({ username: '' })
    );
    const plan = planUser(facts, context({ groups: grouping() }));
    expect(plan).toMatchObject({ operations: [], standing: 'held' });
    expect(codes(plan)).toEqual(['mappingGaveNoUsername', 'attributeEmpty']);
  });

  it('whose account is gone is created again only after approval, alone', () => {
    const facts = member({ account: null, byUsername: NOBODY, byEmail: NOBODY, groupIds: ['g-1'] });
    expect(summary(planUser(facts, context({ groups: grouping() })))).toEqual(['createUser! accountGone']);
    const taken = planUser({ ...facts, byUsername: held(account({ key: 'K9' })) }, context());
    expect(taken).toMatchObject({ operations: [], standing: 'held' });
    expect(codes(taken)).toEqual(['accountGone', 'nameTaken']);
  });

  it('rule 3.8: an account in a directory that cannot be written keeps its attributes', () => {
    const facts = member({ ...wantsFreeName, link: link({ state: 'externalDirectory' }), groupIds: ['g-1'] }, renamed);
    const plan = planUser(facts, context({ groups: grouping() }));
    expect(summary(plan)).toEqual(['addMembership assertedBySource']);
    expect(codes(plan)).toEqual(['externalDirectory']);
  });
});

describe('rule 1.7: rename', () => {
  it('a free name: planned under the gate', () => {
    expect(planUser(member(wantsFreeName, renamed), context()).operations).toMatchObject([
      { kind: 'renameUser', before: { username: 'alice' }, after: { username: 'alice.new' }, gateKinds: ['renames'] },
    ]);
  });

  it('in a chain the step comes first in the content, so that plan order applies it in turn', () => {
    const other = held(account({ key: 'K2', username: 'alice.new' }), 'b-2');
    const plan = planUser(member({ byUsername: other, rename: { verdict: 'chain', step: 1 } }, renamed), context());
    expect(plan.operations[0]?.after).toEqual({ step: 1, username: 'alice.new' });
  });

  it.each<[string, Partial<UserFacts>, string]>([
    ['a swap', { rename: { verdict: 'held', reason: { code: 'renameSwap', rule: '1.7' } } }, 'renameSwap'],
    ['a name that another account keeps', { byUsername: held(account({ key: 'K2' })) }, 'nameTaken'],
    ['a name that several hold', { byUsername: { kind: 'many', keys: ['K2', 'K3'] } }, 'ambiguous'],
    ['a name that two source users want', { usernameContest: ['a-1', 'b-2'] }, 'usernameContest'],
  ])('%s: held, the rest goes on', (_, facts, code) => {
    const user = alice({ username: 'alice.new', displayName: 'Alice B' });
    const plan = planUser(member({ ...wantsFreeName, ...facts }, user), context());
    expect(plan).toMatchObject({ standing: 'held', reasons: [{ code }] });
    expect(summary(plan)).toEqual(['updateUser changedAtSource']);
  });

  it('whoever keeps his own name is not disturbed by one who wants it', () => {
    expect(planUser(member({ usernameContest: ['a-1', 'b-2'] }), context())).toMatchObject({
      operations: [],
      standing: 'unchanged',
    });
  });
});

describe('rule 1.2: an address that two source users want', () => {
  it('is held with both ids, the rest goes on', () => {
    const user = alice({ email: 'shared@corp.com', displayName: 'Alice B' });
    const plan = planUser(member({ emailContest: ['a-1', 'b-2'] }, user), context());
    expect(plan).toMatchObject({
      standing: 'held',
      reasons: [{ code: 'emailContest', rule: '1.2', params: { first: 'a-1', second: 'b-2' } }],
      operations: [{ kind: 'updateUser', after: { displayName: 'Alice B' }, gateKinds: [] }],
    });
  });

  it('whoever keeps his own address is not disturbed by one who wants it', () => {
    const plan = planUser(member({ emailContest: ['a-1', 'b-2'] }), context());
    expect(plan).toMatchObject({ operations: [], standing: 'unchanged' });
  });
});

describe('rule 3.3: reactivation', () => {
  const inactive = { account: account({ active: false }) };
  const ours = { ...inactive, link: link({ lastDeactivatedBy: 'us', state: 'inactive' }) } as const;

  it('own: an account that this link deactivated is taken back, with what the source asserts', () => {
    const facts = member({ ...ours, groupIds: ['g-1'] }, alice({ displayName: 'Alice B' }));
    const plan = planUser(facts, context({ groups: grouping() }));
    expect(summary(plan)).toEqual([
      'reactivateUser deactivatedByUs',
      'updateUser changedAtSource',
      'addMembership assertedBySource',
    ]);
    expect(plan.operations[0]).toMatchObject({
      before: { active: false },
      after: { active: true },
      gateKinds: ['reactivations'],
    });
    expect(plan.operations[2]?.follows).toEqual(['reactivations']);
  });

  it('own: deactivated by anybody else is held, and nothing else is planned', () => {
    const facts = member({ ...inactive, groupIds: ['g-1'] }, alice({ displayName: 'Alice B' }));
    expect(summary(planUser(facts, context({ groups: grouping() })))).toEqual(['reactivateUser! deactivatedInTarget']);
  });

  it('always takes back any account, never takes back none', () => {
    expect(summary(planUser(member(inactive), context({}, acting({ reactivate: 'always' }))))).toEqual([
      'reactivateUser deactivatedInTarget',
    ]);
    const never = planUser(
      member({ ...ours, groupIds: ['g-1'] }),
      context({ groups: grouping() }, acting({ reactivate: 'never' }))
    );
    expect(never).toMatchObject({ operations: [], standing: 'skipped', reasons: [{ code: 'reactivationOff' }] });
  });
});

describe('rule 3.4: protected accounts', () => {
  it('are not renamed or re-mailed without approval', () => {
    const changed = alice({ username: 'alice.new', email: 'b@corp.com' });
    expect(summary(planUser(member(wantsFreeName, changed), context(guarded)))).toEqual([
      'renameUser! changedAtSource+protectedAccount',
      'updateUser! changedAtSource+protectedAccount',
    ]);
  });

  it('may get another display name', () => {
    expect(summary(planUser(member({}, alice({ displayName: 'Alice B' })), context(guarded)))).toEqual([
      'updateUser changedAtSource',
    ]);
  });

  it('are not reactivated without approval', () => {
    const facts = member({ account: account({ active: false }), link: link({ lastDeactivatedBy: 'us' }) });
    expect(summary(planUser(facts, context(guarded)))).toEqual(['reactivateUser! deactivatedByUs+protectedAccount']);
  });

  it('the sync account is never touched', () => {
    const plan = planUser(member(wantsFreeName, renamed), context({ syncAccountKey: 'JIRAUSER1' }));
    expect(plan).toMatchObject({ operations: [], standing: 'skipped', reasons: [{ code: 'syncAccount' }] });
  });
});
