import type { AttributeRule, DecisionSettings, GroupSettings } from '../../domain/settings';

/** The defaults of the configuration for decisions about people and groups, with the attributes named plainly. */
export const DEFAULTS: DecisionSettings = {
  mapping: {
    username: attribute('username', { whenEmpty: 'excludeUser', whenInvalid: 'excludeUser' }),
    email: attribute('email'),
    displayName: attribute('displayName'),
  },
  scope: { requiredGroups: [], excludeGroups: [], exclude: [], existingOnly: false },
  match: { adopt: 'ask', by: ['email', { username: { confirm: 'email' } }], domains: [], rehire: 'hold' },
  users: { actions: { create: true, update: true, rename: true, deactivate: true, reactivate: 'own' } },
  groups: {
    include: null,
    exclude: [],
    rules: [{ match: '*', mode: 'managed', create: true, sensitive: false }],
    alwaysAdd: [],
    keep: [],
    map: {},
    adopt: 'ask',
    onRename: 'keepTarget',
    missing: 'hold',
    outOfScope: 'keep',
  },
  lifecycle: {
    disabled: { action: 'deactivate', graceDays: 0 },
    missing: { action: 'deactivate', graceDays: 1 },
    outOfScope: { action: 'deactivate', graceDays: 0 },
    unmatched: { action: 'report' },
    groupsOnDeactivate: 'keep',
    leads: { action: 'hold' },
    keepIf: '',
  },
  protected: { users: [], groups: ['jira-administrators'] },
  safety: {
    firstRun: 'hold',
    limits: {
      disabled: { floor: 10, percent: 10, ceiling: 1000 },
      absent: { floor: 5, percent: 3, ceiling: 100 },
      removals: { floor: 20, percent: 10, ceiling: 2000 },
      renames: { floor: 5, percent: 5, ceiling: 200 },
      emails: { floor: 20, percent: 10, ceiling: 500 },
      creates: { floor: 50, percent: 20, ceiling: 1000 },
      groupsCreated: { floor: 20, percent: 20, ceiling: 100 },
      reactivations: { floor: 10, percent: 5, ceiling: 200 },
      groupLoss: { percent: 50, minMembers: 10 },
      sourceShrink: { floor: 5, percent: 10 },
    },
    onExceed: 'holdKind',
    seats: 'holdAdditions',
    exceptions: [],
    canary: { users: 0 },
  },
  approval: { when: 'onExceed', expiresAfterHours: 72, planMaxAgeHours: 24 },
};

/** A rule of the mapping with the defaults that hold for every attribute. */
export function attribute(source: string, changes: Partial<AttributeRule> = {}): AttributeRule {
  return {
    source,
    fallback: [],
    transforms: [],
    whenEmpty: 'keepExisting',
    whenInvalid: 'holdUser',
    apply: 'always',
    case: 'ignore',
    ...changes,
  };
}

type Changes = { readonly [K in keyof DecisionSettings]?: Partial<DecisionSettings[K]> };

/** The defaults with some values of some sections changed. */
export function settingsWith(changes: Changes): DecisionSettings {
  const sections = Object.keys(DEFAULTS) as (keyof DecisionSettings)[];
  const merged = sections.map((section) => [section, { ...DEFAULTS[section], ...changes[section] }]);
  return Object.fromEntries(merged) as DecisionSettings;
}

export function groupsWith(groups: Partial<GroupSettings>): DecisionSettings {
  return settingsWith({ groups });
}
