import { decideGroups } from '../../domain/groups';
import { planUser } from '../../domain/plan-user';
import { prepareUser } from '../../domain/prepare';
import type { AlwaysAdd, DecisionSettings } from '../../domain/settings';
import { groupsWith } from '../support/decision-settings';
import { alice, codes, context, member, newcomer, summary } from '../support/person';
import { COMPLETE } from '../support/pure-sync';

const licence = (when: string): AlwaysAdd => ({ group: 'Licence', when });
const settingsOf = (...alwaysAdd: AlwaysAdd[]): DecisionSettings => groupsWith({ alwaysAdd });
const planned = (settings: DecisionSettings, facts: 'new' | 'member', attributes = {}) => {
  const groups = decideGroups({
    settings,
    groups: [],
    links: [],
    existingNames: ['Licence'],
    complete: COMPLETE,
    provedMissing: [],
  });
  const user = alice(attributes);
  const owned = { accountGroups: ['Licence'], ledger: [{ group: 'Licence', addedBy: 'us' }] } as const;
  const known = facts === 'new' ? newcomer({}, user, settings) : member(owned, user, settings);
  return planUser(known, context({ groups }, settings));
};

describe('alwaysAdd with a condition', () => {
  it.each([
    [[licence("user.role == 'dev'")], { role: 'dev' }, true],
    [[licence("user.role == 'dev'")], { role: 'boss' }, false],
    [[licence('')], {}, true],
    [[{ group: 'Licence' }], {}, true],
    [[licence("user.role == 'x'"), licence("user.role == 'dev'")], { role: 'dev' }, true],
    [[licence("user.role == 'dev'"), licence("user.role == 'x'")], { role: 'dev' }, true],
    [[licence('1 / 0 > 1'), licence("user.role == 'dev'")], { role: 'dev' }, true],
    [[licence('1 / 0 > 1')], {}, false],
  ])('%j for %j gives the group: %s', (alwaysAdd, attributes, given) => {
    const operations = summary(planned(settingsOf(...alwaysAdd), 'new', attributes));
    expect(operations.some((operation) => operation.startsWith('addMembership alwaysAdd'))).toBe(given);
  });

  it('an owned membership goes when the condition no longer holds', () => {
    expect(summary(planned(settingsOf(licence('user.role == "dev"')), 'member'))).toEqual([
      'removeMembership withdrawnAtSource',
    ]);
    expect(summary(planned(settingsOf(licence('user.active')), 'member'))).toEqual([]);
  });

  it('a condition that fails neither gives nor takes, and says so', () => {
    const plan = planned(settingsOf(licence('user.role > 3')), 'member', { role: 'text' });
    expect(summary(plan)).toEqual([]);
    expect(codes(plan)).toContain('conditionFailed');
  });

  it('is told of each person by the key of the group', () => {
    const settings = settingsOf({ group: ' LICENCE ', when: 'false' }, { group: 'b', when: '1 / 0 > 1' });
    expect(prepareUser(alice(), [], settings).withheld).toEqual({
      licence: null,
      b: { code: 'conditionFailed', rule: '2.5', params: { group: 'b' } },
    });
  });
});
