import { entraDefinition } from '../../../connectors/entra/definition';
import type { ProviderParts } from '../../../connectors/provider';
import { reachOf } from '../../../connectors/entra/reach';
import { userSelect } from '../../../connectors/entra/records';
import { DEFAULTS } from '../../support/decision-settings';
import { scopeOf } from './support';

const SETTINGS = entraDefinition.settings.parse({ tenantId: 'tenant', clientId: 'client', clientSecret: 'secret' });
const group = (displayName: string, more = {}) => ({
  id: `id-${displayName}`,
  displayName,
  securityEnabled: true,
  ...more,
});
const strip = {
  ...DEFAULTS.groups,
  transforms: [{ type: 'regexReplace', pattern: '^jira-', replacement: '' } as const],
};
const selected = (parts: ProviderParts): unknown => {
  const { decides, hasMembersRead } = reachOf(SETTINGS, parts);
  const all = [group('jira-dev'), group('dev'), group('other'), group('mail', { securityEnabled: false })];
  const namesOf = (holds: typeof decides): string[] => all.filter(holds).map(({ displayName }) => displayName);
  return { decides: namesOf(decides), members: namesOf(hasMembersRead) };
};

describe('what of a tenant is read', () => {
  it.each<[string, ProviderParts, unknown]>([
    ['by name', { scope: scopeOf('dev') }, { decides: ['dev'], members: ['dev'] }],
    [
      'by the name that the configuration makes',
      { scope: scopeOf('dev'), naming: strip },
      { decides: ['jira-dev', 'dev'], members: ['jira-dev', 'dev'] },
    ],
    [
      'by a condition',
      { scope: { ...scopeOf(), requiredGroups: [{ expression: "group.id == 'id-other'" }] } },
      { decides: ['other'], members: ['other'] },
    ],
    [
      'where a condition cannot be judged',
      { scope: { ...scopeOf(), requiredGroups: [{ expression: 'group.displayName > 1' }] } },
      { decides: ['jira-dev', 'dev', 'other'], members: ['jira-dev', 'dev', 'other'] },
    ],
    [
      'where an expression looks at groups, the members of all',
      { scope: scopeOf('dev'), looksAtGroups: true },
      { decides: ['dev'], members: ['jira-dev', 'dev', 'other'] },
    ],
    [
      'groups that are synced',
      { scope: scopeOf('dev'), groups: ['oth*'] },
      { decides: ['dev'], members: ['dev', 'other'] },
    ],
  ])('%s', (_, parts, expected) => {
    expect(selected(parts)).toEqual(expected);
  });

  it('asks for every attribute that the configuration names, also in expressions', () => {
    const scope = { ...scopeOf(), where: "user.costCenter == 'x' && user.manager.mail != null" };
    const naming = { ...DEFAULTS.groups, alwaysAdd: [{ group: 'a', when: 'user.employeeType == 1' }] };
    const fields = userSelect(SETTINGS, { mapping: DEFAULTS.mapping, scope, naming }).split(',');
    expect(fields).toEqual(expect.arrayContaining(['costCenter', 'employeeType', 'username']));
    expect(fields).not.toContain('manager');
  });
});
