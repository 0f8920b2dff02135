import type { AttributeRecord, AttributeValue, SourceGroup, SourceUser } from '../../domain/model';
import type { KeycloakGroup, KeycloakUser } from './shapes';

type Lists = KeycloakUser['attributes'];

/**
 * A user of the realm. Its own attributes stand beside the ones that every user has: a single value as a text, several as
 * a list; where both have a name, the built-in one counts. `fullName` is `firstName lastName` unless the realm has an
 * attribute of that name.
 */
export function userOf(user: KeycloakUser): SourceUser {
  return {
    externalId: user.id,
    active: user.enabled,
    attributes: {
      ...fullName(user),
      ...flattened(user.attributes),
      ...present({
        id: user.id,
        username: user.username,
        email: user.email,
        emailVerified: user.emailVerified,
        firstName: user.firstName,
        lastName: user.lastName,
        createdTimestamp: user.createdTimestamp,
        federationLink: user.federationLink,
      }),
    },
  };
}

/** A group of the realm. Its name is its path without the slash in front: names repeat in other branches (rules 2.7). */
export function groupOf(group: KeycloakGroup): SourceGroup {
  return {
    externalId: group.id,
    name: group.path.replace(/^\//, ''),
    attributes: {
      ...flattened(group.attributes),
      ...present({ id: group.id, name: group.name, path: group.path, description: group.description }),
    },
  };
}

function fullName({ firstName, lastName }: KeycloakUser): AttributeRecord {
  const name = [firstName, lastName].map((part) => part?.trim() ?? '').filter((part) => part !== '');
  return name.length === 0 ? {} : { fullName: name.join(' ') };
}

function flattened(lists: Lists): AttributeRecord {
  const entries = Object.entries(lists ?? {}).map(([name, values]): readonly [string, AttributeValue] => {
    const [first, ...more] = values;
    return [name, more.length > 0 ? values : (first ?? null)];
  });
  return Object.fromEntries(entries);
}

function present(values: Readonly<Record<string, AttributeValue | undefined>>): AttributeRecord {
  const given = Object.entries(values).filter((entry): entry is [string, AttributeValue] => {
    const [, value] = entry;
    return value !== undefined && value !== null;
  });
  return Object.fromEntries(given);
}
