import fc from 'fast-check';
import { mergeChanges } from '../../activities/linkChanges';
import type { KnownOrganization, UserFacts, UserPlan } from '../../domain/facts';
import { fingerprint } from '../../domain/ids';
import type { AttributeRecord, Link } from '../../domain/model';
import type { DraftOperation } from '../../domain/operation';
import { planUser } from '../../domain/plan-user';
import type { DecisionSettings, MappingSettings } from '../../domain/settings';
import { attribute, settingsWith } from '../support/decision-settings';
import { account, alice, codes, context, link, member, newcomer } from '../support/person';

const mapping: Partial<MappingSettings> = {
  properties: { team: attribute('team', { whenEmpty: 'clear' }), office: attribute('office', { apply: 'onCreate' }) },
  avatar: attribute('photo'),
  organizations: { ...attribute('companies', { whenEmpty: 'clear' }), create: false, mode: 'managed' },
};
const SETTINGS = settingsWith({ mapping });
const ORGANIZATIONS: Readonly<Record<string, KnownOrganization>> = {
  acme: { id: '7', name: 'ACME' },
  twice: 'several',
};
const EXTRAS = new Set(['setProperty', 'setAvatar', 'addOrganization', 'removeOrganization']);

const extrasOf = ({ operations }: UserPlan): DraftOperation[] => operations.filter(({ kind }) => EXTRAS.has(kind));
const linked = (attributes: AttributeRecord, changes: Partial<Link> = {}, settings = SETTINGS): UserFacts =>
  member({ link: link(changes) }, alice(attributes), settings);
const plan = (facts: UserFacts, settings: DecisionSettings = SETTINGS): UserPlan =>
  planUser(facts, context({ organizations: ORGANIZATIONS }, settings));

describe('properties', () => {
  it('are set where they differ from what was last written, in phase 7', () => {
    const [operation] = extrasOf(plan(linked({ team: 'A' }, { lastProperties: { team: 'B' } })));
    expect(operation).toMatchObject({
      kind: 'setProperty',
      phase: 7,
      targetKey: 'JIRAUSER1',
      before: { property: 'team', value: 'B' },
      after: { property: 'team', value: 'A' },
      gateKinds: [],
    });
  });

  it.each<[string, AttributeRecord, Partial<Link>, unknown[]]>([
    ['unchanged', { team: 'A' }, { lastProperties: { team: 'A' } }, []],
    ['cleared', {}, { lastProperties: { team: 'A' } }, [{ property: 'team', value: null }]],
    ['cleared already', {}, { lastProperties: { team: null } }, []],
    ['never written and empty', {}, {}, []],
    ['on creation only', { office: 'Bern' }, {}, []],
  ])('%s', (_, attributes, changes, expected) => {
    expect(extrasOf(plan(linked(attributes, changes))).map(({ after }) => after)).toEqual(expected);
  });

  it('of a new account follow its creation, whatever an earlier account had', () => {
    const facts = newcomer({}, alice({ team: 'A', office: 'Bern' }), SETTINGS);
    expect(extrasOf(plan(facts))).toMatchObject([
      { after: { property: 'office', value: 'Bern' }, targetKey: null, follows: ['creates'] },
      { after: { property: 'team', value: 'A' }, targetKey: null, follows: ['creates'] },
    ]);
  });

  it('are skipped where updates are switched off, and nothing else is', () => {
    const off = settingsWith({ mapping, users: { actions: { ...SETTINGS.users.actions, update: false } } });
    const result = plan(linked({ team: 'A' }, {}, off), off);
    expect(result).toMatchObject({ operations: [], standing: 'skipped' });
    expect(codes(result)).toEqual(['actionOff']);
  });

  it('of a leaver and of an account that stays inactive are left alone', () => {
    expect(extrasOf(plan(member({}, alice({ team: 'A' }, false), SETTINGS)))).toEqual([]);
    const inactive = member({ account: account({ active: false }) }, alice({ team: 'A' }), SETTINGS);
    expect(extrasOf(plan(inactive))).toEqual([]);
  });
});

describe('pictures', () => {
  it('are planned by their fingerprint: the plan holds no picture', () => {
    const [operation] = extrasOf(plan(linked({ photo: 'iVBORw0KGgo=' })));
    expect(operation).toMatchObject({
      kind: 'setAvatar',
      phase: 7,
      before: { picture: null },
      after: { picture: fingerprint('iVBORw0KGgo=') },
    });
    expect(JSON.stringify(operation)).not.toContain('iVBOR');
  });

  it('are not set twice, and none is taken away', () => {
    expect(extrasOf(plan(linked({ photo: 'abc' }, { lastPicture: fingerprint('abc') })))).toEqual([]);
    expect(extrasOf(plan(linked({}, { lastPicture: fingerprint('abc') })))).toEqual([]);
  });
});

describe('organizations', () => {
  const companies = (...names: string[]): AttributeRecord => ({ companies: names });

  it('are joined by id in phase 8 and left in phase 4, under the limit for removals', () => {
    expect(extrasOf(plan(linked(companies('acme'), { organizations: ['Old Ltd'] })))).toMatchObject([
      { kind: 'removeOrganization', phase: 4, before: { organization: 'Old Ltd', id: null }, gateKinds: ['removals'] },
      { kind: 'addOrganization', phase: 8, after: { organization: 'ACME', id: '7' }, gateKinds: [] },
    ]);
  });

  it('without a value nobody stays where Rollcall put him; where others did, nothing is known and nothing done', () => {
    expect(extrasOf(plan(linked({}, { organizations: ['ACME'] })))).toMatchObject([
      { kind: 'removeOrganization', before: { organization: 'ACME', id: '7' } },
    ]);
    expect(extrasOf(plan(linked({})))).toEqual([]);
  });

  it('a name that the source gives in two spellings is one', () => {
    expect(extrasOf(plan(linked(companies('acme', 'ACME'))))).toHaveLength(1);
  });

  it('additive: nobody is taken out', () => {
    const additive = settingsWith({
      mapping: { ...mapping, organizations: { ...attribute('companies'), create: false, mode: 'additive' } },
    });
    expect(extrasOf(plan(linked(companies('ACME'), { organizations: ['Old'] }, additive), additive))).toMatchObject([
      { kind: 'addOrganization' },
    ]);
  });

  it('one that does not exist is skipped, or created where the mapping says so; one of two is held', () => {
    const missing = plan(linked(companies('New')));
    expect(missing).toMatchObject({ operations: [], standing: 'skipped' });
    expect(codes(missing)).toEqual(['organizationMissing']);
    const creating = settingsWith({
      mapping: { ...mapping, organizations: { ...attribute('companies'), create: true, mode: 'managed' } },
    });
    expect(extrasOf(plan(linked(companies('New'), {}, creating), creating))).toMatchObject([
      { kind: 'addOrganization', after: { organization: 'New', id: null } },
    ]);
    expect(plan(linked(companies('Twice')))).toMatchObject({ operations: [], standing: 'held' });
  });

  it('leavers leave them where their groups are dropped', () => {
    const dropping = settingsWith({ mapping, lifecycle: { groupsOnDeactivate: 'drop' } });
    const leaver = member({ link: link({ organizations: ['ACME'] }) }, alice({}, false), dropping);
    expect(plan(leaver, dropping).operations.map(({ kind }) => kind)).toEqual(['deactivateUser', 'removeOrganization']);
    expect(plan(leaver).operations.map(({ kind }) => kind)).toEqual(['deactivateUser']);
  });
});

/** What the activities note on the link for a done operation. */
function noted(facts: Link, operations: readonly DraftOperation[]): Link {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const changes = operations.map(({ kind, before, after }) => {
    if (kind === 'setAvatar') return { lastPicture: text(after?.['picture']) };
    const value = after?.['value'];
    if (kind === 'setProperty') {
      return { property: { name: text(after?.['property']), value: typeof value === 'string' ? value : null } };
    }
    const name = text((after ?? before)?.['organization']);
    return { organization: { name, isMember: kind === 'addOrganization' } };
  });
  return { ...facts, ...mergeChanges(facts, changes) };
}

it('what was written once is not written again', () => {
  const attributes = fc.record(
    {
      team: fc.constantFrom('A', 'B', ''),
      photo: fc.constantFrom('abc', 'def'),
      companies: fc.subarray(['acme', 'ACME', 'Beta', 'twice']),
    },
    { requiredKeys: [] }
  );
  const known = fc.record({
    lastProperties: fc.constantFrom({}, { team: 'A' }, { team: null }),
    lastPicture: fc.constantFrom(null, fingerprint('abc')),
    organizations: fc.subarray(['ACME', 'Old', 'beta']),
  });
  let planned = 0;
  fc.assert(
    fc.property(attributes, known, fc.boolean(), (given, before, create) => {
      const settings = settingsWith({
        mapping: {
          ...mapping,
          organizations: { ...attribute('companies', { whenEmpty: 'clear' }), create, mode: 'managed' },
        },
      });
      const facts = linked(given, before, settings);
      const operations = extrasOf(plan(facts, settings));
      planned += operations.length;
      const after = { ...facts, link: noted(facts.link!, operations) };
      expect(extrasOf(plan(after, settings))).toEqual([]);
    })
  );
  expect(planned).toBeGreaterThan(0);
});
