import { accountSince, groupsSince } from '../../domain/state-since';
import { account } from '../support/person';

const applied = { username: 'alice.new', email: 'new@corp.com', displayName: 'Alice New' };

describe('accountSince', () => {
  it('lays what was last applied over what was read', () => {
    const link = { targetKey: 'JIRAUSER1', state: 'active', lastApplied: applied } as const;
    expect(accountSince({ seen: account(), link })).toEqual(account(applied));
  });

  it('knows an account that was created after the read', () => {
    const link = { targetKey: 'JIRAUSER9', state: 'active', lastApplied: applied } as const;
    expect(accountSince({ seen: null, link })).toEqual({ key: 'JIRAUSER9', ...applied, active: true });
  });

  it('knows an account that was deactivated after the read', () => {
    const link = { targetKey: 'JIRAUSER1', state: 'inactive', lastApplied: null } as const;
    expect(accountSince({ seen: account(), link })).toEqual(account({ active: false }));
  });

  it('leaves the active flag of an account in another directory as it was read', () => {
    const link = { targetKey: 'JIRAUSER1', state: 'externalDirectory', lastApplied: null } as const;
    expect(accountSince({ seen: account({ active: false }), link })?.active).toBe(false);
  });

  it('gives no account where none was created or read', () => {
    expect(accountSince({ seen: null, link: { targetKey: null, state: 'pending', lastApplied: null } })).toBeNull();
    expect(accountSince({ seen: null, link: { targetKey: 'K', state: 'active', lastApplied: null } })).toBeNull();
  });
});

describe('groupsSince', () => {
  it('adds what Rollcall answers for and drops what it has removed, letter case aside', () => {
    const ledger = [
      { group: 'Jira-Dev', addedBy: 'us' },
      { group: 'ops', addedBy: 'adopted' },
      { group: 'gone-foreign', addedBy: 'foreign' },
    ] as const;
    expect(groupsSince(['jira-dev', 'sales', 'by-hand'], ledger, new Set(['sales']))).toEqual([
      'jira-dev',
      'by-hand',
      'ops',
    ]);
  });
});
