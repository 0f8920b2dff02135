import { nameGroup } from '../../domain/group-name';
import { decideGroups, groupsToRead } from '../../domain/groups';
import type { GroupLink, SourceGroup } from '../../domain/model';
import { prepareUser } from '../../domain/prepare';
import type { DecisionSettings, GroupSettings } from '../../domain/settings';
import { DEFAULTS, groupsWith, settingsWith } from '../support/decision-settings';
import { alice } from '../support/person';
import { COMPLETE } from '../support/pure-sync';

const group = (name: string, attributes: SourceGroup['attributes'] = {}): SourceGroup => ({
  externalId: `id-${name}`,
  name,
  attributes,
});
const named = (one: SourceGroup, settings: Partial<GroupSettings>): string | null =>
  nameGroup(one, { ...DEFAULTS.groups, ...settings })?.name ?? null;
const strip = { type: 'regexReplace', pattern: '^(?i)jira-', replacement: '' } as const;

describe('the name of a source group', () => {
  it.each<[string, Partial<GroupSettings>, SourceGroup, string | null]>([
    ['is the provider`s', {}, group('Dev'), 'Dev'],
    ['is an attribute', { name: { source: 'mail' } }, group('Dev', { mail: 'dev@corp.com' }), 'dev@corp.com'],
    ['is the provider`s where the attribute is empty', { name: { source: 'mail' } }, group('Dev'), 'Dev'],
    ['is transformed', { transforms: [strip, { type: 'lowercase' }] }, group('Jira-Dev'), 'dev'],
    ['stays untransformed where nothing matches', { transforms: [strip] }, group('Dev'), 'Dev'],
    ['dropUnmatched: takes no part', { transforms: [strip], dropUnmatched: true }, group('Dev'), null],
    ['dropUnmatched: takes part', { transforms: [strip], dropUnmatched: true }, group('jira-Dev'), 'Dev'],
    ['nothing of which is left takes no part', { transforms: [{ type: 'stripDomain' }] }, group('@x'), null],
    ['of a kind that takes part', { kinds: ['security'] }, group('Dev', { kind: 'security' }), 'Dev'],
    ['of several kinds', { kinds: ['security'] }, group('Dev', { kind: ['mail', 'security'] }), 'Dev'],
    ['of another kind takes no part', { kinds: ['security'] }, group('Dev', { kind: 'mail' }), null],
    ['of no kind takes part', { kinds: ['security'] }, group('Dev'), 'Dev'],
    ['may come from another attribute', { transforms: [{ type: 'fallback', source: 'x' }] }, group('Dev'), 'Dev'],
  ])('%s', (_, settings, one, expected) => {
    expect(named(one, settings)).toBe(expected);
  });

  it('is made once: a group that has its name keeps it', () => {
    const settings = { ...DEFAULTS.groups, transforms: [{ type: 'prefix', value: 'x-' } as const] };
    const once = nameGroup(group('Dev'), settings)!;
    expect(once).toEqual({ externalId: 'id-Dev', name: 'x-Dev', sourceName: 'Dev', attributes: {} });
    expect(nameGroup(once, settings)).toBe(once);
  });

  it('is the provider`s where a transform reaches a bound, or no group at all where the unmatched are dropped', () => {
    const transforms = Array.from(
      { length: 40 },
      () => ({ type: 'regexReplace', pattern: '(.+)', replacement: '$1$1' }) as const
    );
    expect(named(group('Dev'), { transforms })).toBe('Dev');
    expect(named(group('Dev'), { transforms, dropUnmatched: true })).toBeNull();
  });
});

describe('every other rule sees the name that was made', () => {
  const settings = (groups: Partial<GroupSettings>): DecisionSettings =>
    settingsWith({ groups, scope: { requiredGroups: ['dev'] } });
  const decide = (under: DecisionSettings, groups: readonly SourceGroup[], links: readonly GroupLink[] = []) =>
    decideGroups({ settings: under, groups, links, existingNames: [], complete: COMPLETE, provedMissing: [] });

  it('include, rules and the target group', () => {
    const under = groupsWith({ transforms: [strip], include: ['dev'] });
    expect(groupsToRead(under, [group('jira-dev'), group('jira-ops')], [])).toContain('dev');
    expect(decide(under, [group('jira-dev'), group('jira-ops')]).bySourceId).toEqual({
      'id-jira-dev': ['dev'],
      'id-jira-ops': [],
    });
  });

  it('required groups and `groups` in expressions', () => {
    const under = settings({ transforms: [strip] });
    expect(prepareUser(alice(), [group('jira-dev')], under).standing).toBe('inScope');
    expect(prepareUser(alice(), [group('jira-dev')], settings({})).standing).toBe('outOfScope');
    const where = settingsWith({ groups: { transforms: [strip] }, scope: { where: "groups == ['dev']" } });
    expect(prepareUser(alice(), [group('jira-dev')], where).standing).toBe('inScope');
  });

  it('a group of another kind gives nobody access', () => {
    const under = settings({ kinds: ['security'] });
    expect(prepareUser(alice(), [group('dev', { kind: 'mail' })], under).standing).toBe('outOfScope');
  });

  it('rule 2.4: a transform that changes is no rename at the provider; the old memberships stay', () => {
    const link: GroupLink = {
      connectorId: 'corp',
      groupId: 'id-jira-dev',
      targetName: 'jira-dev',
      sourceName: 'jira-dev',
      state: 'active',
      missingSince: null,
    };
    const decision = decide(groupsWith({ transforms: [strip] }), [group('jira-dev')], [link]);
    expect(decision.frozen['jira-dev']).toMatchObject({
      action: 'keep',
      reason: { code: 'groupOutOfScope', rule: '2.4' },
    });
    expect(decision.bySourceId['id-jira-dev']).toEqual(['dev']);
    const dropped = decide(groupsWith({ kinds: ['security'] }), [group('jira-dev', { kind: 'mail' })], [link]);
    expect(dropped.frozen['jira-dev']).toMatchObject({ action: 'keep', reason: { rule: '2.4' } });
  });

  it('a condition that fails leaves a group out, takes nothing away and says so', () => {
    const link: GroupLink = {
      connectorId: 'corp',
      groupId: 'id-dev',
      targetName: 'dev',
      sourceName: 'dev',
      state: 'active',
      missingSince: null,
    };
    const groups = { include: [{ expression: 'group.cost > 5' }], outOfScope: 'remove' } as const;
    const decision = decide(groupsWith(groups), [group('dev', { cost: 'text' })], [link]);
    expect(decision.frozen['dev']?.action).toBe('keep');
    expect(decision.warnings).toContain(
      'a condition about groups could not be judged for source group id-dev: left out'
    );
    const judged = decide(groupsWith(groups), [group('dev', { cost: 1 })], [link]);
    expect(judged.frozen['dev']?.action).toBe('remove');
    const excluded = { exclude: [{ expression: 'group.cost > 5' }] };
    expect(decide(groupsWith(excluded), [group('dev', { cost: 'text' })]).bySourceId).toEqual({ 'id-dev': [] });
    expect(decide(groupsWith(excluded), [group('dev', { cost: 1 })]).bySourceId).toEqual({ 'id-dev': ['dev'] });
  });
});
