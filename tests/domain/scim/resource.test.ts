import { ScimError } from '../../../domain/scim/error';
import { keysOf } from '../../../domain/scim/keys';
import { scimKinds } from '../../../domain/scim/kinds';
import { checkResource, normaliseResource, schemasOf } from '../../../domain/scim/resource';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const { User, Group } = scimKinds(null);
const user = (body: object) => normaliseResource(User, body);

describe('a body as clients send it', () => {
  it.each<[string, object, object]>([
    ['names in any case', { USERNAME: 'a', Name: { GIVENNAME: 'A' } }, { userName: 'a', name: { givenName: 'A' } }],
    [
      'truth values as texts',
      { active: 'False', roles: [{ primary: 'True', value: 'v' }] },
      {
        active: false,
        roles: [{ primary: true, value: 'v' }],
      },
    ],
    ['null and empty texts', { title: null, nickName: '', emails: null, name: { givenName: '' } }, {}],
    ['empty lists', { roles: [], emails: [{ type: 'work', value: '' }] }, {}],
    ['one value for a list', { emails: { value: 'a@b', type: 'work' } }, { emails: [{ value: 'a@b', type: 'work' }] }],
    ['bare values in a list', { emails: ['a@b'] }, { emails: [{ value: 'a@b' }] }],
    ['a list for one value', { name: [{ givenName: 'A' }] }, { name: { givenName: 'A' } }],
    ['numbers as texts', { [ENTERPRISE]: { employeeNumber: 701984 } }, { [ENTERPRISE]: { employeeNumber: '701984' } }],
    ['dotted keys', { 'name.familyName': 'B', 'name.givenName': 'A' }, { name: { familyName: 'B', givenName: 'A' } }],
    ['keys with the URN', { [`${ENTERPRISE}:department`]: 'D' }, { [ENTERPRISE]: { department: 'D' } }],
    ['the URN in any case', { [ENTERPRISE.toUpperCase()]: { DEPARTMENT: 'D' } }, { [ENTERPRISE]: { department: 'D' } }],
    [
      'URNs of version 1',
      { 'urn:scim:schemas:extension:enterprise:1.0': { department: 'D' } },
      {
        [ENTERPRISE]: { department: 'D' },
      },
    ],
    [
      'a manager as a list',
      { manager: [{ value: 'm', $ref: '../Users/m' }] },
      {
        [ENTERPRISE]: { manager: { value: 'm', $ref: '../Users/m' } },
      },
    ],
    ['a manager as a text', { [ENTERPRISE]: { manager: 'm' } }, { [ENTERPRISE]: { manager: { value: 'm' } } }],
    ['a managerId', { [ENTERPRISE]: { manager: { managerId: 'm' } } }, { [ENTERPRISE]: { manager: { value: 'm' } } }],
    [
      'several primary values',
      {
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: true },
        ],
      },
      {
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: false },
        ],
      },
    ],
    ['what nobody may write', { id: 'x', meta: { created: 'y' }, groups: [{ value: 'g' }], schemas: ['z'] }, {}],
    ['what nobody knows', { password2: 'x', urn: 1, 'a.b.c': 1, __proto__x: 1, 'urn:other:x': { y: 1 } }, {}],
    [
      'values kept as they are',
      { userName: ' Ann ', phoneNumbers: [{ value: '+1 (2) 3' }] },
      {
        userName: ' Ann ',
        phoneNumbers: [{ value: '+1 (2) 3' }],
      },
    ],
  ])('takes %s', (_, body, expected) => {
    expect(user(body)).toEqual(expected);
  });

  it('never takes a password (rules 5.4)', () => {
    expect(JSON.stringify(user({ userName: 'a', password: 'hunter2', Password: 'hunter2' }))).not.toContain('hunter2');
  });

  it.each<[object]>([
    [{ userName: { a: 1 } }],
    [{ active: 'maybe' }],
    [{ emails: [{ value: { a: 1 } }] }],
    [{ name: 'Ann' }],
    [{ title: 'x'.repeat(40_000) }],
    [{ emails: Array.from({ length: 501 }, () => ({ value: 'a' })) }],
  ])('refuses %j with invalidValue', (body) => {
    expect(() => user(body)).toThrow(expect.objectContaining({ status: 400, scimType: 'invalidValue' }));
  });

  it.each([null, 'x', 7, [], [{}]])('refuses %j, which is no object', (body) => {
    expect(() => normaliseResource(User, body)).toThrow(expect.objectContaining({ scimType: 'invalidSyntax' }));
  });

  it('does not repeat what was sent in what it says', () => {
    const sent = (): unknown => user({ active: 'very-secret' });
    expect(sent).toThrow(ScimError);
    expect(sent).not.toThrow('very-secret');
  });
});

describe('the name of a resource', () => {
  it.each([{}, { userName: '  ' }, { userName: 'x'.repeat(1_025) }])('is required and bounded: %j', (resource) => {
    expect(() => checkResource(User, resource)).toThrow(expect.objectContaining({ scimType: 'invalidValue' }));
  });

  it('is the displayName of a group', () => {
    expect(checkResource(Group, { displayName: 'Team' })).toEqual({ displayName: 'Team' });
    expect(() => checkResource(Group, { externalId: 'x' })).toThrow('displayName is required');
  });
});

describe('keys', () => {
  it('fold names and addresses, never the external id', () => {
    const resource = user({ userName: 'Zoe\u0308@Example.com', externalId: 'A', emails: ['X@y', 'x@Y', 'İ@y'] });
    expect(keysOf(User, resource)).toEqual({
      name: 'zoë@example.com',
      externalId: 'A',
      emails: ['x@y', 'i\u0307@y'],
    });
  });

  it('name the schemas that have attributes', () => {
    expect(schemasOf(User, user({ userName: 'a' }))).toEqual([User.schema.id]);
    expect(schemasOf(User, user({ department: 'D' }))).toEqual([User.schema.id, ENTERPRISE]);
  });
});
