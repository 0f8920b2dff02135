import type { AttributeRecord } from '../../../domain/model';
import { ScimError } from '../../../domain/scim/error';
import { scimKinds } from '../../../domain/scim/kinds';
import { applyPatch } from '../../../domain/scim/patch';
import { parsePatch } from '../../../domain/scim/patch-request';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const { User } = scimKinds(null);

const ANN: AttributeRecord = {
  userName: 'ann',
  displayName: 'Ann Lee',
  active: true,
  title: 'Guide',
  name: { givenName: 'Ann', familyName: 'Lee' },
  emails: [
    { value: 'ann@work.example', type: 'work', primary: true },
    { value: 'ann@home.example', type: 'home' },
  ],
};
const [WORK, HOME] = ANN['emails'] as readonly AttributeRecord[];

const patch = (before: AttributeRecord, ...operations: readonly object[]): AttributeRecord =>
  applyPatch(User, before, parsePatch(User, { Operations: operations }));

function refusal(...operations: readonly object[]): unknown {
  try {
    return patch(ANN, ...operations);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return [error.status, error.scimType];
  }
}

describe('add (RFC 7644 3.5.2.1)', () => {
  it.each<[string, object, AttributeRecord]>([
    ['sets a single value', { path: 'nickName', value: 'Babs' }, { nickName: 'Babs' }],
    ['replaces a single value', { path: 'title', value: 'Lead' }, { title: 'Lead' }],
    [
      'sets a sub-attribute',
      { path: 'name.middleName', value: 'M' },
      { name: { ...(ANN['name'] as object), middleName: 'M' } },
    ],
    [
      'merges a complex value',
      { path: 'name', value: { familyName: 'Ray' } },
      { name: { givenName: 'Ann', familyName: 'Ray' } },
    ],
    [
      'appends to a list',
      { path: 'emails', value: [{ value: 'c@x', type: 'other' }] },
      {
        emails: [WORK!, HOME!, { value: 'c@x', type: 'other' }],
      },
    ],
    ['adds a value of a list once', { path: 'emails', value: { value: 'ann@home.example', type: 'home' } }, {}],
    [
      'moves "primary"',
      { path: 'emails', value: { value: 'ann@home.example', primary: true } },
      {
        emails: [
          { ...WORK, primary: false },
          { ...HOME, primary: true },
        ],
      },
    ],
    [
      'works without a path',
      { value: { nickName: 'B', emails: [{ value: 'c@x' }] } },
      {
        nickName: 'B',
        emails: [WORK!, HOME!, { value: 'c@x' }],
      },
    ],
    [
      'changes chosen elements',
      { path: 'emails[type eq "home"].display', value: 'H' },
      {
        emails: [WORK!, { ...HOME, display: 'H' }],
      },
    ],
    [
      'makes the element that a path asks for',
      { path: 'addresses[type eq "work"].formatted', value: '18/2111' },
      {
        addresses: [{ type: 'work', formatted: '18/2111' }],
      },
    ],
    [
      'reaches extensions',
      { path: `${ENTERPRISE}:department`, value: 'Retail' },
      { [ENTERPRISE]: { department: 'Retail' } },
    ],
    [
      'takes a manager as a list',
      { path: 'manager', value: [{ value: 'm' }] },
      { [ENTERPRISE]: { manager: { value: 'm' } } },
    ],
    [
      'takes an extension as a whole',
      { path: ENTERPRISE, value: { division: 'D' } },
      { [ENTERPRISE]: { division: 'D' } },
    ],
  ])('%s', (_, operation, changes) => {
    expect(patch(ANN, { op: 'Add', ...operation })).toEqual({ ...ANN, ...changes });
  });
});

describe('replace (RFC 7644 3.5.2.3)', () => {
  it.each<[string, object, AttributeRecord]>([
    ['sets a value that was not there', { path: 'nickName', value: 'B' }, { nickName: 'B' }],
    ['replaces a whole list', { path: 'emails', value: [{ value: 'n@x' }] }, { emails: [{ value: 'n@x' }] }],
    [
      'changes chosen elements',
      { path: 'emails[type eq "work"].value', value: 'n@x' },
      {
        emails: [{ ...WORK, value: 'n@x' }, HOME!],
      },
    ],
    [
      'changes a chosen element as a whole',
      { path: 'emails[type eq "work"]', value: { value: 'n@x' } },
      {
        emails: [{ ...WORK, value: 'n@x' }, HOME!],
      },
    ],
    [
      'keeps sub-attributes that are not named',
      { path: 'name', value: { familyName: 'Ray' } },
      {
        name: { givenName: 'Ann', familyName: 'Ray' },
      },
    ],
    ['takes truth values as texts', { path: 'active', value: 'False' }, { active: false }],
    [
      'takes a dotted name as a key',
      { value: { 'name.givenName': 'Kkom', 'name.familyName': 'Unua' } },
      {
        name: { givenName: 'Kkom', familyName: 'Unua' },
      },
    ],
    [
      'takes a value path as a key',
      { value: { 'emails[type eq "work"].value': 'n@x' } },
      {
        emails: [{ ...WORK, value: 'n@x' }, HOME!],
      },
    ],
    [
      'takes a URN in a key',
      { value: { [`${ENTERPRISE}:employeeNumber`]: 'Aklq' } },
      {
        [ENTERPRISE]: { employeeNumber: 'Aklq' },
      },
    ],
    [
      'takes an extension as a key',
      { value: { [ENTERPRISE]: { costCenter: 'C' } } },
      { [ENTERPRISE]: { costCenter: 'C' } },
    ],
    [
      'skips what cannot be written in a value without a path',
      { value: { id: 'x', meta: {}, groups: [], active: false } },
      {
        active: false,
      },
    ],
    [
      'makes the element that a path asks for',
      { path: 'phoneNumbers[type eq "mobile"].value', value: '+1' },
      {
        phoneNumbers: [{ type: 'mobile', value: '+1' }],
      },
    ],
    ['skips schemas that are not known', { path: 'urn:other:2.0:User:thing', value: 'x' }, {}],
  ])('%s', (_, operation, changes) => {
    expect(patch(ANN, { op: 'replace', ...operation })).toEqual({ ...ANN, ...changes });
  });

  it.each([null, '', []])('clears an attribute with %j', (value) => {
    expect(patch(ANN, { op: 'replace', path: 'title', value })).not.toHaveProperty('title');
    expect(patch(ANN, { op: 'replace', path: 'emails', value })).not.toHaveProperty('emails');
  });

  it('removes a manager with an empty value', () => {
    const led = { ...ANN, [ENTERPRISE]: { manager: { value: 'm' } } };
    expect(patch(led, { op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: '' } })).toEqual(ANN);
  });
});

describe('remove (RFC 7644 3.5.2.2)', () => {
  it.each<[string, object, AttributeRecord]>([
    ['a sub-attribute', { path: 'name.givenName' }, { name: { familyName: 'Lee' } }],
    ['chosen elements', { path: 'emails[type eq "work"]' }, { emails: [HOME!] }],
    [
      'the elements of a list of values',
      { path: 'emails', value: [{ value: 'ann@home.example' }] },
      { emails: [WORK!] },
    ],
    [
      'an element with its value, whatever value is sent along',
      { path: 'emails[type eq "work"].value', value: 'o@x' },
      {
        emails: [HOME!],
      },
    ],
    ['nothing where nothing is chosen', { path: 'emails[type eq "other"]' }, {}],
  ])('removes %s', (_, operation, changes) => {
    expect(patch(ANN, { op: 'remove', ...operation })).toEqual({ ...ANN, ...changes });
  });

  it('removes an attribute, and a list with its last element', () => {
    expect(patch(ANN, { op: 'remove', path: 'title' }, { op: 'remove', path: 'emails' })).toEqual({
      userName: 'ann',
      displayName: 'Ann Lee',
      active: true,
      name: ANN['name'],
    });
    expect(patch(ANN, { op: 'remove', path: 'emails[value pr]' })).not.toHaveProperty('emails');
  });
});

describe('several operations', () => {
  it('are applied in order', () => {
    const after = patch(
      ANN,
      { op: 'remove', path: 'displayName' },
      { op: 'add', path: 'displayName', value: 'mid' },
      { op: 'replace', path: 'displayName', value: 'final' }
    );
    expect(after['displayName']).toBe('final');
  });

  it('fill one element, whose filter has a truth value as a text', () => {
    const set = (part: string, value: string) => ({ op: 'add', path: `roles[primary eq "True"].${part}`, value });
    const after = patch(ANN, set('display', 'D'), set('value', 'V'), set('type', 'T'));
    expect(after['roles']).toEqual([{ primary: true, display: 'D', value: 'V', type: 'T' }]);
  });

  it('change nothing when one of them fails', () => {
    const before = structuredClone(ANN);
    expect(refusal({ op: 'replace', path: 'title', value: 'x' }, { op: 'add', path: 'nope', value: 1 })).toEqual([
      400,
      'invalidPath',
    ]);
    expect(ANN).toEqual(before);
  });
});

describe('refusals', () => {
  it.each<[string, object]>([
    ['noTarget', { op: 'remove' }],
    ['invalidSyntax', { op: 'merge', path: 'title', value: 'x' }],
    ['invalidSyntax', { path: 'title', value: 'x' }],
    ['invalidPath', { op: 'add', path: 'emails[type eq', value: 'x' }],
    ['invalidPath', { op: 'add', path: 'emails[type ~ "x"].value', value: 'x' }],
    ['invalidPath', { op: 'add', path: 'name.nope', value: 'x' }],
    ['invalidPath', { op: 'add', path: 'title[value eq "x"]', value: 'x' }],
    ['invalidPath', { op: 'add', path: 7, value: 'x' }],
    ['mutability', { op: 'replace', path: 'id', value: 'x' }],
    ['mutability', { op: 'remove', path: 'meta.version' }],
    ['invalidValue', { op: 'add', path: 'active', value: 'maybe' }],
    ['invalidValue', { op: 'add', path: 'title' }],
    ['invalidValue', { op: 'add', value: 'x' }],
    ['invalidFilter', { op: 'add', path: 'emails[primary gt true].value', value: 'x' }],
  ])('%s: %j', (scimType, operation) => {
    expect(refusal(operation)).toEqual([400, scimType]);
  });

  it.each([{}, { Operations: [] }, { Operations: 'x' }, { Operations: [7] }, [], null])(
    'invalidSyntax for the body %j',
    (body) => {
      expect(() => parsePatch(User, body)).toThrow(expect.objectContaining({ scimType: 'invalidSyntax' }));
    }
  );

  it('takes "operations" in any case, and one operation for a list', () => {
    const [operation] = parsePatch(User, { operations: { OP: 'REPLACE', Path: 'title', Value: 'x' } });
    expect(operation).toMatchObject({ op: 'replace', value: 'x' });
  });
});
