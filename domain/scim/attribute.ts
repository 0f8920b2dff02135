export type AttributeType =
  'string' | 'boolean' | 'decimal' | 'integer' | 'dateTime' | 'binary' | 'reference' | 'complex';

/** The definition of one attribute, in the words and order of RFC 7643 7. */
export interface ScimAttribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  readonly returned: 'always' | 'never' | 'default' | 'request';
  readonly uniqueness: 'none' | 'server' | 'global';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly ScimAttribute[];
}

export interface ScimSchema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly ScimAttribute[];
}

type Changes = Partial<Omit<ScimAttribute, 'name' | 'type' | 'description'>>;

/** An attribute with the defaults of RFC 7643 2.2, but for what is named. */
export function attribute(
  name: string,
  type: AttributeType,
  description: string,
  changes: Changes = {}
): ScimAttribute {
  return {
    name,
    type,
    multiValued: false,
    description,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...changes,
  };
}

export const text = (name: string, description: string, changes: Changes = {}): ScimAttribute =>
  attribute(name, 'string', description, changes);

export const complex = (
  name: string,
  description: string,
  subAttributes: readonly ScimAttribute[],
  changes: Changes = {}
): ScimAttribute => attribute(name, 'complex', description, { ...changes, subAttributes });

/** A list of `value` with the sub-attributes that RFC 7643 2.4 gives to most lists. */
export function values(
  name: string,
  description: string,
  types: readonly string[],
  changes: Changes = {},
  value: ScimAttribute = text('value', 'The value')
): ScimAttribute {
  const type = text('type', 'What the value is for', types.length > 0 ? { canonicalValues: types } : {});
  const parts = [value, text('display', 'A name to show'), type, attribute('primary', 'boolean', 'The preferred one')];
  return complex(name, description, parts, { ...changes, multiValued: true });
}

const indexes = new WeakMap<readonly ScimAttribute[], ReadonlyMap<string, ScimAttribute>>();

/** The attribute of this name; names do not depend on the case of letters (RFC 7643 2.1). */
export function attributeNamed(attributes: readonly ScimAttribute[], name: string): ScimAttribute | undefined {
  let index = indexes.get(attributes);
  if (index === undefined) {
    index = new Map(attributes.map((each) => [each.name.toLowerCase(), each]));
    indexes.set(attributes, index);
  }
  return index.get(name.toLowerCase());
}

const NONE: readonly ScimAttribute[] = [];
export const subAttributesOf = (definition: ScimAttribute): readonly ScimAttribute[] =>
  definition.subAttributes ?? NONE;

export const subAttribute = (definition: ScimAttribute, name: string): ScimAttribute | undefined =>
  attributeNamed(subAttributesOf(definition), name);
