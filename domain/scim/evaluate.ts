import type { AttributeRecord, AttributeValue } from '../model';
import { subAttribute } from './attribute';
import type { ScimAttribute } from './attribute';
import { testOf } from './compare';
import { invalidFilter } from './error';
import type { AttributePath, Filter } from './filter';
import { isList, isRecord } from './json';
import { findAttribute } from './kinds';
import type { ScimKind } from './kinds';

/** Whether a resource (core attributes on top, extensions under their URN) fulfils a filter. */
export type Predicate = (resource: AttributeRecord) => boolean;

interface Access {
  readonly definition: ScimAttribute;
  readonly values: (record: AttributeRecord) => readonly AttributeValue[];
}
type Resolve = (path: AttributePath) => Access | null;

/**
 * The predicate of a filter over resources of a kind. An attribute that the kind has not is one without a value
 * (RFC 7644 3.4.2.1).
 * @throws ScimError invalidFilter where an operator or a literal does not fit an attribute
 */
export function compileFilter(kind: ScimKind, filter: Filter): Predicate {
  return compile(filter, (path) => accessOf(kind, path));
}

/** The predicate of a filter over the elements of a list, whose names are sub-attributes. @throws ScimError invalidFilter */
export function compileElementFilter(list: ScimAttribute, filter: Filter): Predicate {
  return compile(filter, (path) => elementAccess(list, path));
}

function compile(filter: Filter, resolve: Resolve): Predicate {
  switch (filter.op) {
    case 'and': {
      const [left, right] = [compile(filter.left, resolve), compile(filter.right, resolve)];
      return (resource) => left(resource) && right(resource);
    }
    case 'or': {
      const [left, right] = [compile(filter.left, resolve), compile(filter.right, resolve)];
      return (resource) => left(resource) || right(resource);
    }
    case 'not': {
      const inner = compile(filter.filter, resolve);
      return (resource) => !inner(resource);
    }
    case 'present': {
      const access = resolve(filter.path);
      return (resource) => access !== null && access.values(resource).some(isPresent);
    }
    case 'some':
      return someElement(filter, resolve);
    case 'compare':
      return comparison(filter, resolve);
  }
}

function someElement(filter: Filter & { readonly op: 'some' }, resolve: Resolve): Predicate {
  const access = resolve(filter.path);
  if (access === null) return () => false;
  const inner = compileElementFilter(access.definition, filter.filter);
  return (resource) => access.values(resource).some((value) => isRecord(value) && inner(value));
}

function comparison(filter: Filter & { readonly op: 'compare' }, resolve: Resolve): Predicate {
  const access = resolve(simplePath(filter.path, resolve));
  const { by, value } = filter;
  const isNegative = by === 'ne';
  if (access === null) return () => isNegative;
  if (access.definition.type === 'complex') {
    throw invalidFilter(`The attribute ${access.definition.name} is compared by one of its sub-attributes.`);
  }
  if (value === null) return nothing(access, filter);
  const test = testOf(access.definition, by === 'ne' ? 'eq' : by, value);
  const matches: Predicate = (resource) => access.values(resource).some(test);
  return isNegative ? (resource) => !matches(resource) : matches;
}

/** `eq null` asks for what is not there. */
function nothing(access: Access, { by, path }: Filter & { readonly op: 'compare' }): Predicate {
  const isThere: Predicate = (resource) => access.values(resource).some(isPresent);
  if (by === 'ne') return isThere;
  if (by === 'eq') return (resource) => !isThere(resource);
  throw invalidFilter(`The operator ${by} of ${path.name} does not take null.`);
}

/** A list or a complex attribute without a sub-attribute is compared by its `value`. */
function simplePath(path: AttributePath, resolve: Resolve): AttributePath {
  if (path.sub !== null) return path;
  const definition = resolve(path)?.definition;
  const hasValue = definition !== undefined && subAttribute(definition, 'value') !== undefined;
  return hasValue ? { ...path, sub: 'value' } : path;
}

function accessOf(kind: ScimKind, path: AttributePath): Access | null {
  const found = findAttribute(kind, path.schema, path.name);
  if (found === undefined) return null;
  const { schema, definition } = found;
  const top = (resource: AttributeRecord): AttributeValue | undefined => {
    const home = schema === null ? resource : resource[schema];
    return isRecord(home) ? home[definition.name] : undefined;
  };
  if (path.sub === null) return { definition, values: (resource) => listOf(top(resource)) };
  const sub = subAttribute(definition, path.sub);
  if (sub === undefined) return null;
  return {
    definition: sub,
    values: (resource) => listOf(top(resource)).flatMap((value) => (isRecord(value) ? listOf(value[sub.name]) : [])),
  };
}

function elementAccess(list: ScimAttribute, { schema, name, sub }: AttributePath): Access | null {
  const definition = subAttribute(list, name);
  if (definition === undefined || schema !== null || sub !== null) return null;
  return { definition, values: (element) => listOf(element[definition.name]) };
}

function listOf(value: AttributeValue | undefined): readonly AttributeValue[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

const isPresent = (value: AttributeValue): boolean => {
  if (value === null || value === '') return false;
  return !isRecord(value) || Object.keys(value).length > 0;
};
