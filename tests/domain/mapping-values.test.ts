import type { MappingSettings } from '../../domain/mapping-settings';
import { preparePerson, prepareUser } from '../../domain/prepare';
import { attribute, settingsWith } from '../support/decision-settings';
import { alice } from '../support/person';

const organizations = { ...attribute('companies'), create: false, mode: 'managed' } as const;
const prepared = (mapping: Partial<MappingSettings>, attributes = {}, active = true) =>
  prepareUser(alice(attributes, active), [], settingsWith({ mapping }));

describe('properties', () => {
  it('are wanted by key; a value that is to be cleared is null, one that is kept is not named', () => {
    const properties = {
      department: attribute('department'),
      phone: attribute('phone', { whenEmpty: 'clear' }),
      site: attribute('site'),
    };
    expect(prepared({ properties }, { department: ' R&D ' }).wanted?.properties).toEqual({
      department: 'R&D',
      phone: null,
    });
  });

  it('may be the same for everybody', () => {
    const { source: _, ...rule } = attribute('x');
    expect(prepared({ properties: { origin: { ...rule, constant: 'sync' } } }).wanted?.properties).toEqual({
      origin: 'sync',
    });
  });

  it('hold the person when a value cannot be written, and name the key', () => {
    const properties = { note: attribute('note') };
    expect(prepared({ properties }, { note: 'x'.repeat(5_000) }).standing).toBe('inScope');
    expect(prepared({ properties }, { note: 'x'.repeat(5_001) })).toMatchObject({
      standing: 'invalid',
      reasons: [{ code: 'attributeInvalid', params: { attribute: 'properties.note' } }],
    });
    expect(prepared({ properties }, { note: 'a\u0000b' }).standing).toBe('invalid');
  });
});

describe('avatar', () => {
  it.each([
    [{ photo: 'data' }, 'keepExisting', { set: 'data' }],
    [{}, 'keepExisting', 'keep'],
    [{}, 'clear', { set: null }],
  ] as const)('%j with whenEmpty %s', (attributes, whenEmpty, expected) => {
    expect(prepared({ avatar: attribute('photo', { whenEmpty }) }, attributes).wanted?.avatar).toEqual(expected);
  });
});

describe('organizations', () => {
  it('are every value of the attribute, each once', () => {
    expect(prepared({ organizations }, { companies: ['Acme', ' ', 'Beta', 'Acme'] }).wanted?.organizations).toEqual({
      set: ['Acme', 'Beta'],
    });
    expect(prepared({ organizations }, { companies: 'Acme' }).wanted?.organizations).toEqual({ set: ['Acme'] });
  });

  it('without a value are kept, or none where the rule says so', () => {
    expect(prepared({ organizations }).wanted?.organizations).toBe('keep');
    expect(prepared({ organizations: { ...organizations, whenEmpty: 'clear' } }).wanted?.organizations).toEqual({
      set: [],
    });
  });

  it('hold the person when one of them cannot be written', () => {
    expect(prepared({ organizations }, { companies: ['Acme', 'x'.repeat(256)] }).standing).toBe('invalid');
  });
});

describe('active', () => {
  const active = attribute('enabled');
  it.each([
    [{ enabled: false }, true, false],
    [{ enabled: 'true' }, false, true],
    [{}, true, true],
    [{}, false, false],
  ])('%j of somebody who is active: %s at the provider', (attributes, provided, expected) => {
    const person = preparePerson(alice(attributes, provided), [], settingsWith({ mapping: { active } }));
    expect(person.prepared.active).toBe(expected);
    expect(person.source).toEqual(alice(attributes, expected));
    expect(person.prepared.usernameKey).toBe(expected ? 'alice' : null);
  });

  it('is nothing but true or false: anything else holds the person', () => {
    expect(prepared({ active }, { enabled: 'yes' })).toMatchObject({ standing: 'invalid', active: true });
  });
});
