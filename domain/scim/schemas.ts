import { attribute, complex, text, values } from './attribute';
import type { ScimAttribute, ScimSchema } from './attribute';
import { URNS } from './urns';

const reference = (name: string, description: string, referenceTypes: readonly string[]): ScimAttribute =>
  attribute(name, 'reference', description, { caseExact: true, referenceTypes });

const ADDRESS_PARTS: readonly ScimAttribute[] = [
  text('formatted', 'The whole address, ready to print'),
  text('streetAddress', 'Street and number'),
  text('locality', 'City'),
  text('region', 'State or region'),
  text('postalCode', 'Postal code'),
  text('country', 'Country'),
  text('type', 'What the address is for', { canonicalValues: ['work', 'home', 'other'] }),
  attribute('primary', 'boolean', 'The preferred one'),
];

const NAME_PARTS: readonly ScimAttribute[] = [
  text('formatted', 'The full name, ready to show'),
  text('familyName', 'Family name'),
  text('givenName', 'Given name'),
  text('middleName', 'Middle name'),
  text('honorificPrefix', 'Title before the name'),
  text('honorificSuffix', 'What follows the name'),
];

/** RFC 7643 4.1. `password` is no part of it: it is dropped before anything sees it (rules 5.4). */
export const USER_SCHEMA: ScimSchema = {
  id: URNS.user,
  name: 'User',
  description: 'A person',
  attributes: [
    text('userName', 'The name by which the provider knows the person', { required: true, uniqueness: 'server' }),
    complex('name', 'Parts of the name', NAME_PARTS),
    text('displayName', 'The name to show'),
    text('nickName', 'How the person is called'),
    reference('profileUrl', 'A page about the person', ['external']),
    text('title', 'Position'),
    text('userType', 'Relation to the organization'),
    text('preferredLanguage', 'Preferred language'),
    text('locale', 'Locale of numbers and dates'),
    text('timezone', 'Time zone'),
    attribute('active', 'boolean', 'Whether the person may work'),
    values('emails', 'E-mail addresses', ['work', 'home', 'other']),
    values('phoneNumbers', 'Telephone numbers', ['work', 'home', 'mobile', 'fax', 'pager', 'other']),
    values('ims', 'Instant messaging addresses', []),
    values(
      'photos',
      'Pictures',
      ['photo', 'thumbnail'],
      {},
      reference('value', 'Address of the picture', ['external'])
    ),
    complex('addresses', 'Postal addresses', ADDRESS_PARTS, { multiValued: true }),
    values('entitlements', 'What the person is entitled to', []),
    values('roles', 'Roles of the person', []),
    values(
      'x509Certificates',
      'Certificates',
      [],
      {},
      attribute('value', 'binary', 'DER, Base64', { caseExact: true })
    ),
  ],
};

/** RFC 7643 4.3. */
export const ENTERPRISE_SCHEMA: ScimSchema = {
  id: URNS.enterprise,
  name: 'EnterpriseUser',
  description: 'What organizations know of their people',
  attributes: [
    text('employeeNumber', 'Number within the organization'),
    text('costCenter', 'Cost centre'),
    text('organization', 'Organization'),
    text('division', 'Division'),
    text('department', 'Department'),
    complex('manager', 'Who leads the person', [
      text('value', 'Id of the manager, who need not be known here', { caseExact: true }),
      reference('$ref', 'Address of the manager', ['User']),
      text('displayName', 'Name of the manager'),
    ]),
  ],
};

const IMMUTABLE = { mutability: 'immutable' } as const;

/** RFC 7643 4.2; `displayName` is unique here, since clients find their groups by it. */
export const GROUP_SCHEMA: ScimSchema = {
  id: URNS.group,
  name: 'Group',
  description: 'A group of people',
  attributes: [
    text('displayName', 'The name of the group', { required: true, uniqueness: 'server' }),
    complex(
      'members',
      'Who is in the group; ids that are not known yet are kept',
      [
        text('value', 'Id of the member', { ...IMMUTABLE, caseExact: true, required: true }),
        attribute('$ref', 'reference', 'Address of the member', {
          ...IMMUTABLE,
          caseExact: true,
          referenceTypes: ['User', 'Group'],
        }),
        text('type', 'What the member is', { ...IMMUTABLE, canonicalValues: ['User', 'Group'] }),
        text('display', 'Name of the member, as the client sent it', IMMUTABLE),
      ],
      { multiValued: true }
    ),
  ],
};

const META = complex(
  'meta',
  'About the resource',
  [
    text('resourceType', 'User or Group', { caseExact: true, mutability: 'readOnly' }),
    attribute('created', 'dateTime', 'When it was made', { mutability: 'readOnly' }),
    attribute('lastModified', 'dateTime', 'When it was last changed', { mutability: 'readOnly' }),
    attribute('location', 'reference', 'Its address', { caseExact: true, mutability: 'readOnly' }),
    text('version', 'Its entity tag', { caseExact: true, mutability: 'readOnly' }),
  ],
  { mutability: 'readOnly' }
);

/** Attributes of every resource (RFC 7643 3.1); they are not listed in schemas. */
export const COMMON_ATTRIBUTES: readonly ScimAttribute[] = [
  text('id', 'Id that this server gave', {
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  }),
  text('externalId', 'Id that the client gave', { caseExact: true }),
  META,
  attribute('schemas', 'reference', 'Schemas of the resource', { multiValued: true, returned: 'always' }),
];
