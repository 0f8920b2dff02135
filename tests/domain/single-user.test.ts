import fc from 'fast-check';
import type { GroupLink } from '../../domain/model';
import { groupsInPlay, groupsLeft, lookupOrder, settingsFor, withLoginAttributes } from '../../domain/single-user';
import type { LoginSettings } from '../../domain/settings';
import { DEFAULTS } from '../support/decision-settings';
import { alice } from '../support/person';

const LOGIN: LoginSettings = {
  lookup: 'externalId',
  create: true,
  rename: true,
  reactivate: 'own',
  attributes: 'fill',
};

function groupLink(groupId: string, targetName: string, changes: Partial<GroupLink> = {}): GroupLink {
  const usual = { connectorId: 'corp', sourceName: targetName, state: 'active', missingSince: null } as const;
  return { ...usual, groupId, targetName, ...changes };
}

describe('settings of a sync of one person', () => {
  it.each([
    ['login', { create: false }, { create: false, rename: true, reactivate: 'own' }],
    ['login', { rename: false, reactivate: 'always' }, { create: true, rename: false, reactivate: 'always' }],
    ['api', { create: false, rename: false, reactivate: 'never' }, { create: true, rename: true, reactivate: 'own' }],
    ['schedule', { create: false, reactivate: 'never' }, { create: true, rename: true, reactivate: 'own' }],
  ] as const)('%s with %j allows %j', (trigger, changes, expected) => {
    expect(settingsFor(DEFAULTS, { ...LOGIN, ...changes }, trigger).users.actions).toMatchObject(expected);
  });

  it('never allow a log-in to create or rename what a run may not', () => {
    const off = { ...DEFAULTS, users: { actions: { ...DEFAULTS.users.actions, create: false, rename: false } } };
    expect(settingsFor(off, LOGIN, 'login').users.actions).toMatchObject({ create: false, rename: false });
  });
});

describe('attributes that a log-in brings', () => {
  const given = { email: 'other@corp.com', phone: '1', title: '' };
  const user = alice({ phone: '  ', teams: [] });

  it('are ignored', () => {
    expect(withLoginAttributes(user, given, 'ignore')).toBe(user);
  });
  it('fill what the source leaves empty: absent, blank, or an empty list', () => {
    const filled = withLoginAttributes(user, { ...given, teams: ['a'], new: 'x' }, 'fill').attributes;
    expect(filled).toMatchObject({ email: 'alice@corp.com', phone: '1', title: '', teams: ['a'], new: 'x' });
  });
  it('overwrite, and only those that are given', () => {
    const written = withLoginAttributes(user, given, 'overwrite').attributes;
    expect(written).toMatchObject({ email: 'other@corp.com', phone: '1', username: 'alice' });
  });
  it('never change who it is or whether he is active', () => {
    const names = fc.dictionary(fc.string(), fc.string());
    const policies = fc.constantFrom('ignore', 'fill', 'overwrite');
    fc.assert(
      fc.property(names, policies, (attributes, policy) => {
        const { externalId, active } = withLoginAttributes(user, attributes, policy);
        expect([externalId, active]).toEqual([user.externalId, user.active]);
      })
    );
  });
});

describe('groups of one person (rules 2.3, 2.5)', () => {
  const dev = { externalId: 'g-1', name: 'Developers', attributes: { kind: 'security' } };
  const fresh = { externalId: 'g-9', name: 'new', attributes: {} };
  const links = [groupLink('g-1', 'dev'), groupLink('g-2', 'ops'), groupLink('g-3', 'old', { state: 'retired' })];

  it('are those that a run has linked, as the provider shows them now', () => {
    expect(groupsInPlay([dev, fresh], links, new Set())).toEqual([
      dev,
      { externalId: 'g-2', name: 'ops', sourceName: 'ops', attributes: {} },
    ]);
  });
  it('leave out a group that is gone, so that its members are not taken for people who left it', () => {
    expect(groupsInPlay([dev], links, new Set(['g-2']))).toEqual([dev]);
  });
  it('that the person may have left are those of the ledger that the provider no longer names', () => {
    const ledger = [
      { group: 'DEV', addedBy: 'us' },
      { group: 'ops', addedBy: 'adopted' },
      { group: 'old', addedBy: 'us' },
    ] as const;
    expect(groupsLeft([dev], links, ledger)).toEqual(['g-2']);
    expect(groupsLeft([], links, ledger)).toEqual(['g-1', 'g-2']);
  });
});

it('an identifier is tried as what the settings name first', () => {
  expect(lookupOrder('externalId')).toEqual(['externalId', 'username', 'email']);
  expect(lookupOrder('email')).toEqual(['email', 'externalId', 'username']);
});
