import { isEmailAddress } from '../../domain/email-address';
import { mapAttribute } from '../../domain/mapping';
import type { AttributeRecord, SourceUser } from '../../domain/model';
import { textAt, valueAt } from '../../domain/paths';
import { applyTransforms } from '../../domain/transforms';
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

describe('transforms', () => {
  it('are applied in their order', () => {
    const steps = [
      { type: 'trim' },
      { type: 'stripDomain' },
      { type: 'lowercase' },
      { type: 'prefix', value: 'x-' },
    ] as const;
    expect(applyTransforms(' Alice@Corp.com ', steps)).toBe('x-alice');
    expect(applyTransforms('alice', [{ type: 'suffix', value: '@corp.com' }, { type: 'stripDomain' }])).toBe('alice');
  });

  it('nothing stays nothing: a prefix makes no name out of it', () => {
    expect(applyTransforms('@corp.com', [{ type: 'stripDomain' }, { type: 'prefix', value: 'x-' }])).toBe('');
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

  it('a value that the transforms empty is empty', () => {
    const rule = { transforms: [{ type: 'stripDomain' }], whenEmpty: 'excludeUser' } as const;
    expect(name(rule, { login: '@corp.com' })).toMatchObject({ standing: 'excluded' });
  });
});
