import { provesCause } from '../../domain/completeness';
import { subjectOf } from '../../domain/expression/subject';
import { prepareUser } from '../../domain/prepare';
import { scopeClauses } from '../../domain/scope';
import type { ScopeSettings } from '../../domain/settings';
import { attribute, DEFAULTS, settingsWith } from '../support/decision-settings';
import { alice, context, newcomer, summary } from '../support/person';
import { planUser } from '../../domain/plan-user';

const dev = { externalId: 'g-1', name: 'jira-dev', attributes: { kind: 'security', cost: 7 } };
const sales = { externalId: 'g-2', name: 'Sales', attributes: { kind: 'mail' } };
const broken = { externalId: 'g-3', name: 'odd', attributes: { cost: 'text' } };
const expression = (text: string): { expression: string } => ({ expression: text });

type Groups = Parameters<typeof prepareUser>[1];
const of = (scope: Partial<ScopeSettings>, groups: Groups = [], attributes = {}) => {
  const { standing, reasons } = prepareUser(alice(attributes), groups, settingsWith({ scope }));
  return [standing, ...reasons.map(({ code }) => code)];
};

describe('groups named by a condition', () => {
  it.each([
    ["group.kind == 'security'", [sales, dev], ['inScope']],
    ["group.kind == 'security'", [sales], ['outOfScope', 'notInRequiredGroup']],
    ["group.id == 'g-2' && group.name == 'Sales'", [sales], ['inScope']],
    ['group.cost > 5', [dev], ['inScope']],
    ['group.cost > 5', [broken, dev], ['inScope']],
    ['group.cost > 5', [broken, sales], ['invalid', 'conditionFailed']],
    ['group.cost > 5', [], ['outOfScope', 'notInRequiredGroup']],
  ])('%s required', (text, groups, expected) => {
    expect(of({ requiredGroups: [expression(text)] }, groups)).toEqual(expected);
    expect(of({ requiredGroups: ['nobody', expression(text)] }, groups)).toEqual(expected);
  });

  it.each([
    ["group.kind == 'mail'", [dev], ['inScope']],
    ["group.kind == 'mail'", [dev, sales], ['outOfScope', 'inExcludedGroup']],
    ['group.cost > 5', [broken], ['invalid', 'conditionFailed']],
    ['group.cost > 5', [broken, dev], ['outOfScope', 'inExcludedGroup']],
  ])('%s excluded', (text, groups, expected) => {
    expect(of({ excludeGroups: [expression(text)] }, groups)).toEqual(expected);
  });
});

describe('a condition of the scope about a person', () => {
  it.each([
    ["user.department == 'IT'", { department: 'IT' }, ['inScope']],
    ["user.department == 'IT'", { department: 'HR' }, ['outOfScope', 'conditionNotMet']],
    ["user.department == 'IT'", {}, ['outOfScope', 'conditionNotMet']],
    ["'jira-dev' in groups", {}, ['inScope']],
    ['user.active', {}, ['inScope']],
    ['user.level > 3', { level: 4 }, ['inScope']],
    ['user.level > 3', { level: 'high' }, ['invalid', 'conditionFailed']],
    ['', {}, ['inScope']],
  ])('%s for %j', (where, attributes, expected) => {
    expect(of({ where }, [dev], attributes)).toEqual(expected);
  });

  it('sees the person active as the mapping says, what exists and the link', () => {
    const mapping = { active: attribute('enabled') };
    const settings = settingsWith({ mapping, scope: { where: 'user.active' } });
    expect(prepareUser(alice({ enabled: false }), [], settings).standing).toBe('outOfScope');
    const linked = settingsWith({ scope: { where: "existing.username == 'ada' || link.state == 'active'" } });
    expect(prepareUser(alice(), [], linked, { existing: { username: 'ada' } }).standing).toBe('inScope');
    expect(prepareUser(alice(), [], linked, { link: { state: 'active' } }).standing).toBe('inScope');
    expect(prepareUser(alice(), [], linked).standing).toBe('outOfScope');
  });

  it('that fails holds the person, whoever is linked and whoever is not; nobody leaves by it', () => {
    const settings = settingsWith({ scope: { where: '1 / 0 > 1' } });
    const plan = planUser(newcomer({}, alice(), settings), context({}, settings));
    expect([plan.standing, ...summary(plan)]).toEqual(['held']);
  });
});

describe('rule 4.3: whoever is out of scope by groups is so only when all groups were read', () => {
  const unread = { users: true, groups: true, memberships: false };
  it.each([
    [{}, true],
    [{ where: 'user.active' }, true],
    [{ where: "'a' in groups" }, false],
    [{ requiredGroups: ['a'] }, false],
    [{ excludeGroups: ['a'] }, false],
  ])('%j', (scope, proved) => {
    expect(provesCause('outOfScope', unread, { ...DEFAULTS.scope, ...scope })).toBe(proved);
    expect(provesCause('outOfScope', { ...unread, memberships: true }, { ...DEFAULTS.scope, ...scope })).toBe(true);
  });

  it.each([
    [{ where: "!('ext' in groups)" }, []],
    [{ where: 'user.active' }, ['createUser new']],
  ])('nobody is created who might be kept out by a group that was not read: %j', (scope, expected) => {
    const settings = settingsWith({ scope });
    const plan = planUser(newcomer({}, alice(), settings), context({ complete: unread }, settings));
    expect(summary(plan)).toEqual(expected);
  });
});

describe('the clauses of a scope', () => {
  it('are shown one by one, those that are set, whatever the others say', () => {
    const scope = { ...DEFAULTS.scope, requiredGroups: ['jira-*'], exclude: ['alice'], where: 'user.nobody > 1' };
    const input = { subject: subjectOf(alice()), groups: [dev, sales], username: 'alice' };
    expect(scopeClauses(input, scope)).toEqual([
      { clause: 'exclude', says: 'out', reason: { code: 'excludedByName', rule: '3.1' }, matched: [] },
      { clause: 'requiredGroups', says: 'in', reason: null, matched: ['jira-dev'] },
      { clause: 'where', says: 'out', reason: { code: 'conditionNotMet', rule: '3.1' }, matched: [] },
    ]);
    expect(scopeClauses(input, DEFAULTS.scope)).toEqual([]);
  });
});
