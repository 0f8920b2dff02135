import fc from 'fast-check';
import { explainFacts } from '../../domain/explain';
import { SLICES, shardOfSlice, shardSlices } from '../../domain/ids';
import type { DecisionSettings, MappingSettings, ScopeSettings } from '../../domain/settings';
import { DEFAULTS } from '../support/decision-settings';
import { account, alice, held, member, newcomer } from '../support/person';

const NO_GROUPS = { bySourceId: {}, byTargetKey: {}, frozen: {}, alwaysAdd: [], operations: [], warnings: [] };

describe('the mapping in an explanation', () => {
  const username = (changes: Partial<MappingSettings['username']>): DecisionSettings => ({
    ...DEFAULTS,
    mapping: { ...DEFAULTS.mapping, username: { ...DEFAULTS.mapping.username, ...changes } },
  });

  it('shows each step with what went in and what came out, and the end that the person is planned by', () => {
    const settings = username({
      source: 'email',
      transforms: [{ type: 'stripDomain' }, { type: 'prefix', value: 'x-' }],
    });
    const explained = explainFacts({ facts: member({}, alice(), settings), settings, groups: [], decision: NO_GROUPS });
    expect(explained.mapping.find(({ attribute }) => attribute === 'username')).toMatchObject({
      steps: [
        { step: 'source', before: ['email'], after: ['alice@corp.com'] },
        { step: 'stripDomain', before: ['alice@corp.com'], after: ['alice'] },
        { step: 'prefix', before: ['alice'], after: ['x-alice'] },
      ],
      result: { kind: 'values', texts: ['x-alice'] },
    });
    expect(explained.desired?.username).toBe('x-alice');
  });

  it('shows nothing for somebody whom the source does not have', () => {
    const facts = member({ presence: 'absentProved', source: null, prepared: null });
    expect(explainFacts({ facts, settings: DEFAULTS, groups: [], decision: NO_GROUPS })).toMatchObject({
      mapping: [],
      scope: [],
      source: null,
    });
  });
});

describe('the scope in an explanation', () => {
  it('shows what each condition that is set says of the person', () => {
    const scope: ScopeSettings = { ...DEFAULTS.scope, requiredGroups: ['jira-*'], exclude: ['alice'] };
    const settings = { ...DEFAULTS, scope };
    const groups = [{ externalId: 'g1', name: 'jira-dev', attributes: {} }];
    const explained = explainFacts({ facts: member({}, alice(), settings), settings, groups, decision: NO_GROUPS });
    expect(explained.scope).toMatchObject([
      { clause: 'exclude', says: 'out', reason: { code: 'excludedByName' } },
      { clause: 'requiredGroups', says: 'in', matched: ['jira-dev'] },
    ]);
  });
});

describe('explainFacts', () => {
  const decision = {
    bySourceId: { g1: ['jira-dev', 'jira-all'], g2: [] },
    byTargetKey: {},
    frozen: {},
    alwaysAdd: ['jira-users'],
    operations: [],
    warnings: [],
  };
  const groups = [
    { externalId: 'g1', name: 'dev', attributes: {} },
    { externalId: 'g2', name: 'sales', attributes: {} },
  ];

  it('shows what each source group stands for, and why each Jira group is wanted', () => {
    const facts = member({ groupIds: ['g1', 'g2'] });
    expect(explainFacts({ facts, settings: DEFAULTS, groups, decision })).toMatchObject({
      groups: [
        { name: 'dev', standsFor: ['jira-dev', 'jira-all'] },
        { name: 'sales', standsFor: [] },
      ],
      desiredGroups: [
        { group: 'jira-all', reason: { code: 'assertedBySource' } },
        { group: 'jira-dev', reason: { code: 'assertedBySource' } },
        { group: 'jira-users', reason: { code: 'alwaysAdd' } },
      ],
    });
  });

  it('shows who brought each membership about, letter case aside', () => {
    const facts = member({
      accountGroups: ['Jira-Dev', 'by-hand'],
      ledger: [{ group: 'jira-dev', addedBy: 'us' }],
    });
    expect(explainFacts({ facts, settings: DEFAULTS, groups: [], decision }).actual?.groups).toEqual([
      { group: 'Jira-Dev', addedBy: 'us' },
      { group: 'by-hand', addedBy: null },
    ]);
  });

  it('shows who holds the wanted name and address, with the owner', () => {
    const other = account({ key: 'JIRAUSER9', email: 'else@corp.com' });
    const facts = newcomer({ byUsername: held(other, 'b-1'), byEmail: { kind: 'many', keys: ['K1', 'K2'] } });
    expect(explainFacts({ facts, settings: DEFAULTS, groups: [], decision }).candidates).toEqual([
      { by: 'username', account: other, owner: { connectorId: 'corp', externalId: 'b-1' }, keys: ['JIRAUSER9'] },
      { by: 'email', account: null, owner: null, keys: ['K1', 'K2'] },
    ]);
  });
});

describe('shardOfSlice', () => {
  it('is the shard whose range has the slice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: SLICES - 1 }), fc.integer({ min: 1, max: 256 }), (slice, count) => {
        const { from, to } = shardSlices(shardOfSlice(slice, count), count);
        expect(from <= slice && slice <= to).toBe(true);
      })
    );
  });
});
