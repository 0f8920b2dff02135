import { attribute, attributeNamed } from './attribute';
import type { AttributeType, ScimAttribute, ScimSchema } from './attribute';
import { COMMON_ATTRIBUTES, ENTERPRISE_SCHEMA, GROUP_SCHEMA, USER_SCHEMA } from './schemas';
import { ENTERPRISE_ALIASES, URNS } from './urns';

export type ScimKindName = 'User' | 'Group';

/** A kind of resource with its schemas (RFC 7643 6). */
export interface ScimKind {
  readonly name: ScimKindName;
  /** Under the base address, with its slash. */
  readonly endpoint: '/Users' | '/Groups';
  readonly schema: ScimSchema;
  readonly extensions: readonly ScimSchema[];
}

/** An extension of users that an installation defines (settings `extension`). */
export interface CustomExtension {
  readonly urn: string;
  readonly attributes: Readonly<Record<string, 'string' | 'boolean' | 'integer' | 'decimal' | 'dateTime'>>;
}

export interface ScimKinds {
  readonly User: ScimKind;
  readonly Group: ScimKind;
}

/** The kinds that a connector serves. */
export function scimKinds(custom: CustomExtension | null): ScimKinds {
  const extensions = custom === null ? [ENTERPRISE_SCHEMA] : [ENTERPRISE_SCHEMA, customSchema(custom)];
  return {
    User: { name: 'User', endpoint: '/Users', schema: USER_SCHEMA, extensions },
    Group: { name: 'Group', endpoint: '/Groups', schema: GROUP_SCHEMA, extensions: [] },
  };
}

function customSchema({ urn, attributes }: CustomExtension): ScimSchema {
  const defined = Object.entries<AttributeType>(attributes);
  return {
    id: urn,
    name: 'Custom',
    description: 'Attributes of this installation',
    attributes: defined.map(([name, type]) => attribute(name, type, `Attribute ${name} of this installation`)),
  };
}

/** Where an attribute stands: `schema` null for core and common ones, else the URN of its extension. */
export interface FoundAttribute {
  readonly schema: string | null;
  readonly definition: ScimAttribute;
}

export function extensionNamed(kind: ScimKind, urn: string): ScimSchema | undefined {
  const wanted = urn.toLowerCase();
  const exact = kind.extensions.find(({ id }) => id.toLowerCase() === wanted);
  if (exact !== undefined || !ENTERPRISE_ALIASES.has(wanted)) return exact;
  return kind.extensions.find(({ id }) => id === URNS.enterprise);
}

const isCore = (kind: ScimKind, urn: string): boolean => urn.toLowerCase() === kind.schema.id.toLowerCase();

/**
 * Finds an attribute by name and, where one was given, by the URN of its schema. Without a URN the core comes first, then
 * the extensions: clients leave the URN out.
 */
export function findAttribute(kind: ScimKind, schema: string | null, name: string): FoundAttribute | undefined {
  if (schema === null || isCore(kind, schema)) {
    const core = attributeNamed(kind.schema.attributes, name) ?? attributeNamed(COMMON_ATTRIBUTES, name);
    if (core !== undefined) return { schema: null, definition: core };
    if (schema !== null) return undefined;
  }
  const places = schema === null ? kind.extensions : [extensionNamed(kind, schema)];
  for (const place of places) {
    const definition = place && attributeNamed(place.attributes, name);
    if (place !== undefined && definition !== undefined) return { schema: place.id, definition };
  }
  return undefined;
}

/** Whether the kind has a schema of this URN. */
export const knowsSchema = (kind: ScimKind, urn: string): boolean =>
  isCore(kind, urn) || extensionNamed(kind, urn) !== undefined;
