import type { AttributeRecord, AttributeValue } from '../../domain/model';
import { ProviderError } from '../errors';

const TRUE_WORDS = ['true', '1', 'yes'];
const FALSE_WORDS = ['false', '0', 'no'];

/** A value of a row, undefined where the row has no such column. */
export function valueOf(values: AttributeRecord, column: string): AttributeValue | undefined {
  return Object.hasOwn(values, column) ? values[column] : undefined;
}

/**
 * A text that every row must have (an id, a name), without blanks around it.
 * A whole number of JSON counts as its digits, as long as it is exact.
 */
export function requiredText(values: AttributeRecord, column: string, place: string): string {
  const value = valueOf(values, column);
  if (value === undefined) throw new ProviderError('data', `${place}: has no ${column}`);
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value);
    throw new ProviderError(
      'data',
      `${place}: ${column} is a number that is not whole or not exact: write it in quotes`
    );
  }
  if (typeof value !== 'string') throw new ProviderError('data', `${place}: ${column} must be a text`);
  const text = value.trim();
  if (text === '') throw new ProviderError('data', `${place}: ${column} is empty`);
  return text;
}

/** Whether the person is active; a row without the column is. Anything but the six words is refused. */
export function activeOf(values: AttributeRecord, place: string): boolean {
  const value = valueOf(values, 'active');
  if (value === undefined) return true;
  const word = typeof value === 'object' ? '' : String(value).trim().toLowerCase();
  if (TRUE_WORDS.includes(word)) return true;
  if (FALSE_WORDS.includes(word)) return false;
  throw new ProviderError('data', `${place}: active must be one of ${[...TRUE_WORDS, ...FALSE_WORDS].join(', ')}`);
}

/** The groups a row names: a list with `;` between them, or a JSON list of texts. Each once, in their order. */
export function groupsOf(values: AttributeRecord, place: string): readonly string[] {
  const value = valueOf(values, 'groups');
  if (value === undefined || value === null) return [];
  const parts = typeof value === 'string' ? value.split(';') : value;
  if (!Array.isArray(parts))
    throw new ProviderError('data', `${place}: groups must be a text with ; between or a list`);
  const names = (parts as readonly AttributeValue[]).map((part) => {
    if (typeof part !== 'string') throw new ProviderError('data', `${place}: groups must hold texts only`);
    return part.trim();
  });
  return [...new Set(names)].filter((name) => name !== '');
}

/** Every column but these. */
export function attributesOf(values: AttributeRecord, without: readonly string[]): AttributeRecord {
  return Object.fromEntries(Object.entries(values).filter(([column]) => !without.includes(column)));
}
