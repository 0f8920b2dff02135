import type { AttributeRecord, AttributeValue } from '../model';
import { coerce } from './coerce';
import { ScimError, invalidSyntax, invalidValue } from './error';
import { parseAttributePath } from './filter';
import { isRecord, withMember } from './json';
import { extensionNamed, findAttribute, knowsSchema } from './kinds';
import type { FoundAttribute, ScimKind } from './kinds';
import { subAttribute } from './attribute';

/** What a client may not write, whatever it sends (RFC 7643 3.1), and the memberships, which have a store of their own. */
const APART: ReadonlySet<string> = new Set(['schemas', 'members']);

/** Names that a unique index and a screen can bear. */
const NAME_CHARACTERS = 1_024;

/**
 * The attributes of a body, in the spelling of the schemas: names in any case, URNs as keys or in front of names, dotted
 * keys. Read-only and unknown attributes are left out, as RFC 7644 3.3 has it.
 * @throws ScimError invalidSyntax where it is no object, invalidValue where a value does not fit its attribute
 */
export function normaliseResource(kind: ScimKind, body: unknown): AttributeRecord {
  if (!isRecord(body)) throw invalidSyntax('The body must be a JSON object.');
  return Object.entries(body).reduce((resource, [key, value]) => assign(kind, resource, key, value), {});
}

/** One member of a body set in a resource; an unknown one changes nothing. */
function assign(kind: ScimKind, resource: AttributeRecord, key: string, value: unknown): AttributeRecord {
  const extension = extensionNamed(kind, key);
  if (extension !== undefined) {
    if (!isRecord(value)) return resource;
    return Object.entries(value).reduce(
      (whole, [name, part]) => assign(kind, whole, `${extension.id}:${name}`, part),
      resource
    );
  }
  if (key.toLowerCase() === kind.schema.id.toLowerCase() && isRecord(value)) {
    return Object.entries(value).reduce((whole, [name, part]) => assign(kind, whole, name, part), resource);
  }
  const place = placeOf(kind, key);
  return place === null ? resource : put(resource, place, value);
}

interface Place extends FoundAttribute {
  readonly sub: string | null;
}

function placeOf(kind: ScimKind, key: string): Place | null {
  try {
    const { schema, name, sub } = parseAttributePath(key);
    const found = findAttribute(kind, schema, name);
    if (found === undefined || !isWritable(found)) return null;
    return { ...found, sub };
  } catch (error) {
    if (error instanceof ScimError) return null;
    throw error;
  }
}

export const isWritable = ({ definition }: FoundAttribute): boolean =>
  definition.mutability !== 'readOnly' && !APART.has(definition.name);

function put(resource: AttributeRecord, { schema, definition, sub }: Place, value: unknown): AttributeRecord {
  const change = (before: AttributeValue | undefined): AttributeValue | undefined => {
    if (sub === null) return coerce(definition, value);
    const part = subAttribute(definition, sub);
    if (part === undefined || definition.multiValued) return before;
    const coerced = coerce(part, value, `${definition.name}.${part.name}`);
    return emptied(withMember(isRecord(before) ? before : {}, part.name, coerced));
  };
  return changeAttribute(resource, { schema, definition }, change);
}

/** The resource with one attribute changed; an extension without attributes goes with its last one. */
export function changeAttribute(
  resource: AttributeRecord,
  { schema, definition }: FoundAttribute,
  change: (before: AttributeValue | undefined) => AttributeValue | undefined
): AttributeRecord {
  if (schema === null) return withMember(resource, definition.name, change(resource[definition.name]));
  const before = resource[schema];
  const home = isRecord(before) ? before : {};
  const after = withMember(home, definition.name, change(home[definition.name]));
  return withMember(resource, schema, emptied(after));
}

export const emptied = (record: AttributeRecord): AttributeRecord | undefined =>
  Object.keys(record).length === 0 ? undefined : record;

/** The name by which a resource is unique: userName, or displayName of a group. */
export const uniqueName = (kind: ScimKind): 'userName' | 'displayName' =>
  kind.name === 'User' ? 'userName' : 'displayName';

/** @throws ScimError invalidValue when the resource lacks its name, or has one that cannot be kept */
export function checkResource(kind: ScimKind, resource: AttributeRecord): AttributeRecord {
  const name = uniqueName(kind);
  const value = resource[name];
  if (typeof value !== 'string' || value.trim() === '') throw invalidValue(`${name} is required.`);
  if (value.length > NAME_CHARACTERS) throw invalidValue(`${name} has more than ${NAME_CHARACTERS} characters.`);
  const externalId = resource['externalId'];
  if (typeof externalId === 'string' && externalId.length > NAME_CHARACTERS) {
    throw invalidValue(`externalId has more than ${NAME_CHARACTERS} characters.`);
  }
  return resource;
}

/** The schemas of a resource: its own, and the extensions that have attributes in it. */
export const schemasOf = (kind: ScimKind, resource: AttributeRecord): readonly string[] => [
  kind.schema.id,
  ...kind.extensions.map(({ id }) => id).filter((id) => Object.hasOwn(resource, id)),
];

/** Whether a path names a schema that the kind does not have: clients may send attributes of any. */
export const isForeignSchema = (kind: ScimKind, schema: string | null): boolean =>
  schema !== null && !knowsSchema(kind, schema);
