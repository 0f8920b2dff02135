import type { AttributeRecord, AttributeValue, SourceGroup, SourceUser } from '../../domain/model';
import { attributesRead } from '../../domain/expression/uses';
import type { ProviderParts } from '../provider';
import type { EntraSettings } from './settings';
import type { GraphGroup, GraphUser } from './shapes';

/** Everybody's properties that are read. */
const USER_FIELDS = [
  ...['id', 'userPrincipalName', 'accountEnabled', 'userType', 'externalUserState', 'displayName', 'givenName'],
  ...['surname', 'mail', 'mailNickname', 'employeeId', 'department', 'jobTitle', 'companyName', 'officeLocation'],
  ...['mobilePhone', 'preferredLanguage', 'onPremisesImmutableId', 'onPremisesSamAccountName'],
];
const GROUP_FIELDS = [
  ...['id', 'displayName', 'description', 'mailNickname', 'visibility'],
  ...['securityEnabled', 'mailEnabled', 'groupTypes'],
];
const MANAGER_FIELDS = ['id', 'displayName', 'userPrincipalName', 'mail', 'employeeId'];
/** Names that a mapping may use and that Graph does not know. */
const OWN_NAMES = new Set(['active', 'externalId', 'manager', 'isGuest', 'photo']);
/** Stands in the name of every account that was made by an invitation, whatever its type was changed to later. */
const GUEST_MARK = '#ext#';
const PENDING = 'PendingAcceptance';

/** What is asked of users: the usual, and what the configuration of the connector names. */
export function userSelect({ attributes }: EntraSettings, { mapping, scope, naming }: ProviderParts): string {
  const configured = { ...(scope !== undefined && { scope }), ...(naming !== undefined && { groups: naming }) };
  const paths = mapping === undefined ? [] : attributesRead({ mapping, ...configured });
  const named = paths.map((path) => path.split('.')[0] ?? '');
  const known = named.filter((name) => /^[A-Za-z]\w*$/.test(name) && !OWN_NAMES.has(name));
  return [...new Set([...USER_FIELDS, ...known, ...attributes])].join(',');
}

export const groupSelect = GROUP_FIELDS.join(',');
export const managerExpand = `manager($select=${MANAGER_FIELDS.join(',')})`;

export const isGuest = ({ userPrincipalName }: GraphUser): boolean =>
  userPrincipalName.toLowerCase().includes(GUEST_MARK);

/** Null: a guest, and guests take no part. */
export function userOf(user: GraphUser, { guests, pendingGuests }: EntraSettings): SourceUser | null {
  const guest = isGuest(user);
  if (guest && guests === 'exclude') return null;
  const isPending = user.externalUserState === PENDING && pendingGuests === 'inactive';
  return {
    externalId: user.id,
    active: user.accountEnabled === true && !isPending,
    attributes: { ...plain(user), isGuest: guest },
  };
}

export function groupOf(group: GraphGroup): SourceGroup {
  return { externalId: group.id, name: nameOf(group), attributes: { ...plain(group), kind: kindsOf(group) } };
}

/** The only kind that is synced where a connector names none (rules 2.7). */
export const DEFAULT_KINDS: readonly string[] = ['security'];

/** What a group is: `security`, `microsoft365`, `distribution`, or two of them. */
export function kindsOf({ securityEnabled, mailEnabled, groupTypes }: GraphGroup): readonly string[] {
  const isOffice = groupTypes?.includes('Unified') === true;
  const isMailAlone = mailEnabled === true && securityEnabled !== true && !isOffice;
  return [
    ...(securityEnabled === true ? ['security'] : []),
    ...(isOffice ? ['microsoft365'] : []),
    ...(isMailAlone ? ['distribution'] : []),
  ];
}

export const nameOf = ({ id, displayName }: GraphGroup): string => displayName ?? id;

/** Everything that has a value; what OData adds is left out. */
function plain(fields: Readonly<Record<string, unknown>>): AttributeRecord {
  const entries = Object.entries(fields).flatMap(([name, value]): [string, AttributeValue][] => {
    if (name.startsWith('@') || value === null || value === undefined) return [];
    // Only JSON comes out of JSON; objects lose the same marks.
    if (typeof value === 'object' && !Array.isArray(value)) return [[name, plain(value as Record<string, unknown>)]];
    return [[name, value as AttributeValue]];
  });
  return Object.fromEntries(entries);
}
