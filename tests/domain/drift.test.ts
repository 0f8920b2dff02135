import { driftOrigin, isDecidable, lastAppliedOf, planDrift } from '../../domain/drift';
import type { UserFacts } from '../../domain/facts';
import type { Link, TargetUser } from '../../domain/model';
import { planUser } from '../../domain/plan-user';
import { prepareUser } from '../../domain/prepare';
import { DEFAULTS } from '../support/decision-settings';
import { account, alice, context, grouping, member } from '../support/person';

const LAST = { username: 'alice', email: 'alice@corp.com', displayName: 'Alice Ames' };
/** Alice as source, Jira and the link have her; each part may say something of its own. */
function facts(parts: {
  readonly source?: Parameters<typeof alice>[0];
  readonly jira?: Partial<TargetUser>;
  readonly link?: Partial<Link>;
  readonly more?: Partial<UserFacts>;
  readonly active?: boolean;
}): UserFacts {
  const source = alice(parts.source ?? {}, parts.active ?? true);
  const usual = member();
  return {
    ...usual,
    source,
    prepared: prepareUser(source, [], DEFAULTS),
    account: account(parts.jira),
    link: { ...(usual.link as Link), lastApplied: LAST, ...parts.link },
    ...parts.more,
  };
}
const drift = (one: UserFacts, groups = context().groups) =>
  planDrift(one, context({ groups })).operations.map(({ kind, reasons }) => [kind, driftOrigin(reasons)]);

describe('where a difference comes from, by what was last applied', () => {
  it.each([
    ['jira', { jira: { displayName: 'By Hand' } }],
    ['source', { source: { displayName: 'New Name' } }],
    ['both', { source: { displayName: 'New Name' }, jira: { displayName: 'By Hand' } }],
  ] as const)('an attribute: %s', (origin, parts) => {
    expect(drift(facts(parts))).toEqual([['updateUser', origin]]);
  });

  it('two attributes of one operation that were changed in different places: both', () => {
    const one = facts({ source: { email: 'new@corp.com' }, jira: { displayName: 'By Hand' } });
    expect(drift(one)).toEqual([['updateUser', 'both']]);
  });

  it('an attribute of which nothing was ever applied: both, for nobody knows', () => {
    expect(drift(facts({ jira: { displayName: 'By Hand' }, link: { lastApplied: null } }))).toEqual([
      ['updateUser', 'both'],
    ]);
  });

  it('a username that was changed in Jira', () => {
    expect(drift(facts({ jira: { username: 'alice2' } }))).toEqual([['renameUser', 'jira']]);
  });

  it('an account that the source disabled, and one that somebody activated in Jira', () => {
    expect(drift(facts({ active: false }))).toEqual([['deactivateUser', 'source']]);
    expect(drift(facts({ active: false, link: { state: 'inactive', lastDeactivatedBy: 'us' } }))).toEqual([
      ['deactivateUser', 'jira'],
    ]);
  });

  it('an account that the source enabled again, and one that somebody deactivated in Jira', () => {
    const inactive = { jira: { active: false } } as const;
    expect(drift(facts({ ...inactive, link: { state: 'inactive', lastDeactivatedBy: 'us' } }))).toEqual([
      ['reactivateUser', 'source'],
    ]);
    expect(drift(facts(inactive))).toEqual([['reactivateUser', 'jira']]);
  });
});

describe('memberships in a comparison', () => {
  const groups = grouping();
  const asserted = { groupIds: ['g-1'] };
  const owned = [{ group: 'jira-dev', addedBy: 'us' }] as const;

  it('tells one that was removed by hand from one that is new at the source', () => {
    expect(drift(facts({ more: { ...asserted, ledger: owned } }), groups)).toEqual([['addMembership', 'jira']]);
    expect(drift(facts({ more: asserted }), groups)).toEqual([['addMembership', 'source']]);
  });

  it('lists one that was added by hand, held, where a run would keep it', () => {
    const one = facts({ more: { accountGroups: ['jira-dev'] } });
    expect(planUser(one, context({ groups })).operations).toEqual([]);
    const [operation] = planDrift(one, context({ groups })).operations;
    expect(operation).toMatchObject({ kind: 'removeMembership', before: { group: 'jira-dev' }, heldByRule: true });
    expect(drift(one, groups)).toEqual([['removeMembership', 'jira']]);
  });

  it('lists none that is known as added by hand', () => {
    const ledger = [{ group: 'Jira-Dev', addedBy: 'foreign' }] as const;
    expect(drift(facts({ more: { accountGroups: ['jira-dev'], ledger } }), groups)).toEqual([]);
  });

  it('tells one that the source has withdrawn', () => {
    const one = facts({ more: { accountGroups: ['jira-dev'], ledger: owned } });
    expect(drift(one, groups)).toEqual([['removeMembership', 'source']]);
  });
});

describe('a difference', () => {
  const images = { before: { displayName: 'By Hand' }, after: { displayName: 'New Name' } };
  const by = (code: string) => ({ ...images, reasons: [{ code, rule: '4.6' }] });

  it('was last written as the side that did not change has it', () => {
    expect(lastAppliedOf(by('driftInJira'), LAST)).toEqual(images.after);
    expect(lastAppliedOf(by('driftAtSource'), LAST)).toEqual(images.before);
    expect(lastAppliedOf(by('driftInBoth'), LAST)).toEqual({ displayName: 'Alice Ames' });
    expect(lastAppliedOf(by('driftInBoth'), null)).toBeNull();
  });

  it('is decided by hand unless the source alone has changed', () => {
    expect(['driftInJira', 'driftInBoth', 'driftAtSource'].map((code) => isDecidable(by(code).reasons))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
