import type { GoogleGroup, GoogleMember, GoogleUser } from './directory';
import type { Simulator } from './simulator';

export type Projection = 'basic' | 'custom' | 'full';

/** Custom schemas come with the projections that ask for them; aliases and the like only where there are any. */
export function userBody(simulator: Simulator, user: GoogleUser, projection: Projection, deleted = false): unknown {
  const { id, primaryEmail, givenName, familyName, suspended, archived, orgUnitPath, aliases, more } = user;
  const hasSchemas = projection !== 'basic' && Object.keys(user.customSchemas).length > 0;
  const fullName = `${givenName} ${familyName}`.trim();
  return {
    ...{ kind: 'admin#directory#user', id, etag: `"${id}"`, primaryEmail },
    name: { givenName, familyName, fullName },
    ...{ isAdmin: false, isDelegatedAdmin: false, suspended, archived, orgUnitPath },
    ...(suspended && { suspensionReason: 'ADMIN' }),
    ...(aliases.length > 0 && { aliases }),
    ...(projection !== 'basic' && more),
    ...(hasSchemas && { customSchemas: user.customSchemas }),
    ...(deleted && { deletionTime: new Date(simulator.now()).toISOString() }),
    ...{ customerId: simulator.customerId, isMailboxSetup: true, creationTime: '2026-01-01T00:00:00.000Z' },
    ...(user.photo !== null && { thumbnailPhotoEtag: `"${id}/photo"` }),
  };
}

/** The number of members is a text, and counts direct members only. */
export function groupBody({ id, email, name, description, members }: GoogleGroup): unknown {
  return {
    ...{ kind: 'admin#directory#group', id, etag: `"${id}"`, email, name },
    ...{ directMembersCount: String(members.size), description, adminCreated: true },
  };
}

/** A member of another organisation may have no id, CUSTOMER has no address. */
export function memberBody({ type, id, email }: GoogleMember, customerId: string): unknown {
  return {
    kind: 'admin#directory#member',
    ...(type === 'CUSTOMER' ? { id: customerId } : id !== null && { id }),
    ...(email !== null && { email }),
    ...{ role: 'MEMBER', type },
    ...(type === 'USER' && { status: 'ACTIVE' }),
  };
}

export function photoBody({ id, primaryEmail, photo }: GoogleUser): unknown {
  // Base64 for addresses, with dots and asterisks where others have equal signs.
  const photoData = (photo ?? Buffer.alloc(0)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  return {
    ...{ kind: 'admin#directory#user#photo', id, primaryEmail, mimeType: 'PNG' },
    ...{ photoData: photoData.replaceAll('=', '*'), width: 96, height: 96 },
  };
}
