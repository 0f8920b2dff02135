import type { AttributeRecord } from '../model';
import { badRequest, invalidValue } from './error';
import { compileElementFilter } from './evaluate';
import type { Predicate } from './evaluate';
import type { Filter } from './filter';
import { isRecord, memberOf } from './json';
import type { ScimKind } from './kinds';
import type { PatchOperation } from './patch-request';
import { GROUP_SCHEMA } from './schemas';
import { attributeNamed } from './attribute';

/** A member as a client names it: a user or a group, which need not be known yet. */
export interface ScimMember {
  readonly id: string;
  readonly type: 'User' | 'Group';
  readonly display: string | null;
}

/** What a request does to the members of a group, whatever the number of its operations. */
export interface MemberChange {
  /** True: those who were members before the request are none any more, unless they are in `add`. */
  readonly clears: boolean;
  readonly add: readonly ScimMember[];
  /** Ids. */
  readonly remove: readonly string[];
  /** Members that fulfil one of these go too, unless they are in `add`. */
  readonly removeWhere: readonly Predicate[];
}

export const MEMBERS_LIMIT = 200_000;
const ID_CHARACTERS = 512;
const MEMBERS = attributeNamed(GROUP_SCHEMA.attributes, 'members');

/** Whether an operation is about members. They have a store of their own. */
export const isAboutMembers = (kind: ScimKind, { path }: PatchOperation): boolean =>
  kind.name === 'Group' &&
  path.name.toLowerCase() === 'members' &&
  (path.schema === null || path.schema.toLowerCase() === kind.schema.id.toLowerCase());

/** @returns what the operations do to the members, in their order; null when they say nothing of them */
export function memberChange(operations: readonly PatchOperation[]): MemberChange | null {
  if (operations.length === 0) return null;
  const draft = new Draft();
  for (const operation of operations) apply(draft, operation);
  return draft.change();
}

/** The change of a PUT: exactly these from now on. */
export function exactMembers(value: unknown): MemberChange {
  const draft = new Draft();
  draft.clear();
  draft.add(parseMembers(value));
  return draft.change();
}

function apply(draft: Draft, { op, path, value }: PatchOperation): void {
  if (path.filter !== null) {
    chosen(draft, op, path.filter, path.sub);
    return;
  }
  if (path.sub !== null && path.sub.toLowerCase() !== 'value') throw immutable();
  switch (op) {
    case 'add':
      draft.add(parseMembers(value));
      return;
    case 'replace':
      draft.clear();
      draft.add(parseMembers(value));
      return;
    case 'remove':
      removeListed(draft, value);
  }
}

/** `members[value eq "id"]`. To add somebody that way is to name the id. */
function chosen(draft: Draft, op: PatchOperation['op'], filter: Filter, sub: string | null): void {
  const id = idAskedFor(filter);
  if (op !== 'remove') {
    if (id === null || sub !== null) throw immutable();
    draft.add([{ id, type: 'User', display: null }]);
  } else if (id !== null) draft.remove([id]);
  else if (MEMBERS !== undefined) draft.removeWhere(compileElementFilter(MEMBERS, filter));
}

const immutable = () => badRequest('mutability', 'A member cannot be changed: remove it and add another.');

function idAskedFor(filter: Filter): string | null {
  const isId = filter.op === 'compare' && filter.by === 'eq' && filter.path.name.toLowerCase() === 'value';
  return isId && filter.value !== null ? String(filter.value) : null;
}

/** A removal with a list of values removes these alone, as clients mean it; only a bare one empties the group. */
function removeListed(draft: Draft, value: unknown): void {
  if (value === undefined || value === null || value === '') draft.clear();
  else draft.remove(parseMembers(value).map(({ id }) => id));
}

/** @throws ScimError invalidValue */
export function parseMembers(value: unknown): readonly ScimMember[] {
  if (value === null || value === undefined || value === '') return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > MEMBERS_LIMIT) throw invalidValue(`A request may name ${MEMBERS_LIMIT} members.`);
  return list.map(parseMember);
}

function parseMember(given: unknown): ScimMember {
  const isBare = typeof given === 'string' || typeof given === 'number';
  const member: AttributeRecord = isBare ? { value: given } : isRecord(given) ? given : {};
  const value = memberOf(member, 'value');
  const id = typeof value === 'number' ? String(value) : value;
  if (typeof id !== 'string' || id.trim() === '' || id.length > ID_CHARACTERS) {
    throw invalidValue(`Each member needs a value: an id of at most ${ID_CHARACTERS} characters.`);
  }
  const display = memberOf(member, 'display');
  return { id, type: typeOf(member), display: typeof display === 'string' && display !== '' ? display : null };
}

function typeOf(member: AttributeRecord): ScimMember['type'] {
  const type = memberOf(member, 'type');
  if (typeof type === 'string' && type !== '') return type.toLowerCase() === 'group' ? 'Group' : 'User';
  const reference = memberOf(member, '$ref');
  return typeof reference === 'string' && /\/Groups\/[^/]+$/i.test(reference) ? 'Group' : 'User';
}

/** Folds operations that follow each other into one change. */
class Draft {
  #clears = false;
  readonly #add = new Map<string, ScimMember>();
  readonly #remove = new Set<string>();
  readonly #where: Predicate[] = [];

  clear(): void {
    this.#clears = true;
    this.#add.clear();
    this.#remove.clear();
    this.#where.length = 0;
  }

  add(members: readonly ScimMember[]): void {
    for (const member of members) {
      this.#add.set(member.id, member);
      this.#remove.delete(member.id);
    }
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.#add.delete(id);
      this.#remove.add(id);
    }
  }

  removeWhere(predicate: Predicate): void {
    for (const member of this.#add.values()) if (predicate(memberView(member))) this.#add.delete(member.id);
    this.#where.push(predicate);
  }

  change(): MemberChange {
    return {
      clears: this.#clears,
      add: [...this.#add.values()],
      remove: [...this.#remove],
      removeWhere: [...this.#where],
    };
  }
}

/** A member as answers show it, without its address. */
export function memberView({ id, type, display }: ScimMember): AttributeRecord {
  return { value: id, type, ...(display !== null && { display }) };
}
