import { invalidFilter } from './error';
import type { AttributePath, Filter } from './filter';
import type { ScimKind } from './kinds';

/**
 * The ids that a filter over groups asks for among their members. Members are not part of a group's own record, so they
 * are asked for by id only.
 * @returns an empty list where the filter says nothing of members
 * @throws ScimError invalidFilter where it asks for anything but the id
 */
export function membersAskedFor(kind: ScimKind, filter: Filter): readonly string[] {
  if (kind.name !== 'Group') return [];
  switch (filter.op) {
    case 'and':
    case 'or':
      return [...membersAskedFor(kind, filter.left), ...membersAskedFor(kind, filter.right)];
    case 'not':
      return membersAskedFor(kind, filter.filter);
    case 'present':
      if (isMembers(filter.path)) throw onlyIds();
      return [];
    case 'compare':
      return isMembers(filter.path) ? [idOf(filter, filter.path.sub ?? 'value')] : [];
    case 'some': {
      if (!isMembers(filter.path)) return [];
      const { filter: inner } = filter;
      if (inner.op !== 'compare') throw onlyIds();
      return [idOf(inner, inner.path.name)];
    }
  }
}

const isMembers = ({ name }: AttributePath): boolean => name.toLowerCase() === 'members';
const onlyIds = () => invalidFilter('Members are asked for by their id: members.value eq "id".');

function idOf({ by, value }: Filter & { readonly op: 'compare' }, part: string): string {
  if (by !== 'eq' || value === null || part.toLowerCase() !== 'value') throw onlyIds();
  return String(value);
}
