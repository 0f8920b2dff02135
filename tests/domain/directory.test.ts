import { isMembershipRefused, withStandingRefusals } from '../../domain/directory';
import { planUser } from '../../domain/plan-user';
import { settingsWith } from '../support/decision-settings';
import { alice, codes, context, grouping, link, member, summary } from '../support/person';

const VERSION = 4;

describe('rule 3.8: what a read-only directory refused', () => {
  const refused = link({ state: 'externalDirectory', refusedMemberships: ['jira-dev'], refusedUnder: VERSION });

  it('counts as long as the configuration of the target is the same', () => {
    expect(withStandingRefusals(refused, VERSION)).toBe(refused);
  });

  it.each([
    ['by us', 'us', 'inactive'],
    ['by nobody', null, 'active'],
  ] as const)('is tried once more under another, as an account deactivated %s', (_, lastDeactivatedBy, state) => {
    const again = withStandingRefusals({ ...refused, lastDeactivatedBy }, VERSION + 1);
    expect(again).toMatchObject({ state, refusedMemberships: [] });
  });

  it('leaves every other link as it is', () => {
    const plain = link({ state: 'inactive' });
    expect(withStandingRefusals(plain, VERSION)).toBe(plain);
    expect(withStandingRefusals(link({ refusedMemberships: ['jira-dev'], refusedUnder: 3 }), VERSION)).toMatchObject({
      state: 'active',
      refusedMemberships: [],
    });
  });

  it('is known by the name of the group in any case', () => {
    expect(isMembershipRefused(refused, 'Jira-Dev')).toBe(true);
    expect(isMembershipRefused(refused, 'jira-ops')).toBe(false);
    expect(isMembershipRefused(null, 'jira-dev')).toBe(false);
  });
});

describe('rule 3.8: memberships are tried once', () => {
  const refused = link({ refusedMemberships: ['jira-dev'] });
  const groups = grouping();

  it('an addition that was refused is skipped, with the group named', () => {
    const plan = planUser(member({ link: refused, groupIds: ['g-1'] }), context({ groups }));
    expect(plan).toMatchObject({ operations: [], standing: 'skipped' });
    expect(plan.reasons).toContainEqual({ code: 'membershipRefused', rule: '3.8', params: { group: 'jira-dev' } });
    expect(summary(planUser(member({ groupIds: ['g-1'] }), context({ groups })))).toEqual([
      'addMembership assertedBySource',
    ]);
  });

  it('so is a removal, also of somebody who leaves', () => {
    const owned = {
      link: refused,
      accountGroups: ['jira-dev'],
      ledger: [{ group: 'jira-dev', addedBy: 'us' }],
    } as const;
    const plan = planUser(member(owned), context({ groups }));
    expect(plan.operations).toEqual([]);
    expect(codes(plan)).toContain('membershipRefused');
    const drop = settingsWith({ lifecycle: { groupsOnDeactivate: 'drop' } });
    expect(summary(planUser(member(owned, alice({}, false)), context({ groups }, drop)))).toEqual([
      'deactivateUser disabled',
    ]);
  });
});
