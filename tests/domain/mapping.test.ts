import { isEmailAddress } from '../../domain/email-address';
import { mapAttribute } from '../../domain/mapping';
import type { AttributeRecord, SourceUser } from '../../domain/model';
import { textAt, valueAt } from '../../domain/paths';
import type { AttributeRule } from '../../domain/settings';
import { isUsername } from '../../domain/username';
import { attribute } from '../support/decision-settings';

const user = (attributes: AttributeRecord): SourceUser => ({ externalId: 'x-1', active: true, attributes });
const name = (rule: Partial<AttributeRule>, attributes: AttributeRecord): unknown =>
  mapAttribute('username', attribute('login', rule), user(attributes));
const mail = (rule: Partial<AttributeRule>, attributes: AttributeRecord): unknown =>
  mapAttribute('email', attribute('mail', rule), user(attributes));

describe('paths', () => {
  const nested = user({
    profile: { login: 'inner', deep: { a: 1 } },
    'profile.login': 'flat',
    'urn:ext:2.0:User': { department: 'R&D' },
    mails: [{ value: 'first@corp.com' }, { value: 'second@corp.com' }],
    list: ['one', 'two'],
    yes: true,
    blank: '  ',
    nothing: null,
  });
  it.each([
    ['profile.login', 'flat'],
    ['profile.deep.a', '1'],
    ['urn:ext:2.0:User.department', 'R&D'],
    ['mails.1.value', 'second@corp.com'],
    ['mails.value', 'first@corp.com'],
    ['list', 'one'],
    ['list.1', 'two'],
    ['yes', 'true'],
    ['blank', null],
    ['nothing', null],
    ['profile', null],
    ['profile.unknown', null],
    ['active', 'true'],
    ['externalId', 'x-1'],
    ['constructor', null],
    ['__proto__.toString', null],
  ])('%s is %s', (path, expected) => {
    expect(textAt(nested, path)).toBe(expected);
  });

  it('an attribute called like one of the own fields wins', () => {
    expect(valueAt(user({ externalId: 'other' }), 'externalId')).toBe('other');
  });
});

describe('rule 1.5: usernames', () => {
  it.each([
    ['alice', true],
    ['alice@corp.com', true],
    ['Ärger.ß', true],
    ['a'.repeat(255), true],
    ['a'.repeat(256), false],
    ['a<b', false],
    ['a>b', false],
    ['a&b', false],
    ['a b', false],
    ['a\u00a0b', false],
    ['a\tb', false],
    ['a\ud800', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(isUsername(text)).toBe(expected);
  });
});

describe('e-mail addresses', () => {
  it.each([
    ['alice@corp.com', true],
    ["o'neil+jira@sub.corp.com", true],
    ['müller@größe.de', true],
    ['root@localhost', true],
    ['alice', false],
    ['@corp.com', false],
    ['alice@', false],
    ['a@b@corp.com', false],
    ['.alice@corp.com', false],
    ['alice.@corp.com', false],
    ['al..ice@corp.com', false],
    ['alice@corp..com', false],
    ['alice@-corp.com', false],
    ['alice@corp_x.com', false],
    ['al ice@corp.com', false],
    ['<alice@corp.com>', false],
    ['a@corp.com,b@corp.com', false],
    [`${'a'.repeat(65)}@corp.com`, false],
    [`alice@${'a.'.repeat(130)}com`, false],
  ])('%s: %s', (text, expected) => {
    expect(isEmailAddress(text)).toBe(expected);
  });

  it('a long hostile text ends at once', () => {
    expect(isEmailAddress(`${'a.'.repeat(200_000)}@`)).toBe(false);
  });
});

describe('mapAttribute', () => {
  it('takes the first source with a value, then the fallbacks in their order', () => {
    const rule = { fallback: ['upn', 'mail'] };
    expect(name(rule, { login: 'a', upn: 'b' })).toEqual({ kind: 'value', text: 'a' });
    expect(name(rule, { login: ' ', upn: null, mail: 'c' })).toEqual({ kind: 'value', text: 'c' });
  });

  it('rule 1.5: writes names in composed form and trims addresses, but no blank of a username', () => {
    expect(name({}, { login: 'Mu\u0308ller' })).toEqual({ kind: 'value', text: 'M\u00fcller' });
    expect(mail({}, { mail: ' a@corp.com ' })).toEqual({ kind: 'value', text: 'a@corp.com' });
    expect(name({}, { login: 'alice ' })).toMatchObject({ kind: 'standing', standing: 'invalid' });
  });

  it.each([
    ['keepExisting', { kind: 'keep' }],
    ['clear', { kind: 'clear' }],
    ['excludeUser', { kind: 'standing', standing: 'excluded' }],
    ['outOfScope', { kind: 'standing', standing: 'outOfScope' }],
  ] as const)('whenEmpty %s', (whenEmpty, expected) => {
    expect(mail({ whenEmpty }, {})).toMatchObject(expected);
  });

  it.each([
    ['holdUser', { kind: 'standing', standing: 'invalid' }],
    ['keepExisting', { kind: 'keep' }],
    ['excludeUser', { kind: 'standing', standing: 'excluded' }],
  ] as const)('whenInvalid %s', (whenInvalid, expected) => {
    expect(mail({ whenInvalid }, { mail: 'no address' })).toMatchObject(expected);
  });

  it('rule 3.2: a username cannot be kept or cleared, so the user is excluded', () => {
    for (const whenEmpty of ['keepExisting', 'clear'] as const) {
      expect(name({ whenEmpty }, {})).toMatchObject({ kind: 'standing', standing: 'excluded' });
    }
    expect(name({ whenInvalid: 'keepExisting' }, { login: 'a b' })).toMatchObject({ standing: 'excluded' });
  });

  it.each([
    ['keepUntransformed', { kind: 'value', text: 'a@corp.com' }],
    ['keepExisting', { kind: 'keep' }],
    ['clear', { kind: 'clear' }],
    ['excludeUser', { kind: 'standing', standing: 'excluded', reason: { code: 'attributeNoMatch', rule: '3.2' } }],
    ['outOfScope', { kind: 'standing', standing: 'outOfScope', reason: { params: { attribute: 'email' } } }],
  ] as const)('whenNoMatch %s', (whenNoMatch, expected) => {
    const transforms = [{ type: 'regexReplace', pattern: '@old$', replacement: '@new' }] as const;
    expect(mail({ whenNoMatch, transforms }, { mail: 'a@corp.com' })).toMatchObject(expected);
    expect(mail({ whenNoMatch, transforms }, { mail: 'a@old' })).toEqual({ kind: 'value', text: 'a@new' });
    const nothing = mail({ whenNoMatch, transforms, whenEmpty: 'clear' }, {});
    expect(nothing).toEqual({ kind: 'clear' });
  });

  it('whenNoMatch says nothing where a later step has a value for it', () => {
    const transforms = [
      { type: 'regexExtract', pattern: '^x(.+)' },
      { type: 'default', value: 'nobody@corp.com' },
    ] as const;
    expect(mail({ whenNoMatch: 'excludeUser', transforms }, { mail: 'a@corp.com' })).toEqual({
      kind: 'value',
      text: 'nobody@corp.com',
    });
  });

  it('whenNoMatch is excludeUser for a username and keepUntransformed for the rest, where nothing is said', () => {
    const transforms = [{ type: 'table', table: { a: 'b' } }] as const;
    expect(name({ transforms }, { login: 'x' })).toMatchObject({ standing: 'excluded' });
    expect(mail({ transforms }, { mail: 'x@y' })).toEqual({ kind: 'value', text: 'x@y' });
  });

  it('a username that may not be cleared is excluded when nothing matches', () => {
    const transforms = [{ type: 'table', table: {} }] as const;
    expect(name({ transforms, whenNoMatch: 'clear' }, { login: 'x' })).toMatchObject({ standing: 'excluded' });
  });

  it('a value that the transforms empty is empty', () => {
    const rule = { transforms: [{ type: 'stripDomain' }], whenEmpty: 'excludeUser' } as const;
    expect(name(rule, { login: '@corp.com' })).toMatchObject({
      standing: 'excluded',
      reason: { code: 'attributeEmpty' },
    });
  });

  it('an expression stands in place of a source; its fallbacks and transforms follow', () => {
    const { source: _, ...rest } = attribute('none');
    const rule = { ...rest, expression: "user.a + '@' + user.b", fallback: ['mail'] };
    const of = (attributes: AttributeRecord): unknown => mapAttribute('email', rule, user(attributes));
    expect(of({ a: 'ada', b: 'corp.com' })).toEqual({ kind: 'value', text: 'ada@corp.com' });
    expect(of({ a: 'ada', mail: 'other@corp.com' })).toEqual({ kind: 'value', text: 'other@corp.com' });
    expect(of({ a: 'ada' })).toEqual({ kind: 'keep' });
  });

  it('an expression that fails is an invalid value, also one that gives a record', () => {
    const { source: _, ...rest } = attribute('none');
    for (const expression of ['1 / 0', "{'a': 1}", 'user.']) {
      expect(mapAttribute('email', { ...rest, expression }, user({}))).toMatchObject({
        standing: 'invalid',
        reason: { code: 'mappingFailed', rule: '7', params: { attribute: 'email' } },
      });
    }
  });

  it('an expression sees groups, what exists and the link', () => {
    const { source: _, ...rest } = attribute('none');
    const rule = { ...rest, expression: "existing.email != null ? existing.email : groups[0] + '@' + link.state" };
    const context = { groups: ['dev'], existing: { email: null }, link: { state: 'active' } };
    expect(mapAttribute('email', rule, user({}), context)).toEqual({ kind: 'value', text: 'dev@active' });
    expect(mapAttribute('email', rule, user({}))).toEqual({ kind: 'keep' });
  });

  it('tells every step', () => {
    const traces: unknown[] = [];
    const transforms = [{ type: 'stripDomain' }, { type: 'table', table: { x: 'y' } }] as const;
    const rule = attribute('login', { transforms, fallback: ['upn'], whenNoMatch: 'keepUntransformed' });
    mapAttribute('username', rule, user({ upn: 'ada@corp.com' }), { note: (trace) => traces.push(trace) });
    expect(traces).toEqual([
      {
        attribute: 'username',
        steps: [
          { step: 'source', before: ['login'], after: [] },
          { step: 'source', before: ['upn'], after: ['ada@corp.com'] },
          { step: 'stripDomain', before: ['ada@corp.com'], after: ['ada'], matched: true },
          { step: 'table', before: ['ada'], after: ['ada'], matched: false },
        ],
        result: { kind: 'values', texts: ['ada'] },
      },
    ]);
  });
});
