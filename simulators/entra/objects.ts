import type { Organization, OrganizationGroup, OrganizationPerson } from '../support/organization';

export type Fields = Readonly<Record<string, unknown>>;

/** What a user shows where nothing is selected: not whether the account is enabled. */
const DEFAULT_USER_FIELDS = [
  'businessPhones',
  'displayName',
  'givenName',
  'id',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
];
/** Kept elsewhere: asking a list for one of them is not implemented. */
const ELSEWHERE = new Set(['aboutMe', 'birthday', 'hireDate', 'interests', 'mySite', 'skills', 'responsibilities']);
const HIDDEN = 'HiddenMembership';

/** A guest's name holds the address by which he was invited. */
export function principalName(person: OrganizationPerson, domain: string): string {
  if (person.kind !== 'guest') return person.login;
  return `${person.login.replace('@', '_')}#EXT#@${domain.split('.')[0] ?? domain}.onmicrosoft.com`;
}

export function userFields(person: OrganizationPerson, { domain }: Organization): Fields {
  return {
    id: person.id,
    userPrincipalName: principalName(person, domain),
    displayName: person.displayName,
    givenName: person.givenName,
    surname: person.surname,
    mail: person.email,
    accountEnabled: person.active,
    userType: person.kind === 'guest' ? 'Guest' : 'Member',
    externalUserState: person.kind === 'guest' ? invitationOf(person) : null,
    employeeId: person.employeeNumber,
    department: person.department,
    jobTitle: person.title,
    companyName: person.kind === 'guest' ? 'Partner' : null,
    onPremisesImmutableId: null,
    mailNickname: person.login.split('@')[0] ?? '',
    ...{ businessPhones: [], mobilePhone: null, officeLocation: null, preferredLanguage: null },
  };
}

/** A guest of the department "pending" has not accepted yet. */
const invitationOf = ({ department }: OrganizationPerson): string =>
  department === 'pending' ? 'PendingAcceptance' : 'Accepted';

export function groupFields(group: OrganizationGroup): Fields {
  const isTeam = group.kind === 'team';
  return {
    id: group.id,
    displayName: group.name,
    description: null,
    groupTypes: isTeam ? ['Unified'] : [],
    securityEnabled: group.kind === 'security',
    mailEnabled: group.kind !== 'security',
    mailNickname: `g${group.id.slice(0, 8)}`,
    visibility: group.isHidden ? HIDDEN : null,
  };
}

/** What `$select` leaves of an object; 'elsewhere' where a list cannot give one of the fields. */
export function selected(fields: Fields, select: readonly string[] | null): Fields | 'elsewhere' {
  if (select?.some((name) => ELSEWHERE.has(name))) return 'elsewhere';
  const isUser = 'userPrincipalName' in fields;
  const names = select ?? (isUser ? DEFAULT_USER_FIELDS : Object.keys(fields));
  return Object.fromEntries(['id', ...names].filter((name) => name in fields).map((name) => [name, fields[name]]));
}
