import { decodeScimCursor, encodeScimCursor } from '../../../domain/scim/cursor';
import { discoveryOf } from '../../../domain/scim/discovery';
import { scimKinds } from '../../../domain/scim/kinds';
import { parseListQuery } from '../../../domain/scim/list-query';
import { projectionOf } from '../../../domain/scim/projection';
import { compareSorted, sortKeyOf } from '../../../domain/scim/sort';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const kinds = scimKinds({ urn: 'urn:example:custom', attributes: { seats: 'integer' } });
const { User } = kinds;

const ANN = {
  schemas: [User.schema.id],
  id: 'u-1',
  userName: 'ann',
  name: { givenName: 'Ann', familyName: 'Lee' },
  emails: [
    { value: 'a@x', type: 'work' },
    { value: 'b@x', type: 'home', primary: true },
  ],
  [ENTERPRISE]: { department: 'D', division: 'V' },
};

describe('attributes and excludedAttributes (RFC 7644 3.4.2.5)', () => {
  const shown = (attributes: unknown, excludedAttributes?: unknown) =>
    projectionOf(User, { attributes, excludedAttributes }).apply(ANN);
  const always = { schemas: ANN.schemas, id: 'u-1' };

  it.each<[string | string[], object]>([
    ['userName', { userName: 'ann' }],
    ['USERNAME, name.givenName', { userName: 'ann', name: { givenName: 'Ann' } }],
    [['emails.value'], { emails: [{ value: 'a@x' }, { value: 'b@x' }] }],
    ['emails.value,emails', { emails: ANN.emails }],
    [`${ENTERPRISE}:department`, { [ENTERPRISE]: { department: 'D' } }],
    [ENTERPRISE, { [ENTERPRISE]: ANN[ENTERPRISE] }],
    ['nope', {}],
    ['a.b.c', {}],
  ])('attributes=%s shows that and what is always shown', (attributes, expected) => {
    expect(shown(attributes)).toEqual({ ...always, ...expected });
  });

  it.each<[string, object]>([
    ['id,schemas', ANN],
    ['name,emails,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', { ...always, userName: 'ann' }],
    [
      `name.familyName,emails,${ENTERPRISE}:division`,
      {
        ...always,
        userName: 'ann',
        name: { givenName: 'Ann' },
        [ENTERPRISE]: { department: 'D' },
      },
    ],
    ['', ANN],
  ])('excludedAttributes=%s hides that', (excluded, expected) => {
    expect(shown(undefined, excluded)).toEqual(expected);
  });

  it('tells whether an attribute is shown, so that members need not be read', () => {
    const shows = (attributes: unknown, excludedAttributes: unknown) =>
      projectionOf(kinds.Group, { attributes, excludedAttributes }).shows('members');
    expect([
      shows(undefined, undefined),
      shows(undefined, 'MEMBERS'),
      shows('displayName', undefined),
      shows('members.value', undefined),
    ]).toEqual([true, false, false, true]);
  });

  it('refuses both at once', () => {
    expect(() => shown('id', 'name')).toThrow(expect.objectContaining({ scimType: 'invalidValue' }));
  });
});

describe('list queries (RFC 7644 3.4.2.4, RFC 9865)', () => {
  it.each<[object, object]>([
    [{}, { place: { mode: 'index', startIndex: 1 }, count: 100, filter: null, sort: null }],
    [
      { startIndex: '6', count: '5' },
      { place: { mode: 'index', startIndex: 6 }, count: 5 },
    ],
    [
      { startindex: '0', COUNT: '-3' },
      { place: { mode: 'index', startIndex: 1 }, count: 0 },
    ],
    [
      { startIndex: 3, count: 100_000 },
      { place: { mode: 'index', startIndex: 3 }, count: 200 },
    ],
    [{ cursor: '' }, { place: { mode: 'cursor', cursor: null } }],
    [
      { cursor: 'abc', count: '7' },
      { place: { mode: 'cursor', cursor: 'abc' }, count: 7 },
    ],
    [{ sortBy: 'userName', sortOrder: 'Descending' }, { sort: { by: 'userName', descending: true } }],
    [{ aadOptscim062020: '', unknown: ['x'] }, { filter: null }],
  ])('%j', (given, expected) => {
    expect(parseListQuery({ ...given })).toMatchObject(expected);
  });

  it.each<[object, string]>([
    [{ filter: 'userName xx "a"' }, 'invalidFilter'],
    [{ filter: ['a', 'b'] }, 'invalidValue'],
    [{ startIndex: 'one' }, 'invalidValue'],
    [{ count: 1.5 }, 'invalidValue'],
    [{ cursor: 7 }, 'invalidCursor'],
    [{ cursor: '', count: '0' }, 'invalidCount'],
  ])('%j is refused with %s', (given, scimType) => {
    expect(() => parseListQuery({ ...given })).toThrow(expect.objectContaining({ scimType }));
  });

  it('gives cursors of unreserved characters that belong to one list', () => {
    const cursor = encodeScimCursor('User active eq true', { after: 1234 });
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeScimCursor('User active eq true', cursor)).toEqual({ after: 1234 });
    for (const wrong of ['', 'x', `${cursor}0000000000000000`]) {
      expect(() => decodeScimCursor('User active eq true', wrong)).toThrow('cursor');
    }
    expect(() => decodeScimCursor('User', cursor)).toThrow(expect.objectContaining({ scimType: 'invalidCursor' }));
  });
});

describe('sorting (RFC 7644 3.4.2.3)', () => {
  it.each([
    ['userName', 'ann'],
    ['name.familyName', 'lee'],
    ['emails', 'b@x'],
    ['emails.type', 'home'],
    [`${ENTERPRISE}:department`, 'd'],
    ['nickName', null],
    ['nope', null],
  ])('by %s takes %j', (by, expected) => {
    expect(sortKeyOf(User, { by, descending: false })(ANN)).toBe(expected);
  });

  it('puts what has no value last, and keeps one order among equals', () => {
    const rows = [null, 'b', 'a', 'b'].map((key, seq) => ({ key, seq }));
    const order = (descending: boolean) =>
      [...rows].sort((a, b) => compareSorted(a, b, descending)).map(({ seq }) => seq);
    expect(order(false)).toEqual([2, 1, 3, 0]);
    expect(order(true)).toEqual([0, 1, 3, 2]);
  });

  it.each(['name', 'a b', 'emails.nope'])('refuses %s', (by) => {
    expect(() => sortKeyOf(User, { by, descending: false })).toThrow(
      expect.objectContaining({ scimType: 'invalidValue' })
    );
  });
});

describe('discovery (RFC 7643 5 to 7)', () => {
  const { serviceProviderConfig, resourceTypes, schemas } = discoveryOf(kinds, 'https://host/scim/v2/corp');

  it('lists the schemas of users, groups and both extensions, each attribute with all its properties', () => {
    expect(schemas.map(({ id }) => id)).toEqual([
      User.schema.id,
      ENTERPRISE,
      'urn:example:custom',
      kinds.Group.schema.id,
    ]);
    const listed = JSON.stringify(schemas);
    for (const name of ['userName', 'emails', 'manager', 'seats', 'members'])
      expect(listed).toContain(`"name":"${name}"`);
    expect(listed).not.toContain('password');
    expect(listed).not.toContain('null');
  });

  it('advertises what works and nothing else', () => {
    expect(serviceProviderConfig).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 200 },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      pagination: { cursor: true, index: true, defaultPaginationMethod: 'index' },
    });
    expect(resourceTypes.map(({ endpoint }) => endpoint)).toEqual(['/Users', '/Groups']);
  });
});
