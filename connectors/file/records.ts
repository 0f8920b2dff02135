import type { AttributeRecord, SourceGroup, SourceMembership, SourceUser } from '../../domain/model';
import { activeOf, attributesOf, groupsOf, requiredText, valueOf } from './fields';

/**
 * The user of a row. `fullName` is added as `givenName surname` where the row has no such column.
 * @throws ProviderError data naming the place, for this and the functions below
 */
export function userOf(values: AttributeRecord, place: string): SourceUser {
  const attributes = attributesOf(values, ['id', 'active', 'groups']);
  return {
    externalId: requiredText(values, 'id', place),
    active: activeOf(values, place),
    attributes: { ...derivedName(attributes), ...attributes },
  };
}

function derivedName(attributes: AttributeRecord): AttributeRecord {
  const parts = ['givenName', 'surname'].map((column) => valueOf(attributes, column));
  const names = parts.filter((part) => typeof part === 'string').map((part) => part.trim());
  const fullName = names.filter((name) => name !== '').join(' ');
  return fullName === '' ? {} : { fullName };
}

/** The group of a row of a groups file. */
export function groupOf(values: AttributeRecord, place: string): SourceGroup {
  return {
    externalId: requiredText(values, 'id', place),
    name: requiredText(values, 'name', place),
    attributes: attributesOf(values, ['id', 'name']),
  };
}

/** The membership of a row of a memberships file. */
export function membershipOf(values: AttributeRecord, place: string): SourceMembership {
  return { groupId: requiredText(values, 'group', place), userId: requiredText(values, 'user', place) };
}

/** The memberships that a user's `groups` column names. */
export function membershipsOfUser(values: AttributeRecord, place: string): readonly SourceMembership[] {
  const groups = groupsOf(values, place);
  if (groups.length === 0) return [];
  const userId = requiredText(values, 'id', place);
  return groups.map((groupId) => ({ groupId, userId }));
}
