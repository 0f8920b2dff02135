import fc from 'fast-check';
import { ADOPTION_KINDS, adoptionOf, countAdoption } from '../../domain/adoption';
import type { AdoptionFinding } from '../../domain/adoption';
import type { UserFacts } from '../../domain/facts';
import { planUser } from '../../domain/plan-user';
import type { DecisionSettings } from '../../domain/settings';
import { DEFAULTS, settingsWith } from '../support/decision-settings';
import { existingAccounts, factsOf } from '../support/existing-accounts';
import type { ExistingAccounts } from '../support/existing-accounts';
import { account, alice, context, held, link, member, newcomer } from '../support/person';

const found = (facts: UserFacts, settings: DecisionSettings = DEFAULTS): AdoptionFinding | null =>
  adoptionOf(facts, context({ settings }));
const matching = (changes: Parameters<typeof account>[0], user = alice()): UserFacts => {
  const own = account(changes);
  return newcomer({ byUsername: held(own), byEmail: held(own) }, user);
};

describe('adoptionOf', () => {
  it('has nothing to tell of somebody who is new, linked, disabled, or matched by a released link only', () => {
    expect(found(newcomer())).toBeNull();
    expect(found(member())).toBeNull();
    expect(found(newcomer({}, alice({}, false)))).toBeNull();
    expect(found(newcomer({ link: link({ state: 'released' }) }))).toBeNull();
  });

  it('calls an account of the same name and address exact, whatever its display name', () => {
    expect(found(matching({ displayName: 'A. Ames' }))).toMatchObject({
      kind: 'exact',
      by: 'email',
      differences: ['displayName'],
      accountKeys: ['JIRAUSER1'],
      wanted: { username: 'alice', email: 'alice@corp.com' },
    });
  });

  it('tells a difference in case from one that a rename or a new address would follow', () => {
    expect(found(matching({ username: 'Alice' }))).toMatchObject({ kind: 'caseOnly', differences: ['username'] });
    const other = account({ username: 'a.ames' });
    expect(found(newcomer({ byEmail: held(other) }))).toMatchObject({ kind: 'differs', differences: ['username'] });
  });

  it('counts an address that Jira hides as no difference', () => {
    const settings = settingsWith({ match: { ...DEFAULTS.match, by: [{ username: { confirm: 'none' } }] } });
    expect(found(newcomer({ byUsername: held(account({ email: null })) }), settings)).toMatchObject({
      kind: 'exact',
      by: 'username',
    });
  });

  it('knows an address outside the named domains', () => {
    const settings = settingsWith({ match: { ...DEFAULTS.match, domains: ['elsewhere.org'] } });
    expect(found(matching({}), settings)).toMatchObject({ kind: 'otherDomain', accountKeys: ['JIRAUSER1'] });
  });

  it.each<[AdoptionFinding['kind'], UserFacts]>([
    ['inactive', matching({ active: false })],
    ['owned', newcomer({ byEmail: held(account(), 'b-1'), byUsername: held(account(), 'b-1') })],
    ['rehire', newcomer({ byEmail: held(account(), 'b-1', false) })],
    ['nameTaken', newcomer({ byUsername: held(account({ email: 'else@corp.com' })) })],
    ['externalDirectory', member({ link: link({ state: 'externalDirectory' }) })],
  ])('knows %s', (kind, facts) => {
    expect(found(facts)).toMatchObject({ kind, accountKeys: ['JIRAUSER1'] });
  });

  it('names a protected account, and that of Rollcall itself', () => {
    const guarded = context({ protectedKeys: new Set(['JIRAUSER1']) });
    expect(adoptionOf(matching({}), guarded)).toMatchObject({ kind: 'protected' });
    expect(found(matching({ key: 'JIRAUSER0' }))).toMatchObject({ kind: 'protected', accountKeys: ['JIRAUSER0'] });
  });

  it('shows both accounts where two are meant', () => {
    const two = newcomer({ byEmail: { kind: 'many', keys: ['K1', 'K2'] } });
    expect(found(two)).toMatchObject({ kind: 'ambiguous', accountKeys: ['K1', 'K2'] });
    const other = account({ key: 'K9', username: 'alice', email: 'else@corp.com' });
    const apart = newcomer({ byEmail: held(account({ username: 'a.ames' })), byUsername: held(other) });
    expect(found(apart)).toMatchObject({ kind: 'ambiguous', accountKeys: ['JIRAUSER1', 'K9'] });
  });

  it('shows the account and the rival where two source users want it', () => {
    const wanted = held(account());
    const facts = newcomer({ usernameContest: ['a-1', 'a-2'], byUsername: wanted, byEmail: wanted });
    expect(found(facts)).toMatchObject({ kind: 'contested', accountKeys: ['JIRAUSER1'], rivals: ['a-2'] });
  });
});

describe('the adoption report of 5,000 accounts that exist', () => {
  const everybody = { exact: 3_900, caseOnly: 600, externalDirectory: 300, inactive: 150, ambiguous: 50 };
  const planned = (existing: ExistingAccounts, settings: DecisionSettings) => {
    const people = factsOf(existing, settings);
    const ctx = context({ settings });
    return {
      findings: people.map((facts) => adoptionOf(facts, ctx)).filter((one) => one !== null),
      kinds: new Set(people.flatMap((facts) => planUser(facts, ctx).operations.map(({ kind }) => kind))),
    };
  };
  const auto = settingsWith({ match: { ...DEFAULTS.match, adopt: 'auto', domains: ['corp.com'] } });

  it.each([
    ['ask', DEFAULTS],
    ['auto', auto],
  ])('has the counts of the generator and plans no rename and no removal (adopt: %s)', (_adopt, settings) => {
    const existing = existingAccounts(everybody);
    expect(existing.users).toHaveLength(5_000);
    const { findings, kinds } = planned(existing, settings);
    expect(countAdoption(findings)).toEqual(everybody);
    expect([...kinds]).toEqual(['adoptUser']);
  });

  it('has them for any mixture', () => {
    const kinds = ['exact', 'caseOnly', 'externalDirectory', 'inactive', 'ambiguous', 'otherDomain'] as const;
    const share = fc.record(Object.fromEntries(kinds.map((kind) => [kind, fc.integer({ min: 1, max: 5 })])));
    fc.assert(
      fc.property(share, (mixture) => {
        const existing = existingAccounts(mixture);
        const { findings, kinds: operations } = planned(existing, auto);
        expect(countAdoption(findings)).toEqual(mixture);
        expect([...operations]).toEqual(['adoptUser']);
        expect(ADOPTION_KINDS).toEqual(expect.arrayContaining(findings.map(({ kind }) => kind)));
      }),
      { numRuns: 50 }
    );
  });
});
