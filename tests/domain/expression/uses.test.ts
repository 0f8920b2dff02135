import { attributesRead, looksAtAccounts, looksAtGroups } from '../../../domain/expression/uses';
import type { AttributeRule } from '../../../domain/mapping-settings';
import type { DecisionSettings } from '../../../domain/settings';
import { attribute, DEFAULTS, settingsWith } from '../../support/decision-settings';

const { source: _, ...bare } = attribute('none');
const rule = (expression: string): AttributeRule => ({ ...bare, expression });

/** A configuration with this expression in one of the places where one may stand. */
const places: Readonly<Record<string, (expression: string) => DecisionSettings>> = {
  'a rule': (expression) => settingsWith({ mapping: { email: rule(expression) } }),
  'a property': (expression) => settingsWith({ mapping: { properties: { p: rule(expression) } } }),
  'scope.where': (where) => settingsWith({ scope: { where } }),
  'alwaysAdd.when': (when) => settingsWith({ groups: { alwaysAdd: [{ group: 'a' }, { group: 'b', when }] } }),
};

describe.each(Object.entries(places))('what is looked at in %s', (_place, settings) => {
  it.each([
    ['user.a == existing.email', { accounts: true, groups: false }],
    ["link.state == 'active'", { accounts: true, groups: false }],
    ["'x' in groups", { accounts: false, groups: true }],
    ["user.tags.exists(link, link == 'x')", { accounts: false, groups: false }],
    ["user.existing == 'x'", { accounts: false, groups: false }],
  ])('%s', (expression, { accounts, groups }) => {
    expect(looksAtAccounts(settings(expression))).toBe(accounts);
    expect(looksAtGroups(settings(expression))).toBe(groups);
  });

  it('names the attributes', () => {
    const read = attributesRead(settings("user.a.b == user['c.d'] || user.list.exists(x, x.y == user.e[0].f)"));
    expect(read.filter((path) => !['username', 'email', 'displayName'].includes(path)).sort()).toEqual([
      'a.b',
      'c.d',
      'e',
      'list',
    ]);
  });
});

describe('the attributes that a configuration reads', () => {
  it('are those of sources, fallbacks and steps too, each once', () => {
    const mapping = {
      ...DEFAULTS.mapping,
      email: attribute('mail', { fallback: ['username'], transforms: [{ type: 'fallback', source: 'other' }] }),
      active: attribute('enabled'),
      avatar: { ...bare, constant: 'x' },
    };
    expect([...attributesRead({ mapping })].sort()).toEqual(['displayName', 'enabled', 'mail', 'other', 'username']);
  });
});
