import type { AttributeValue } from '../model';

/** The texts that the value of an expression stands for: those of a list, none for null and for blank texts. */
export function textsOfValue(value: AttributeValue): readonly string[] | { readonly failed: string } {
  const values: readonly AttributeValue[] = Array.isArray(value) ? (value as readonly AttributeValue[]) : [value];
  const texts: string[] = [];
  for (const one of values) {
    if (one === null) continue;
    if (typeof one === 'object') {
      return { failed: 'the result must be a text, a number, true, false, null, or a list of these' };
    }
    if (String(one).trim() !== '') texts.push(String(one));
  }
  return texts;
}
