import { nameKey } from '../names';
import type { Filter } from './filter';
import { URNS } from './urns';
import type { ScimKind } from './kinds';
import { uniqueName } from './resource';

/** An equality that the store answers from an index; the rest of a filter is checked on what it finds. */
export interface Lookup {
  /** `member`: groups in which somebody is. */
  readonly by: 'id' | 'name' | 'externalId' | 'email' | 'member';
  readonly value: string;
}

/** The comparison key of an e-mail address that filters ask for. */
export const addressKey = (address: string): string => nameKey(address);

/** The best equality of a filter: one that every match has to fulfil. Null where there is none. */
export function lookupOf(kind: ScimKind, filter: Filter): Lookup | null {
  switch (filter.op) {
    case 'and': {
      const [left, right] = [lookupOf(kind, filter.left), lookupOf(kind, filter.right)];
      if (left === null || right === null) return left ?? right;
      return RANK[left.by] <= RANK[right.by] ? left : right;
    }
    case 'compare':
      return equality(kind, filter);
    case 'some':
      if (isMembers(kind, filter.path.name)) return valueWithin(filter.filter, 'member');
      return isEmails(kind, filter.path.schema, filter.path.name) ? valueWithin(filter.filter, 'email') : null;
    case 'or':
    case 'not':
    case 'present':
      return null;
  }
}

const RANK: Readonly<Record<Lookup['by'], number>> = { id: 0, name: 1, externalId: 2, email: 3, member: 4 };

function equality(kind: ScimKind, { path, by, value }: Filter & { readonly op: 'compare' }): Lookup | null {
  const isOwn = path.schema === null || path.schema.toLowerCase() === kind.schema.id.toLowerCase();
  if (by !== 'eq' || value === null || !isOwn) return null;
  const text = String(value);
  const name = path.name.toLowerCase();
  const list = isEmails(kind, path.schema, name) ? 'email' : isMembers(kind, name) ? 'member' : null;
  if (list !== null) {
    return path.sub === null || path.sub.toLowerCase() === 'value' ? { by: list, value: text } : null;
  }
  if (path.sub !== null) return null;
  if (name === 'id') return { by: 'id', value: text };
  if (name === 'externalid') return { by: 'externalId', value: text };
  return name === uniqueName(kind).toLowerCase() ? { by: 'name', value: text } : null;
}

const isEmails = (kind: ScimKind, schema: string | null, name: string): boolean =>
  kind.name === 'User' &&
  name.toLowerCase() === 'emails' &&
  (schema === null || schema.toLowerCase() === URNS.user.toLowerCase());

const isMembers = (kind: ScimKind, name: string): boolean => kind.name === 'Group' && name.toLowerCase() === 'members';

function valueWithin(filter: Filter, by: Lookup['by']): Lookup | null {
  if (filter.op === 'and') return valueWithin(filter.left, by) ?? valueWithin(filter.right, by);
  if (filter.op !== 'compare' || filter.by !== 'eq' || filter.value === null) return null;
  return filter.path.name.toLowerCase() === 'value' ? { by, value: String(filter.value) } : null;
}
