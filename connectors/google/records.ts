import type { AttributeRecord, AttributeValue, SourceGroup, SourceUser } from '../../domain/model';
import type { GoogleGroup, GoogleUser } from './shapes';

/** Of no use to a mapping, or different with every answer. */
const LEFT_OUT: ReadonlySet<string> = new Set(['kind', 'etag', 'thumbnailPhotoEtag', 'thumbnailPhotoUrl']);

/**
 * A user of the domain. Everything that the Directory API tells is an attribute as it came, custom schemas as
 * `customSchemas.SCHEMA.FIELD`; what people look for most stands beside under a plain name.
 * @param photo base64, or null
 */
export function userOf(user: GoogleUser, photo: string | null = null): SourceUser {
  const own = Object.entries(user).filter(([name]) => !LEFT_OUT.has(name)) as [string, AttributeValue][];
  return {
    externalId: user.id,
    active: user.suspended !== true && user.archived !== true,
    attributes: { ...present(plainOf(user)), ...present(Object.fromEntries(own)), ...present({ photo }) },
  };
}

/** A group of the domain, by the local part of its address (rules 2.7). */
export function groupOf({ id, email, name, description }: GoogleGroup): SourceGroup {
  const local = email.slice(0, email.lastIndexOf('@'));
  return {
    externalId: id,
    name: local === '' ? email : local,
    attributes: present({ id, email, displayName: name, description }),
  };
}

function plainOf(user: GoogleUser): Readonly<Record<string, AttributeValue | undefined>> {
  const name = recordOf(user['name']);
  const organization = firstOf(user['organizations'], (one) => one['primary'] === true);
  return {
    givenName: name['givenName'],
    familyName: name['familyName'],
    fullName: name['fullName'],
    department: organization['department'],
    title: organization['title'],
    costCenter: organization['costCenter'],
    employeeNumber: firstOf(user['externalIds'], (one) => one['type'] === 'organization')['value'],
    managerEmail: firstOf(user['relations'], (one) => one['type'] === 'manager')['value'],
    orgUnit: user.orgUnitPath?.split('/').at(-1),
  };
}

const recordOf = (value: unknown): AttributeRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as AttributeRecord) : {};

/** The first entry of a list that is meant; an empty record without one. */
function firstOf(list: unknown, isMeant: (entry: AttributeRecord) => boolean): AttributeRecord {
  const entries = Array.isArray(list) ? list.map(recordOf) : [];
  return entries.find(isMeant) ?? {};
}

function present(values: Readonly<Record<string, AttributeValue | undefined>>): AttributeRecord {
  const given = Object.entries(values).filter((entry): entry is [string, AttributeValue] => {
    const [, value] = entry;
    return value !== undefined && value !== null && value !== '';
  });
  return Object.fromEntries(given);
}

/** The usual base64 of what Google writes for addresses. */
export const plainBase64 = (text: string): string =>
  text.replaceAll('-', '+').replaceAll('_', '/').replaceAll(/[*.]/g, '=');
