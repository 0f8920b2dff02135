import { decide, done, group, heldCode, linkOf } from '../support/grouping';
import { COMPLETE } from '../support/pure-sync';

describe('rule 2.1: groups have links', () => {
  it('a linked group goes on under its name, in whatever spelling', () => {
    const decision = decide({
      source: [group('g-1', 'JIRA-Dev')],
      links: [linkOf('g-1', 'jira-dev')],
      existing: ['jira-dev'],
    });
    expect(decision).toMatchObject({ bySourceId: { 'g-1': ['jira-dev'] }, operations: [], warnings: [] });
    expect(decision.byTargetKey['jira-dev']).toMatchObject({ name: 'jira-dev', exists: true, held: null });
  });

  it('two source groups for one name: the linked keeps it, the newcomer is held with both ids shown', () => {
    const source = [group('g-1', 'jira-dev'), group('g-2', 'Jira-Dev')];
    const decision = decide({ source, links: [linkOf('g-2', 'jira-dev')], existing: ['jira-dev'] });
    expect(decision.bySourceId).toEqual({ 'g-1': [], 'g-2': ['jira-dev'] });
    expect(decision.byTargetKey['jira-dev']?.held).toBeNull();
    expect(decision.operations).toEqual([]);
    expect(decision.warnings).toEqual(['source group g-1 wants "jira-dev", which stands for g-2: held (rule 2.1)']);
  });

  it('two new source groups for one name: both are held', () => {
    const decision = decide({ source: [group('g-2', 'Dev'), group('g-1', 'dev')] });
    expect(decision.operations).toEqual([]);
    expect(decision.byTargetKey['dev']?.held).toMatchObject({
      code: 'groupNameContest',
      params: { first: 'g-1', second: 'g-2' },
    });
  });

  it('two source groups that the configuration names for one group share it', () => {
    const map = { 'g-1': ['jira-all'], 'g-2': ['jira-all'] };
    const decision = decide({ source: [group('g-1', 'one'), group('g-2', 'two')], map });
    expect(done(decision)).toEqual(['adoptGroup g-2>jira-all', 'createGroup g-1>jira-all']);
    expect(decision.operations[0]?.follows).toEqual(['groupsCreated']);
    expect(decision.bySourceId).toEqual({ 'g-1': ['jira-all'], 'g-2': ['jira-all'] });
  });

  it('a newcomer beside two that the configuration names is held', () => {
    const map = { 'g-1': ['jira-all'], 'g-2': ['jira-all'] };
    const links = [linkOf('g-1', 'jira-all'), linkOf('g-2', 'jira-all')];
    const source = [group('g-1', 'one'), group('g-2', 'two'), group('g-3', 'jira-all')];
    const decision = decide({ source, map, links, existing: ['jira-all'] });
    expect(decision.bySourceId).toMatchObject({ 'g-1': ['jira-all'], 'g-2': ['jira-all'], 'g-3': [] });
    expect(decision.operations).toEqual([]);
  });

  it('a linked group that is gone from the target is created again', () => {
    const decision = decide({ source: [group('g-1', 'dev')], links: [linkOf('g-1', 'dev')] });
    expect(decision.operations).toMatchObject([
      { kind: 'createGroup', gateKinds: ['groupsCreated'], reasons: [{ code: 'groupGone' }], externalId: 'g-1' },
    ]);
    expect(decision.byTargetKey['dev']).toMatchObject({ exists: false, held: null });
  });
});

describe('rule 2.2: renamed at the provider', () => {
  const renamed = { source: [group('g-1', 'new')], links: [linkOf('g-1', 'old')], existing: ['old'] };

  it('keepTarget: the link keeps the old name and the run warns', () => {
    const decision = decide(renamed);
    expect(decision).toMatchObject({ bySourceId: { 'g-1': ['old'] }, frozen: {}, operations: [] });
    expect(decision.warnings).toEqual(['source group g-1 was renamed to "new": "old" keeps its name (rule 2.2)']);
  });

  it('createNew: the new name is created, the old memberships stay until an operator retires the group', () => {
    const decision = decide({ ...renamed, onRename: 'createNew', outOfScope: 'remove' });
    expect(done(decision)).toEqual(['createGroup g-1>new']);
    expect(decision.bySourceId).toEqual({ 'g-1': ['new'] });
    expect(decision.frozen).toMatchObject({ old: { action: 'keep', reason: { code: 'groupRenamed' } } });
  });

  it('createNew, afterwards: the new link stands, the old one is still kept', () => {
    const links = [linkOf('g-1', 'old'), linkOf('g-1', 'new')];
    const decision = decide({ ...renamed, links, existing: ['old', 'new'], onRename: 'createNew' });
    expect(decision).toMatchObject({
      operations: [],
      bySourceId: { 'g-1': ['new'] },
      frozen: { old: { action: 'keep' } },
    });
  });

  it('hold: nothing is done with the members', () => {
    const decision = decide({ ...renamed, onRename: 'hold' });
    expect(decision.operations).toEqual([]);
    expect(heldCode(decision, 'old')).toBe('groupRenamed');
  });
});

describe('rule 2.3: deleted at the provider', () => {
  const gone = { links: [linkOf('g-1', 'dev')], existing: ['dev'], proved: ['g-1'] };

  it.each(['hold', 'keep', 'remove'] as const)('proved missing: %s', (missing) => {
    const decision = decide({ ...gone, missing });
    expect(decision.frozen).toMatchObject({ dev: { action: missing, reason: { code: 'groupMissing', rule: '2.3' } } });
    expect(decision.warnings).toHaveLength(1);
  });

  it('without a proof, or on an incomplete read, memberships are kept', () => {
    expect(decide({ ...gone, missing: 'remove', proved: [] }).frozen['dev']?.action).toBe('keep');
    const complete = { ...COMPLETE, memberships: false };
    expect(decide({ ...gone, missing: 'remove', complete }).frozen['dev']?.action).toBe('keep');
  });

  it('an additive group loses nobody', () => {
    const rules = [{ match: '*', mode: 'additive', create: true, sensitive: false }] as const;
    expect(decide({ ...gone, missing: 'remove', rules }).frozen['dev']?.action).toBe('keep');
  });

  it.each(['ask', 'byName'] as const)('a new id with the old name is an adoption, held (adopt: %s)', (adopt) => {
    const decision = decide({ ...gone, source: [group('g-2', 'dev')], missing: 'remove', adopt });
    expect(done(decision)).toEqual(['adoptGroup! g-2>dev']);
    expect(decision.operations[0]?.reasons).toMatchObject([
      { code: 'groupReplaced', params: { first: 'g-1', second: 'g-2' } },
    ]);
    expect(heldCode(decision, 'dev')).toBe('groupReplaced');
    expect(decision.frozen['dev']?.action).toBe('keep');
  });

  it('once the new id is linked, the group goes on', () => {
    const links = [linkOf('g-1', 'dev'), linkOf('g-2', 'dev')];
    const decision = decide({ ...gone, links, source: [group('g-2', 'dev')] });
    expect(decision).toMatchObject({ frozen: {}, operations: [], bySourceId: { 'g-2': ['dev'] } });
    expect(heldCode(decision, 'dev')).toBeUndefined();
  });

  it('one of two that share a group is deleted: what only it asserted is for a person to decide', () => {
    const map = { 'g-1': ['dev'], 'g-2': ['dev'] };
    const links = [linkOf('g-1', 'dev'), linkOf('g-2', 'dev')];
    const decision = decide({ ...gone, links, map, source: [group('g-2', 'two')] });
    expect(decision.frozen['dev']?.action).toBe('hold');
    expect(decision.byTargetKey['dev']?.held).toBeNull();
  });

  it('a retired link is no link', () => {
    expect(decide({ ...gone, links: [linkOf('g-1', 'dev', { state: 'retired' })] }).frozen).toEqual({});
  });
});

describe('rule 2.4: leaves include, or its mapping changes', () => {
  const linked = { source: [group('g-1', 'dev')], links: [linkOf('g-1', 'dev')], existing: ['dev'] };

  it.each(['keep', 'remove'] as const)('out of include: %s', (outOfScope) => {
    const decision = decide({ ...linked, include: ['jira-*'], outOfScope });
    expect(decision.bySourceId).toEqual({ 'g-1': [] });
    expect(decision.frozen).toMatchObject({
      dev: { action: outOfScope, reason: { code: 'groupOutOfScope', rule: '2.4' } },
    });
  });

  it('on an incomplete read memberships are kept', () => {
    const complete = { ...COMPLETE, groups: false };
    expect(decide({ ...linked, include: [], outOfScope: 'remove', complete }).frozen['dev']?.action).toBe('keep');
  });

  it('a new mapping: the new name is claimed, the old one frozen', () => {
    const decision = decide({ ...linked, map: { 'g-1': ['jira-dev'] } });
    expect(done(decision)).toEqual(['createGroup g-1>jira-dev']);
    expect(decision.frozen).toMatchObject({ dev: { action: 'keep', reason: { code: 'groupOutOfScope' } } });
  });

  it('a name that a frozen group still holds is not given to another', () => {
    const source = [group('g-1', 'old-dev'), group('g-2', 'dev')];
    const decision = decide({ ...linked, source, exclude: ['g-1'], adopt: 'byName' });
    expect(done(decision)).toEqual(['adoptGroup! g-2>dev']);
    expect(heldCode(decision, 'dev')).toBe('groupNameLinked');
  });
});
