import { mergeChanges } from '../../activities/linkChanges';
import { storedLink } from './operations';

describe('mergeChanges', () => {
  it('adds up what several operations changed of one account', () => {
    const link = storedLink('a', { lastApplied: { username: 'a', email: 'a@example.com', displayName: 'A' } });
    const changes = [{ account: { username: 'b' } }, { account: { displayName: 'B' }, state: 'inactive' as const }];
    expect(mergeChanges(link, changes)).toEqual({
      state: 'inactive',
      lastApplied: { username: 'b', email: 'a@example.com', displayName: 'B' },
    });
    expect(mergeChanges(link, [])).toEqual({});
  });

  it('keeps properties and organizations that other operations wrote', () => {
    const link = storedLink('a', { lastProperties: { team: 'A' }, organizations: ['ACME'] });
    const changes = [
      { property: { name: 'office', value: 'Bern' } },
      { property: { name: 'team', value: null } },
      { organization: { name: 'Zeta', isMember: true } },
      { organization: { name: 'acme', isMember: false } },
    ];
    expect(mergeChanges(link, changes)).toEqual({
      lastProperties: { team: null, office: 'Bern' },
      organizations: ['Zeta'],
    });
  });

  it('rule 3.8: adds up refusals of one configuration of the target, and forgets those of an earlier one', () => {
    const refused = { refusedMembership: 'dev', refusedUnder: 4 };
    const earlier = storedLink('a', { state: 'externalDirectory', refusedMemberships: ['ops'], refusedUnder: 3 });
    expect(mergeChanges(earlier, [refused, { refusedMembership: 'qa', refusedUnder: 4 }])).toEqual({
      state: 'active',
      refusedMemberships: ['dev', 'qa'],
      refusedUnder: 4,
    });
    const same = storedLink('a', { refusedMemberships: ['ops'], refusedUnder: 4 });
    expect(mergeChanges(same, [refused])).toMatchObject({ refusedMemberships: ['ops', 'dev'] });
  });
});
