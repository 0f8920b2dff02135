import type { AttributeValue } from '../model';
import { nameKey } from '../names';
import type { ScimAttribute } from './attribute';
import { invalidFilter } from './error';
import type { Comparison, Literal } from './filter';

type Test = (value: AttributeValue) => boolean;
type Ordered = string | number;

const ORDERED: Readonly<Record<'gt' | 'ge' | 'lt' | 'le', (a: Ordered, b: Ordered) => boolean>> = {
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
};
const WITHIN: Readonly<Record<'co' | 'sw' | 'ew', (a: string, b: string) => boolean>> = {
  co: (a, b) => a.includes(b),
  sw: (a, b) => a.startsWith(b),
  ew: (a, b) => a.endsWith(b),
};

const isOrdered = (by: Comparison): by is keyof typeof ORDERED => Object.hasOwn(ORDERED, by);
const isWithin = (by: Comparison): by is keyof typeof WITHIN => Object.hasOwn(WITHIN, by);

/**
 * The test of one value against a literal, by the type of the attribute (RFC 7644 3.4.2.2). `ne` is not among them: it is
 * the opposite of `eq` over all values.
 * @throws ScimError invalidFilter where the operator or the literal does not fit the type
 */
export function testOf(definition: ScimAttribute, by: Exclude<Comparison, 'ne'>, literal: Literal): Test {
  switch (definition.type) {
    case 'boolean':
      return booleanTest(definition, by, literal);
    case 'decimal':
    case 'integer':
      return numberTest(definition, by, literal);
    case 'dateTime':
      return isWithin(by) ? textTest(definition, by, literal) : timeTest(definition, by, literal);
    case 'binary':
      if (isOrdered(by)) throw unfit(definition, by);
      return textTest(definition, by, literal);
    case 'string':
    case 'reference':
    case 'complex':
      return textTest(definition, by, literal);
  }
}

const unfit = ({ name }: ScimAttribute, by: Comparison) =>
  invalidFilter(`The operator ${by} does not fit the attribute ${name}.`);
const wrongLiteral = ({ name, type }: ScimAttribute) =>
  invalidFilter(`The attribute ${name} is compared with a value that is no ${type}.`);

/** Clients write truth values as texts too ("True"). */
export function booleanOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  const word = value.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : null;
}

function booleanTest(definition: ScimAttribute, by: Comparison, literal: Literal): Test {
  if (by !== 'eq') throw unfit(definition, by);
  const wanted = booleanOf(literal);
  if (wanted === null) throw wrongLiteral(definition);
  return (value) => value === wanted;
}

function numberTest(definition: ScimAttribute, by: Comparison, literal: Literal): Test {
  const wanted = typeof literal === 'string' && literal.trim() !== '' ? Number(literal) : literal;
  if (typeof wanted !== 'number' || !Number.isFinite(wanted)) throw wrongLiteral(definition);
  if (by === 'eq') return (value) => value === wanted;
  if (!isOrdered(by)) throw unfit(definition, by);
  return (value) => typeof value === 'number' && ORDERED[by](value, wanted);
}

function timeTest(definition: ScimAttribute, by: Comparison, literal: Literal): Test {
  const wanted = typeof literal === 'string' ? Date.parse(literal) : Number.NaN;
  if (Number.isNaN(wanted)) throw wrongLiteral(definition);
  const timeOf = (value: AttributeValue): number => (typeof value === 'string' ? Date.parse(value) : Number.NaN);
  if (by === 'eq') return (value) => timeOf(value) === wanted;
  if (!isOrdered(by)) throw unfit(definition, by);
  return (value) => ORDERED[by](timeOf(value), wanted);
}

function textTest(definition: ScimAttribute, by: Comparison, literal: Literal): Test {
  if (literal === null) throw wrongLiteral(definition);
  const folded = definition.caseExact ? (text: string): string => text : nameKey;
  const wanted = folded(String(literal));
  const compare = isWithin(by) ? WITHIN[by] : isOrdered(by) ? ORDERED[by] : (a: Ordered, b: Ordered) => a === b;
  return (value) => typeof value === 'string' && compare(folded(value), wanted);
}
