import { rollBackPerson, rollbackWarnings } from '../../domain/rollback';
import type { AppliedOperation, PersonNow } from '../../domain/rollback';
import type { Link } from '../../domain/model';
import { account, member } from '../support/person';

const CTX = { runId: 'corp-7', syncAccountKey: 'JIRAUSER0', protectedGroups: new Set(['jira-administrators']) };
const LINK = member().link as Link;

const now = (changes: Partial<PersonNow> = {}): PersonNow => ({
  externalId: 'a-1',
  link: LINK,
  account: account(),
  groups: [],
  ledger: [],
  ...changes,
});
const applied = (
  kind: AppliedOperation['kind'],
  before: AppliedOperation['before'],
  after: AppliedOperation['after']
): AppliedOperation => ({ kind, targetKey: kind === 'createUser' ? null : 'JIRAUSER1', before, after });
const back = (person: PersonNow, ...operations: AppliedOperation[]) => {
  const { operations: found, leftAlone } = rollBackPerson(person, operations, CTX);
  return {
    operations: found.map(({ kind, before, after }) => ({ kind, before, after })),
    leftAlone: leftAlone.map(({ code }) => code),
  };
};
const created = applied('createUser', null, { username: 'alice' });
const deactivated = applied('deactivateUser', { active: true }, { active: false });
const renamed = applied('renameUser', { username: 'old' }, { username: 'alice' });
const updated = applied(
  'updateUser',
  { email: 'old@corp.com', displayName: 'Old' },
  { email: 'alice@corp.com', displayName: 'Alice Ames' }
);
const added = applied('addMembership', null, { group: 'jira-dev' });
const removed = applied('removeMembership', { group: 'jira-ops' }, null);
const nothing = { operations: [] };

describe('the way back of an operation (rule 4.6)', () => {
  it('deactivates an account that was created, and never deletes it', () => {
    expect(back(now(), created)).toEqual({
      operations: [{ kind: 'deactivateUser', before: { active: true }, after: { active: false } }],
      leftAlone: [],
    });
  });

  it('reactivates an account that was deactivated, unless somebody else deactivated it again', () => {
    const inactive = account({ active: false });
    const ours = { ...LINK, lastDeactivatedBy: 'us' } as const;
    expect(back(now({ account: inactive, link: ours }), deactivated).operations).toEqual([
      { kind: 'reactivateUser', before: { active: false }, after: { active: true } },
    ]);
    expect(back(now({ account: inactive }), deactivated)).toMatchObject({ ...nothing, leftAlone: ['changedSince'] });
    expect(back(now({ link: ours }), deactivated)).toMatchObject({ ...nothing, leftAlone: ['isBack'] });
  });

  it('deactivates an account that was reactivated', () => {
    const reactivated = applied('reactivateUser', { active: false }, { active: true });
    expect(back(now(), reactivated).operations).toMatchObject([{ kind: 'deactivateUser' }]);
  });

  it('gives a name back that still is the one that was given', () => {
    expect(back(now(), renamed).operations).toEqual([
      { kind: 'renameUser', before: { username: 'alice' }, after: { username: 'old' } },
    ]);
    expect(back(now({ account: account({ username: 'newer' }) }), renamed)).toMatchObject({
      ...nothing,
      leftAlone: ['changedSince'],
    });
    expect(back(now({ account: account({ username: 'OLD' }) }), renamed)).toMatchObject({
      ...nothing,
      leftAlone: ['isBack'],
    });
  });

  it('takes the steps of a chain of renames in the opposite order', () => {
    const step = (n: number) => applied('renameUser', { username: 'old' }, { step: n, username: 'alice' });
    const [first, second] = [0, 1].map((n) => Number(back(now(), step(n)).operations[0]?.after?.['step']));
    expect(first).toBeGreaterThan(second ?? 0);
  });

  it('gives each attribute back for itself', () => {
    expect(back(now(), updated).operations).toEqual([
      {
        kind: 'updateUser',
        before: { email: 'alice@corp.com', displayName: 'Alice Ames' },
        after: { email: 'old@corp.com', displayName: 'Old' },
      },
    ]);
    expect(back(now({ account: account({ displayName: 'By Hand' }) }), updated)).toEqual({
      operations: [{ kind: 'updateUser', before: { email: 'alice@corp.com' }, after: { email: 'old@corp.com' } }],
      leftAlone: ['changedSince'],
    });
  });

  it('leaves an address that the target hides: nobody knows what it was', () => {
    const hidden = applied('updateUser', { email: null }, { email: 'alice@corp.com' });
    expect(back(now(), hidden)).toEqual({ operations: [], leftAlone: ['notReversible'] });
  });

  it('removes a membership that it added itself, and no other', () => {
    const groups = ['Jira-Dev'];
    expect(back(now({ groups, ledger: [{ group: 'jira-dev', addedBy: 'us' }] }), added).operations).toEqual([
      { kind: 'removeMembership', before: { group: 'jira-dev' }, after: null },
    ]);
    expect(back(now({ groups, ledger: [{ group: 'jira-dev', addedBy: 'adopted' }] }), added)).toMatchObject({
      ...nothing,
      leftAlone: ['changedSince'],
    });
    expect(back(now(), added)).toMatchObject({ ...nothing, leftAlone: ['isBack'] });
  });

  it('adds a membership again that was removed', () => {
    expect(back(now(), removed).operations).toEqual([
      { kind: 'addMembership', before: null, after: { group: 'jira-ops' } },
    ]);
    expect(back(now({ groups: ['JIRA-OPS'] }), removed)).toMatchObject({ ...nothing, leftAlone: ['isBack'] });
  });

  it('touches neither the account of Rollcall itself nor protected groups', () => {
    expect(back(now({ account: account({ key: 'JIRAUSER0' }) }), created)).toEqual({
      operations: [],
      leftAlone: ['syncAccount'],
    });
    const guarded = applied('removeMembership', { group: 'Jira-Administrators' }, null);
    expect(back(now(), guarded)).toEqual({ operations: [], leftAlone: ['protectedGroup'] });
  });

  it('leaves an adoption, an account that is gone, and a link that has another account', () => {
    expect(back(now(), applied('adoptUser', null, { username: 'alice' })).leftAlone).toEqual(['notReversible']);
    expect(back(now({ account: null }), renamed).leftAlone).toEqual(['accountGone']);
    expect(back(now({ account: account({ key: 'JIRAUSER9' }) }), renamed).leftAlone).toEqual(['changedSince']);
  });

  it('names the run that is taken back, and plans on the present version of the link', () => {
    const [operation] = rollBackPerson(now({ link: { ...LINK, version: 12 } }), [created], CTX).operations;
    expect(operation).toMatchObject({
      reasons: [{ code: 'rolledBack', rule: '4.6', params: { run: 'corp-7' } }],
      linkVersion: 12,
      gateKinds: ['absent'],
    });
  });
});

describe('rollbackWarnings', () => {
  it('says before anybody decides what cannot come back', () => {
    expect(rollbackWarnings({ createUser: 2, createGroup: 1, adoptUser: 3, addMembership: 9 })).toEqual([
      '2 accounts that were created are deactivated, not deleted',
      '1 group that was created stays',
      '3 accounts that were taken over stay linked',
      expect.stringContaining('the next run plans the same again'),
    ]);
  });
});
