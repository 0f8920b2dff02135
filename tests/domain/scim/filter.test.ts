import { compileFilter } from '../../../domain/scim/evaluate';
import { ScimError } from '../../../domain/scim/error';
import { parseFilter } from '../../../domain/scim/filter';
import { scimKinds } from '../../../domain/scim/kinds';
import { lookupOf } from '../../../domain/scim/lookup';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const { User, Group } = scimKinds({ urn: 'urn:example:custom', attributes: { seats: 'integer', vip: 'boolean' } });

const BABS = {
  id: 'u-1',
  externalId: 'HR-7',
  userName: 'bjensen@Example.com',
  displayName: 'Babs "B" Jensen',
  active: true,
  title: 'Tour Guide',
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  emails: [
    { value: 'bjensen@example.com', type: 'work', primary: true },
    { value: 'babs@home.example', type: 'home' },
  ],
  roles: [{ value: 'guide', primary: true }],
  meta: { resourceType: 'User', lastModified: '2026-03-01T10:00:00.000Z' },
  [ENTERPRISE]: { department: 'Tours', manager: { value: '26118915' } },
  'urn:example:custom': { seats: 3, vip: false },
};

const matches = (filter: string): boolean => compileFilter(User, parseFilter(filter))(BABS);

function refusal(filter: string): string | null {
  try {
    compileFilter(User, parseFilter(filter));
    return null;
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return error.scimType;
  }
}

describe('filters (RFC 7644 3.4.2.2)', () => {
  it.each([
    ['userName eq "BJENSEN@example.COM"', true],
    ['USERNAME Eq "bjensen@example.com"', true],
    ['userName ne "other"', true],
    ['userName sw "bjen"', true],
    ['userName ew ".com"', true],
    ['userName co "@EXAMPLE"', true],
    ['title pr', true],
    ['nickName pr', false],
    ['nickName ne "x"', true],
    ['title gt "Tour"', true],
    ['title le "a"', false],
    ['name.familyName eq "jensen"', true],
    ['active eq true', true],
    ['ActiVe eq "True"', true],
    ['active ne false', true],
    ['externalId eq "HR-7"', true],
    ['externalId eq "hr-7"', false],
    ['id eq "U-1"', false],
    ['meta.lastmodified ge "2026-03-01T11:00:00+01:00"', true],
    ['meta.lastModified lt "2026-03-01T10:00:00Z"', false],
    ['emails eq "babs@home.example"', true],
    ['emails.type eq "home"', true],
    ['emails[type eq "work" and value co "@example.com"]', true],
    ['emails[type eq "home" and primary eq true]', false],
    ['emails[not (type eq "work")]', true],
    ['emails[type eq "work"].value eq "bjensen@example.com"', true],
    ['emails[type eq "home"].value eq "bjensen@example.com"', false],
    ['roles[primary eq "True"]', true],
    [`${ENTERPRISE}:department eq "tours"`, true],
    [`${ENTERPRISE}:manager.value eq "26118915"`, true],
    ['department eq "tours"', true],
    ['manager eq "26118915"', true],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "bj"', true],
    ['urn:example:custom:seats ge 3', true],
    ['seats lt 3.5', true],
    ['vip eq false', true],
    ['displayName eq "Babs \\"B\\" Jensen"', true],
    ['title eq null', false],
    ['nickName eq null', true],
    ['unknown pr', false],
    ['unknown.thing ne "x"', true],
    ['urn:other:schema:userName eq "bjensen@example.com"', false],
  ])('%s is %s', (filter, expected) => {
    expect(matches(filter)).toBe(expected);
  });

  it.each([
    ['title eq "x" or title eq "Tour Guide" and active eq true', true],
    ['(title eq "x" or title eq "Tour Guide") and active eq false', false],
    ['not (title eq "x") and active eq true', true],
    ['NOT (title eq "x" OR nickName pr) AND (active eq true)', true],
    ['title eq "x" and active eq true or userName pr', true],
  ])('binds "not" before "and" before "or": %s is %s', (filter, expected) => {
    expect(matches(filter)).toBe(expected);
  });

  it.each([
    ['externalId eq HR-7', true],
    ['userName eq bjensen@example.com and active eq True', true],
  ])('takes literals that a client did not quote: %s', (filter, expected) => {
    expect(matches(filter)).toBe(expected);
  });

  it.each([
    '',
    'userName',
    'userName eq',
    'userName eq "a" and',
    'userName eq "a" title pr',
    'userName like "a"',
    '(userName eq "a"',
    'userName eq "a")',
    'userName eq "a',
    'userName eq "\\x"',
    'emails[type eq "work"',
    'emails[]',
    'emails.value[type eq "work"]',
    'eq "a"',
    '[type eq "work"]',
    'a.b.c eq "x"',
    '1name eq "x"',
    'not userName eq "x"',
    'active gt true',
    'active co "tr"',
    'active eq "maybe"',
    'seats co 3',
    'seats eq "three"',
    'meta.lastModified gt "yesterday"',
    'x509Certificates.value gt "a"',
    'userName gt null',
    'name eq "Jensen"',
    `${'('.repeat(60)}title pr${')'.repeat(60)}`,
    `title eq "${'x'.repeat(9_000)}"`,
  ])('refuses %j with invalidFilter', (filter) => {
    expect(refusal(filter)).toBe('invalidFilter');
  });

  it('says where a filter goes wrong', () => {
    expect(() => parseFilter('userName eq "a" && active eq true')).toThrow('character 17');
  });
});

describe('what the store looks up', () => {
  it.each([
    ['userName eq "Bob"', { by: 'name', value: 'Bob' }],
    ['externalId eq "7" and active eq true', { by: 'externalId', value: '7' }],
    ['active eq true and (id eq "x" and manager eq "y")', { by: 'id', value: 'x' }],
    ['emails eq "a@b"', { by: 'email', value: 'a@b' }],
    ['emails.value eq "a@b"', { by: 'email', value: 'a@b' }],
    ['emails[type eq "work"].value eq "a@b"', { by: 'email', value: 'a@b' }],
    ['emails[value eq "a@b" and type eq "work"]', { by: 'email', value: 'a@b' }],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "Bob"', { by: 'name', value: 'Bob' }],
    ['displayName eq "Bob"', null],
    ['userName eq "a" or userName eq "b"', null],
    ['not (userName eq "a")', null],
    ['userName sw "a"', null],
    ['userName eq null', null],
    ['emails.type eq "work"', null],
    ['urn:other:userName eq "a"', null],
  ])('of the users with %s: %j', (filter, expected) => {
    expect(lookupOf(User, parseFilter(filter))).toEqual(expected);
  });

  it('finds groups by their name', () => {
    expect(lookupOf(Group, parseFilter('DisplayName eq "Team A"'))).toEqual({ by: 'name', value: 'Team A' });
    expect(lookupOf(Group, parseFilter('emails eq "a@b"'))).toBeNull();
  });
});
