import { goldenDifferences } from '../../domain/golden';
import type { GoldenExpectation } from '../../domain/golden';
import { tryPerson } from '../../domain/try-person';
import { attribute, DEFAULTS, settingsWith } from '../support/decision-settings';
import { alice } from '../support/person';

const group = (name: string, attributes = {}) => ({ externalId: `id-${name}`, name, attributes });
const settings = settingsWith({
  mapping: {
    username: attribute('username', { transforms: [{ type: 'uppercase' }, { type: 'lowercase' }] }),
    displayName: attribute('none'),
    properties: { department: attribute('department'), phone: attribute('phone', { whenEmpty: 'clear' }) },
    organizations: { ...attribute('companies'), create: false, mode: 'managed' },
  },
  scope: { requiredGroups: ['dev'], where: 'user.active' },
  groups: {
    transforms: [{ type: 'regexReplace', pattern: '^jira-', replacement: '' }],
    kinds: ['security'],
    include: ['dev', 'ops'],
    map: { 'id-jira-ops': ['operations', 'on-call'] },
    alwaysAdd: [{ group: 'licence', when: "user.role == 'dev'" }, { group: 'all' }],
  },
});
const groups = [group('jira-dev'), group('jira-ops'), group('sales'), group('mails', { kind: 'mail' })];

describe('tryPerson', () => {
  it('shows what a person becomes; what is kept is left out', () => {
    const user = alice({ department: 'R&D', companies: ['Acme'], role: 'dev' });
    expect(tryPerson({ user, groups }, settings).person).toEqual({
      standing: 'inScope',
      reasons: [],
      active: true,
      username: 'alice',
      email: 'alice@corp.com',
      properties: { department: 'R&D', phone: null },
      organizations: ['Acme'],
      groups: ['all', 'dev', 'licence', 'on-call', 'operations'],
    });
  });

  it('shows how: each clause, each step, each group', () => {
    const trace = tryPerson({ user: alice(), groups }, settings);
    expect(trace.scope.map(({ clause, says, matched }) => [clause, says, matched])).toEqual([
      ['requiredGroups', 'in', ['dev']],
      ['where', 'in', []],
    ]);
    expect(trace.attributes.map(({ attribute: name }) => name)).toEqual([
      'username',
      'email',
      'displayName',
      'properties.department',
      'properties.phone',
      'organizations',
    ]);
    expect(trace.attributes[0]?.steps.map(({ step, after }) => [step, after])).toEqual([
      ['source', ['alice']],
      ['uppercase', ['ALICE']],
      ['lowercase', ['alice']],
    ]);
    expect(trace.groups).toEqual([
      { id: 'id-jira-dev', sourceName: 'jira-dev', name: 'dev', included: true, targets: ['dev'] },
      { id: 'id-jira-ops', sourceName: 'jira-ops', name: 'ops', included: true, targets: ['operations', 'on-call'] },
      { id: 'id-sales', sourceName: 'sales', name: 'sales', included: false, targets: [] },
      { id: 'id-mails', sourceName: 'mails', name: null, included: false, targets: [] },
    ]);
  });

  it('gives nobody a group who is out of scope or disabled', () => {
    expect(tryPerson({ user: alice(), groups: [] }, settings).person).toMatchObject({
      standing: 'outOfScope',
      groups: [],
    });
    expect(tryPerson({ user: alice({}, false), groups }, DEFAULTS).person).toMatchObject({ active: false, groups: [] });
  });

  it('lets expressions look at what is said to exist', () => {
    const where = settingsWith({ scope: { where: "existing.username == 'ada'" } });
    const person = { user: alice(), groups: [] };
    expect(tryPerson(person, where, { existing: { username: 'ada' } }).person.standing).toBe('inScope');
    expect(tryPerson(person, where).person.standing).toBe('outOfScope');
  });
});

describe('golden users', () => {
  const differences = (expect: GoldenExpectation): readonly (readonly unknown[])[] =>
    goldenDifferences([{ user: alice({ department: 'R&D' }), groups, expect }], settings).map(
      ({ attribute: name, expected, got }) => [name, expected, got]
    );

  it.each<[GoldenExpectation, readonly (readonly unknown[])[]]>([
    [{ username: 'alice' }, []],
    [{ username: 'Alice' }, [['username', 'Alice', 'alice']]],
    [{ standing: 'outOfScope' }, [['standing', 'outOfScope', 'inScope']]],
    [{ active: false }, [['active', false, true]]],
    [{ displayName: null }, []],
    [{ displayName: 'Alice' }, [['displayName', 'Alice', null]]],
    [{ email: null }, [['email', null, 'alice@corp.com']]],
    [{ avatar: 'x' }, [['avatar', 'x', null]]],
    [{ properties: { department: 'R&D', phone: null } }, []],
    [
      { properties: { department: 'HR', other: 'x' } },
      [
        ['properties.department', 'HR', 'R&D'],
        ['properties.other', 'x', null],
      ],
    ],
    [{ groups: ['on-call', 'ALL', 'operations', 'dev'] }, []],
    [{ groups: ['dev'] }, [['groups', ['dev'], ['all', 'dev', 'on-call', 'operations']]]],
    [{ organizations: [] }, []],
    [{ organizations: ['Acme'] }, [['organizations', ['Acme'], []]]],
  ])('%j', (expect_, expected) => {
    expect(differences(expect_)).toEqual(expected);
  });

  it('are named by position and id', () => {
    const right = { user: alice(), groups, expect: { username: 'alice' } };
    const wrong = { user: { ...alice(), externalId: 'b-2' }, groups, expect: { username: 'bob' } };
    expect(goldenDifferences([right, wrong], settings)).toEqual([
      { index: 1, externalId: 'b-2', attribute: 'username', expected: 'bob', got: 'alice' },
    ]);
  });
});
