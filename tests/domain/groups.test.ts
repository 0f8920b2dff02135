import { groupsToRead } from '../../domain/groups';
import { isIncluded, ruleFor } from '../../domain/groups-names';
import { DEFAULTS, groupsWith, settingsWith } from '../support/decision-settings';
import { decide, done, group, heldCode, linkOf } from '../support/grouping';

describe('which groups take part', () => {
  it.each([
    ['all, where nothing is required', {}, [], 'sales', true],
    ['the required groups, where include is not given', {}, ['jira-*'], 'sales', false],
    ['the required groups by id', {}, ['g-1'], 'sales', true],
    ['include instead of the required groups', { include: ['sales'] }, ['jira-*'], 'sales', true],
    ['an empty include: none', { include: [] }, [], 'sales', false],
    ['exclude wins', { include: ['*'], exclude: ['SALES'] }, [], 'sales', false],
    ['exclude by id', { exclude: ['g-1'] }, [], 'sales', false],
  ] as const)('%s', (_, groups, requiredGroups, name, expected) => {
    const settings = settingsWith({ groups, scope: { requiredGroups } });
    expect(isIncluded(group('g-1', name), settings)).toBe(expected);
  });

  it('the first matching rule counts, and without one the default', () => {
    const additive = { match: 'jira-*', mode: 'additive', create: false, sensitive: true } as const;
    const { groups } = groupsWith({ rules: [additive, { ...additive, match: '*', mode: 'authoritative' }] });
    expect(ruleFor(groups, 'JIRA-dev')).toBe(additive);
    expect(ruleFor(groups, 'other').mode).toBe('authoritative');
    expect(ruleFor({ ...groups, rules: [additive] }, 'other')).toEqual(DEFAULTS.groups.rules[0]);
  });

  it('reads mapped, linked, always-added and protected groups, each once', () => {
    const settings = groupsWith({
      exclude: ['*-test'],
      map: { 'g-3': ['jira-finance', 'jira-all'] },
      alwaysAdd: [{ group: 'jira-all' }],
    });
    const source = [group('g-1', 'Dev'), group('g-2', 'dev-test'), group('g-3', 'Finance'), group('g-4', 'DEV')];
    const links = [linkOf('g-1', 'dev'), linkOf('g-9', 'old-team'), linkOf('g-8', 'gone', { state: 'retired' })];
    expect(groupsToRead(settings, source, links)).toEqual(
      ['dev', 'jira-administrators', 'jira-all', 'jira-finance', 'old-team'].sort()
    );
  });

  it('a group whose name the target cannot hold is left out with a warning', () => {
    const decision = decide({ source: [group('g-1', ' '), group('g-2', 'x'.repeat(256))] });
    expect(decision.bySourceId).toEqual({ 'g-1': [], 'g-2': [] });
    expect(decision.warnings).toHaveLength(2);
  });

  it('names like those of built-in members are names like others', () => {
    const decision = decide({ source: [group('__proto__', 'constructor'), group('toString', '__proto__')] });
    expect(Object.keys(decision.byTargetKey).sort()).toEqual(['__proto__', 'constructor']);
    expect(done(decision)).toEqual(['createGroup toString>__proto__', 'createGroup __proto__>constructor']);
  });
});

describe('rule 2.5: a source group whose name equals an unlinked group of the target', () => {
  const same = { source: [group('g-1', 'Jira-Finance')], existing: ['jira-finance'] };

  it('ask: the adoption is held, and until then no member changes', () => {
    const decision = decide(same);
    expect(decision.operations).toMatchObject([
      {
        kind: 'adoptGroup',
        heldByRule: true,
        externalId: 'g-1',
        targetKey: null,
        before: null,
        after: { group: 'jira-finance' },
      },
    ]);
    expect(heldCode(decision, 'jira-finance')).toBe('adoptionAwaited');
    expect(decision.bySourceId).toEqual({ 'g-1': ['jira-finance'] });
  });

  it('byName: adopted and used at once', () => {
    const decision = decide({ ...same, adopt: 'byName' });
    expect(done(decision)).toEqual(['adoptGroup g-1>jira-finance']);
    expect(decision.byTargetKey['jira-finance']?.held).toBeNull();
  });

  it('never: left alone, with a warning', () => {
    const decision = decide({ ...same, adopt: 'never' });
    expect(decision.operations).toEqual([]);
    expect(heldCode(decision, 'jira-finance')).toBe('groupNotAdopted');
    expect(decision.warnings).toHaveLength(1);
  });

  it('a group that the configuration maps by id needs no question', () => {
    const decision = decide({ ...same, map: { 'g-1': ['jira-finance'] } });
    expect(done(decision)).toEqual(['adoptGroup g-1>jira-finance']);
  });

  it('a missing group is created under the gate, or held where the rule does not create', () => {
    const source = [group('g-1', 'dev')];
    const created = decide({ source });
    expect(created.operations).toMatchObject([
      {
        kind: 'createGroup',
        externalId: 'g-1',
        after: { group: 'dev' },
        gateKinds: ['groupsCreated'],
        heldByRule: false,
      },
    ]);
    const rules = [{ match: '*', mode: 'managed', create: false, sensitive: false }] as const;
    const decision = decide({ source, rules });
    expect(decision.operations).toEqual([]);
    expect(heldCode(decision, 'dev')).toBe('groupNotCreated');
    expect(decision.warnings).toHaveLength(1);
  });
});

describe('groups.alwaysAdd', () => {
  const alwaysAdd = [{ group: 'jira-users' }];

  it('an existing group is used as it is, a missing one is created without a source group', () => {
    expect(decide({ alwaysAdd, existing: ['Jira-Users'] })).toMatchObject({
      operations: [],
      alwaysAdd: ['jira-users'],
    });
    expect(done(decide({ alwaysAdd }))).toEqual(['createGroup ->jira-users']);
  });

  it('where it can be neither used nor created it is left out', () => {
    const rules = [{ match: '*', mode: 'managed', create: false, sensitive: false }] as const;
    const decision = decide({ alwaysAdd, rules });
    expect(decision.alwaysAdd).toEqual([]);
    expect(heldCode(decision, 'jira-users')).toBe('groupNotCreated');
  });

  it('a source group of the same name still asks for its adoption, which does not stop the rest', () => {
    const decision = decide({ alwaysAdd, source: [group('g-1', 'jira-users')], existing: ['jira-users'] });
    expect(done(decision)).toEqual(['adoptGroup! g-1>jira-users']);
    expect(decision).toMatchObject({ bySourceId: { 'g-1': [] }, alwaysAdd: ['jira-users'] });
    expect(decision.byTargetKey['jira-users']?.held).toBeNull();
  });
});

describe('rule 3.4: protected groups', () => {
  it('are neither adopted nor changed, whoever asks for them', () => {
    const decision = decide({
      source: [group('g-1', 'Jira-Administrators')],
      existing: ['jira-administrators'],
      alwaysAdd: [{ group: 'jira-administrators' }],
      adopt: 'byName',
      map: { 'g-1': ['jira-administrators'] },
    });
    expect(decision.operations).toEqual([]);
    expect(decision.alwaysAdd).toEqual([]);
    expect(heldCode(decision, 'jira-administrators')).toBe('protectedGroup');
  });
});
