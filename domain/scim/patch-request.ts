import type { AttributeValue } from '../model';
import { badRequest, invalidSyntax, invalidValue } from './error';
import { isRecord, memberOf } from './json';
import { extensionNamed } from './kinds';
import type { ScimKind } from './kinds';
import { parsePath } from './path';
import type { PatchPath } from './path';

export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: PatchPath;
  /** Undefined: a removal that names no values. Null and "" clear. */
  readonly value: AttributeValue | undefined;
  /** From a value without a path: attributes that cannot be written are skipped there, not refused. */
  readonly isSpread: boolean;
}

/** More than any client sends at once; the members of a group are one operation. */
const OPERATIONS = 1_000;
const OPS = ['add', 'replace', 'remove'] as const;

/**
 * The operations of a PATCH body, one an attribute: `op` in any case, a value without a path spread over its members, of
 * which any may be a dotted name, a value path, or a name with a URN.
 * @throws ScimError invalidSyntax, invalidPath, noTarget, invalidValue with the number of the operation
 */
export function parsePatch(kind: ScimKind, body: unknown): readonly PatchOperation[] {
  const operations = isRecord(body) ? memberOf(body, 'Operations') : undefined;
  const list = isRecord(operations) ? [operations] : operations;
  if (!Array.isArray(list) || list.length === 0) throw invalidSyntax('The body must have a list "Operations".');
  if (list.length > OPERATIONS) throw invalidSyntax(`A request may have ${OPERATIONS} operations.`);
  return list.flatMap((operation: unknown, at) => parseOperation(kind, operation, at + 1));
}

function parseOperation(kind: ScimKind, operation: unknown, number: number): readonly PatchOperation[] {
  if (!isRecord(operation)) throw invalidSyntax(`Operation ${number} must be an object.`);
  const written = memberOf(operation, 'op');
  const op = OPS.find((each) => typeof written === 'string' && each === written.trim().toLowerCase());
  if (op === undefined) throw invalidSyntax(`Operation ${number}: op must be one of ${OPS.join(', ')}.`);
  const path = memberOf(operation, 'path');
  const value = memberOf(operation, 'value') as AttributeValue | undefined;
  if (typeof path === 'string' && path.trim() !== '') return [targeted(kind, op, path, value, number)].flat();
  if (path !== undefined && path !== null && path !== '') {
    throw badRequest('invalidPath', `Operation ${number}: path must be a text.`);
  }
  if (op === 'remove') throw badRequest('noTarget', `Operation ${number}: remove needs a path.`);
  if (!isRecord(value)) throw invalidValue(`Operation ${number}: without a path the value must be an object.`);
  return spread(kind, op, value);
}

function targeted(
  kind: ScimKind,
  op: PatchOperation['op'],
  path: string,
  value: AttributeValue | undefined,
  number: number
): PatchOperation | readonly PatchOperation[] {
  if (value === undefined && op !== 'remove') throw invalidValue(`Operation ${number}: ${op} needs a value.`);
  const extension = extensionNamed(kind, path.trim());
  if (extension === undefined) return { op, path: parsePath(path), value, isSpread: false };
  if (op === 'remove' || !isRecord(value)) {
    return extension.attributes.map(({ name }) => {
      const target: PatchPath = { schema: extension.id, name, sub: null, filter: null };
      return { op: 'remove', path: target, value: undefined, isSpread: true };
    });
  }
  return spread(kind, op, { [extension.id]: value });
}

function spread(
  kind: ScimKind,
  op: 'add' | 'replace',
  value: Readonly<Record<string, AttributeValue>>
): readonly PatchOperation[] {
  return Object.entries(value).flatMap(([key, part]): readonly PatchOperation[] => {
    const schema = key.toLowerCase() === kind.schema.id.toLowerCase() ? kind.schema : extensionNamed(kind, key);
    if (schema !== undefined && isRecord(part)) {
      return Object.entries(part).map(([name, inner]) => {
        return { op, path: parsePath(`${schema.id}:${name}`), value: inner, isSpread: true };
      });
    }
    if (key.toLowerCase() === 'schemas') return [];
    return [{ op, path: parsePath(key), value: part, isSpread: true }];
  });
}
