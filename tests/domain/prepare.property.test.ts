import fc from 'fast-check';
import type { AttributeRule, MappingSettings, Transform } from '../../domain/mapping-settings';
import type { AttributeRecord, SourceGroup } from '../../domain/model';
import { prepareUser } from '../../domain/prepare';
import { tryPerson } from '../../domain/try-person';
import { isUsername } from '../../domain/username';
import { attribute, settingsWith } from '../support/decision-settings';

const NAMES = ['login', 'mail', 'a.b', 'flag', 'list', 'nobody'];
const EXPRESSIONS = [
  "user.login + '@' + user.mail",
  "user.list.map(x, x + '!')",
  'user.flag ? user.login : existing.username',
  "Switch(groups.size(), 'none', 1, 'one')",
  '1 / size(user.mail)',
  "RegexReplace(user.mail, '(a*b)?', '$0$0')",
  'link.state',
];
const CONDITIONS = ['', 'user.flag', "'g1' in groups", 'user.login > 3', "existing.username != ''"];

const transforms: fc.Arbitrary<readonly Transform[]> = fc.array(
  fc.constantFrom<Transform>(
    { type: 'trim' },
    { type: 'stripDomain' },
    { type: 'guestUpn' },
    { type: 'transliterate' },
    { type: 'first' },
    { type: 'prefix', value: 'x ' },
    { type: 'regexExtract', pattern: '^(\\w+)' },
    { type: 'table', table: { a: 'b', true: 'false' } },
    { type: 'default', value: 'false' },
    { type: 'split', separator: 'a' },
    { type: 'boolean', true: ['a', '1'], false: ['b'] }
  ),
  { maxLength: 4 }
);
const rule: fc.Arbitrary<AttributeRule> = fc
  .record({
    form: fc.oneof(
      fc.constantFrom(...NAMES).map((source) => ({ source })),
      fc.constantFrom(...EXPRESSIONS).map((expression) => ({ expression })),
      fc.constant({ constant: 'fix' })
    ),
    rest: fc.record({
      fallback: fc.subarray(NAMES),
      transforms,
      whenEmpty: fc.constantFrom('keepExisting', 'clear', 'excludeUser', 'outOfScope'),
      whenNoMatch: fc.constantFrom('keepUntransformed', 'keepExisting', 'clear', 'excludeUser', 'outOfScope'),
      whenInvalid: fc.constantFrom('holdUser', 'keepExisting', 'excludeUser'),
    }),
  })
  .map(({ form, rest }) => {
    const { source: _, ...defaults } = attribute('none');
    return { ...defaults, ...rest, ...form };
  });
const mapping: fc.Arbitrary<MappingSettings> = fc.record(
  {
    username: rule,
    email: rule,
    displayName: rule,
    active: rule,
    avatar: rule,
    properties: fc.dictionary(fc.constantFrom('p', 'q'), rule),
    organizations: rule.map((one) => ({ ...one, create: true, mode: 'managed' as const })),
  },
  { requiredKeys: ['username', 'email', 'displayName'] }
);
const value = fc.oneof(fc.jsonValue(), fc.constantFrom('a@b.c', 'ada_corp.com#EXT#@t', ['a', 'b'], true, ' '));
const attributes = fc.dictionary(fc.constantFrom(...NAMES), value) as fc.Arbitrary<AttributeRecord>;
const groups: fc.Arbitrary<readonly SourceGroup[]> = fc.array(
  fc.record({ externalId: fc.constantFrom('1', '2'), name: fc.constantFrom('g1', 'g2'), attributes }),
  { maxLength: 3 }
);
const scope = fc.record({
  where: fc.constantFrom(...CONDITIONS),
  requiredGroups: fc.subarray(['g1', { expression: "group.login == 'a'" }, { expression: 'group.mail > 1' }]),
});
const known = fc.record({
  existing: fc.constantFrom(null, { username: 'old' }),
  link: fc.constantFrom(null, { state: 'active' }),
});

describe('any configuration and any person', () => {
  it('have an answer, the same every time, and nothing that cannot be written is ever wanted', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        mapping,
        scope,
        groups,
        attributes,
        fc.boolean(),
        known,
        (map, within, memberOf, held, active, about) => {
          const settings = settingsWith({
            mapping: map,
            scope: within,
            groups: { transforms: [{ type: 'lowercase' }], alwaysAdd: [{ group: 'l', when: within.where }] },
          });
          const user = { externalId: 'x', active, attributes: held };
          const prepared = prepareUser(user, memberOf, settings, about);
          expect(prepareUser(structuredClone(user), structuredClone(memberOf), settings, about)).toEqual(prepared);
          expect(tryPerson({ user, groups: memberOf }, settings, about).person.standing).toBe(prepared.standing);
          expect(prepared.wanted === null).toBe(prepared.standing !== 'inScope');
          if (prepared.standing !== 'inScope') expect(prepared.reasons.length).toBeGreaterThan(0);
          if (prepared.wanted !== null) expect(isUsername(prepared.wanted.username)).toBe(true);
          seen.add(prepared.standing);
        }
      ),
      { numRuns: 1_000 }
    );
    expect([...seen].sort()).toEqual(['excluded', 'inScope', 'invalid', 'outOfScope']);
  });
});
