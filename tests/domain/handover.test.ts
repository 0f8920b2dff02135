import { followsOf, handoverKeys, matchFormer, moveUserLink } from '../../domain/handover';
import type { FormerLink, HandoverKey, HandoverPerson } from '../../domain/handover';
import { planGroupHandover } from '../../domain/handover-groups';
import type { GroupLink } from '../../domain/model';
import { DEFAULTS, groupsWith } from '../support/decision-settings';
import { account, newcomer } from '../support/person';
import { linkTo } from '../support/pure-apply';

const former = (externalId: string, key = 'JIRAUSER1'): FormerLink => ({
  link: linkTo(externalId, key, { version: 4 }),
  account: account({ key }),
});
const { prepared } = newcomer();
const wanted = prepared?.wanted ?? null;
if (wanted === null) throw new Error('alice has no mapped name');
const person = (found: Partial<HandoverPerson['found']>, active = true): HandoverPerson => ({
  externalId: 'new-1',
  wanted,
  active,
  found: { key: 'nobody', email: 'nobody', username: 'nobody', ...found },
});
const all: readonly HandoverKey[] = ['username', 'email', 'key'];

describe('matchFormer (rules 1.6)', () => {
  it('matches by what is asked for alone', () => {
    const found = person({ email: former('old-1') });
    expect(matchFormer(found, all)).toMatchObject({ kind: 'matched', by: 'email' });
    expect(matchFormer(found, ['key', 'username'])).toMatchObject({ reason: { code: 'handoverUnmatched' } });
  });

  it('says the strongest of the keys that agree', () => {
    const same = former('old-1');
    expect(matchFormer(person({ key: same, email: same, username: same }), all)).toMatchObject({ by: 'key' });
  });

  it('matches nobody where two keys point at two accounts, or one value at several', () => {
    const apart = person({ key: former('old-1'), email: former('old-2', 'JIRAUSER2') });
    expect(matchFormer(apart, all)).toMatchObject({
      kind: 'unmatched',
      reason: { code: 'handoverAmbiguous', params: { first: 'old-1', second: 'old-2' } },
    });
    const several = person({ key: former('old-1'), email: 'several' });
    expect(matchFormer(several, all)).toMatchObject({ reason: { code: 'handoverAmbiguous' } });
    expect(matchFormer(several, ['key'])).toMatchObject({ kind: 'matched' });
  });

  it('looks for disabled people too', () => {
    expect(handoverKeys(wanted)).toEqual({ usernameKey: 'alice', emailKey: 'alice@corp.com' });
  });
});

describe('moveUserLink', () => {
  it('is stale when the former link changes, and counts for no limit', () => {
    const match = matchFormer(person({ key: former('old-1') }), all);
    if (match.kind !== 'matched') throw new Error('not matched');
    expect(moveUserLink(person({}), match)).toMatchObject({
      kind: 'moveLink',
      phase: 0,
      targetKey: 'JIRAUSER1',
      externalId: 'new-1',
      before: { connector: 'corp', externalId: 'old-1', state: 'active' },
      gateKinds: [],
      linkVersion: 4,
    });
  });

  it('tells what the first run after it does', () => {
    expect(followsOf(person({}), former('old-1'))).toEqual({ renames: 0, deactivations: 0 });
    const renamed = { ...former('old-1'), account: account({ username: 'a.ames' }) };
    expect(followsOf(person({}), renamed)).toEqual({ renames: 1, deactivations: 0 });
    expect(followsOf(person({}, false), former('old-1'))).toEqual({ renames: 0, deactivations: 1 });
  });
});

describe('planGroupHandover', () => {
  const link = (groupId: string, targetName: string, connectorId = 'old'): GroupLink => ({
    connectorId,
    groupId,
    targetName,
    sourceName: targetName,
    state: 'active',
    missingSince: null,
  });
  const group = (externalId: string, name: string) => ({ externalId, name, attributes: {} });
  const order = { from: 'old', matchBy: all } as const;
  const base = { order, settings: DEFAULTS, own: [] };

  it('moves a link to the one group that stands for the same Jira group', () => {
    const { operations, left } = planGroupHandover({
      ...base,
      groups: [group('n-1', 'Jira-Dev'), group('n-2', 'other')],
      former: [link('o-1', 'jira-dev'), link('o-2', 'jira-ops')],
    });
    expect(operations).toMatchObject([
      {
        kind: 'moveLink',
        externalId: 'n-1',
        targetKey: null,
        before: { connector: 'old', groupId: 'o-1' },
        after: { group: 'jira-dev', sourceName: 'Jira-Dev' },
      },
    ]);
    expect(left.map(({ groupId }) => groupId)).toEqual(['o-2']);
  });

  it('leaves a group that several stand for, unless one has the same id', () => {
    const groups = [group('n-1', 'jira-dev'), group('o-1', 'JIRA-DEV')];
    const input = { ...base, groups, former: [link('o-1', 'jira-dev')] };
    expect(planGroupHandover(input).operations).toMatchObject([{ externalId: 'o-1' }]);
    const byName = { ...input, order: { from: 'old', matchBy: ['email'] as const } };
    expect(planGroupHandover(byName).operations).toEqual([]);
  });

  it('leaves excluded groups, and those that the new connector has linked already', () => {
    const input = { ...base, groups: [group('n-1', 'jira-dev')], former: [link('o-1', 'jira-dev')] };
    expect(planGroupHandover({ ...input, settings: groupsWith({ exclude: ['jira-*'] }) }).left).toHaveLength(1);
    expect(planGroupHandover({ ...input, own: [link('n-9', 'JIRA-dev', 'new')] }).left).toHaveLength(1);
  });
});
