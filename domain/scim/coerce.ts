import type { AttributeRecord, AttributeValue } from '../model';
import { attributeNamed, subAttribute, subAttributesOf } from './attribute';
import type { ScimAttribute } from './attribute';
import { booleanOf } from './compare';
import { invalidValue } from './error';
import { isList, isRecord } from './json';

/** Longest text of an attribute; pictures and certificates are sent as texts. */
const TEXT_CHARACTERS = 32_768;
/** Elements of a list, but for the members of groups. */
const LIST_ELEMENTS = 500;

/**
 * A value as a client sent it, in the form of its attribute: texts for truth values and numbers, one value for a list, a
 * list of one for a single value, a bare id for a complex value. An empty text, null and what holds nothing else is no
 * value at all.
 * @returns undefined for no value
 * @throws ScimError invalidValue where the value cannot be of that type
 */
export function coerce(definition: ScimAttribute, value: unknown, place = definition.name): AttributeValue | undefined {
  if (!definition.multiValued) return one(definition, isList(value) ? value[0] : value, place);
  const given = isList(value) ? value : [value];
  if (given.length > LIST_ELEMENTS) throw invalidValue(`${place} has more than ${LIST_ELEMENTS} values.`);
  const elements = given.map((element) => one(definition, element, place)).filter((element) => element !== undefined);
  return elements.length === 0 ? undefined : onePrimary(elements);
}

function one(definition: ScimAttribute, value: unknown, place: string): AttributeValue | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  switch (definition.type) {
    case 'complex':
      return complexValue(definition, value, place);
    case 'boolean':
      return booleanOf(value) ?? fail(definition, place);
    case 'integer':
    case 'decimal':
      return numberValue(definition, value, place);
    case 'dateTime':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : fail(definition, place);
    case 'string':
    case 'reference':
    case 'binary':
      return textValue(definition, value, place);
  }
}

const fail = ({ type }: ScimAttribute, place: string): never => {
  throw invalidValue(`${place} must be of type ${type}.`);
};

function numberValue(definition: ScimAttribute, value: unknown, place: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return fail(definition, place);
  if (definition.type === 'integer' && !Number.isInteger(number)) return fail(definition, place);
  return number;
}

function textValue(definition: ScimAttribute, value: unknown, place: string): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return fail(definition, place);
  if (value.length > TEXT_CHARACTERS) throw invalidValue(`${place} has more than ${TEXT_CHARACTERS} characters.`);
  return value;
}

/** Sub-attributes under which some clients send the `value` of a complex attribute, lower case. */
const VALUE_ALIASES: Readonly<Record<string, readonly string[]>> = { manager: ['managerid'] };

function complexValue(definition: ScimAttribute, value: unknown, place: string): AttributeRecord | undefined {
  const bare = subAttribute(definition, 'value');
  if (!isRecord(value)) {
    if (bare === undefined || isList(value)) return fail(definition, place);
    return complexValue(definition, { value: value as AttributeValue }, place);
  }
  const aliases = VALUE_ALIASES[definition.name] ?? [];
  const parts: [string, AttributeValue][] = [];
  for (const [name, part] of Object.entries(value)) {
    const known = aliases.includes(name.toLowerCase()) ? bare : attributeNamed(subAttributesOf(definition), name);
    const coerced = known && coerce(known, part, `${place}.${known.name}`);
    if (known !== undefined && coerced !== undefined) parts.push([known.name, coerced]);
  }
  const element = Object.fromEntries(parts);
  return isHollow(definition, element) ? undefined : element;
}

/** What says how a value is to be used, but is none. */
const LABELS: ReadonlySet<string> = new Set(['type', 'primary', 'display', '$ref']);

/** Whether only labels are left of an element: then there is no value to label. */
export function isHollow(definition: ScimAttribute, element: AttributeRecord): boolean {
  const names = Object.keys(element);
  if (names.length === 0) return true;
  if (!definition.multiValued && subAttribute(definition, 'value') === undefined) return false;
  if (Object.hasOwn(element, 'value')) return false;
  return names.every((name) => LABELS.has(name));
}

/** Of several elements that are called primary the first is (RFC 7643 2.4). */
export function onePrimary(elements: readonly AttributeValue[]): readonly AttributeValue[] {
  const first = elements.findIndex(isPrimary);
  return elements.map((element, at) =>
    at !== first && isRecord(element) && isPrimary(element) ? { ...element, primary: false } : element
  );
}

export const isPrimary = (element: AttributeValue): boolean => isRecord(element) && element['primary'] === true;
