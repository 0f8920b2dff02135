import type { AttributeRecord, AttributeValue } from '../model';
import { subAttribute } from './attribute';
import type { ScimAttribute } from './attribute';
import { coerce } from './coerce';
import { badRequest } from './error';
import { isRecord, withMember } from './json';
import { findAttribute } from './kinds';
import type { FoundAttribute, ScimKind } from './kinds';
import type { PatchOperation } from './patch-request';
import { addValues, changeChosen, removeValues } from './patch-lists';
import { changeAttribute, emptied, isForeignSchema, isWritable, uniqueName } from './resource';

/**
 * Applies operations in order and returns the changed resource; the given one stays as it is, so a failure in any of them
 * changes nothing (RFC 7644 3.5.2). Attributes of schemas that are not known here are skipped.
 * @throws ScimError invalidPath, invalidValue, mutability, invalidFilter
 */
export function applyPatch(
  kind: ScimKind,
  resource: AttributeRecord,
  operations: readonly PatchOperation[]
): AttributeRecord {
  return operations.reduce((before, operation) => applyOne(kind, before, operation), resource);
}

function applyOne(kind: ScimKind, resource: AttributeRecord, operation: PatchOperation): AttributeRecord {
  const { path, isSpread } = operation;
  const found = findAttribute(kind, path.schema, path.name);
  if (found === undefined) {
    if (isSpread || isForeignSchema(kind, path.schema)) return resource;
    throw badRequest('invalidPath', `There is no attribute of the path's name on ${kind.endpoint}.`);
  }
  if (!isWritable(found)) {
    if (isSpread || found.definition.name === 'schemas') return resource;
    throw badRequest('mutability', `The attribute ${found.definition.name} cannot be written.`);
  }
  const isCleared = operation.op === 'remove' && path.sub === null && path.filter === null;
  if (isCleared && found.definition.name === uniqueName(kind) && found.schema === null) {
    // A removal may be followed by an addition in the same request; the end result is checked as a whole.
    return withMember(resource, found.definition.name, undefined);
  }
  return changeAttribute(resource, found, (before) => changed(found, before, operation));
}

function changed(
  { definition }: FoundAttribute,
  before: AttributeValue | undefined,
  operation: PatchOperation
): AttributeValue | undefined {
  const { op, path, value } = operation;
  if (path.filter !== null && !definition.multiValued) {
    throw badRequest('invalidPath', `The attribute ${definition.name} is no list that a filter could choose from.`);
  }
  const part = path.sub === null ? null : partOf(definition, path.sub);
  if (definition.multiValued) {
    const list = Array.isArray(before) ? (before as readonly AttributeValue[]) : [];
    const after = changedList(definition, list, part, operation);
    return after.length === 0 ? undefined : after;
  }
  if (part !== null) {
    const home = isRecord(before) ? before : {};
    return emptied(withMember(home, part.name, op === 'remove' ? undefined : coerce(part, value)));
  }
  if (op === 'remove') return undefined;
  const given = coerce(definition, value);
  if (definition.type !== 'complex' || !isRecord(given) || !isRecord(before)) return given;
  return merged(definition, before, value);
}

function partOf(definition: ScimAttribute, name: string): ScimAttribute {
  const part = subAttribute(definition, name);
  if (part !== undefined) return part;
  throw badRequest('invalidPath', `The attribute ${definition.name} has no such sub-attribute.`);
}

/** Named sub-attributes are set or cleared, the others stay (RFC 7644 3.5.2.1, 3.5.2.3). */
function merged(definition: ScimAttribute, before: AttributeRecord, value: unknown): AttributeRecord | undefined {
  const given = coerce(definition, value);
  const cleared = isRecord(value)
    ? Object.keys(value).flatMap((name) => subAttribute(definition, name)?.name ?? [])
    : [];
  const kept = cleared.reduce((record, name) => withMember(record, name, undefined), before);
  return emptied({ ...kept, ...(isRecord(given) ? given : {}) });
}

function changedList(
  definition: ScimAttribute,
  list: readonly AttributeValue[],
  part: ScimAttribute | null,
  { op, path, value }: PatchOperation
): readonly AttributeValue[] {
  if (path.filter !== null || part !== null) {
    return changeChosen(definition, list, { op, filter: path.filter, part, value });
  }
  switch (op) {
    case 'remove':
      return removeValues(definition, list, value);
    case 'replace':
      return listFrom(definition, value);
    case 'add':
      return addValues(list, listFrom(definition, value));
  }
}

const listFrom = (definition: ScimAttribute, value: unknown): readonly AttributeValue[] =>
  (coerce(definition, value) ?? []) as readonly AttributeValue[];
