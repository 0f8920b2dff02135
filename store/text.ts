/**
 * Data whose member names we do not choose (attributes of a provider, group names as keys, `$sealed`) lies in the store as
 * JSON text: field names of a document must not hold '$' or '.', and text is exact where a document changes number types.
 */
export type JsonText<T> = string & { readonly of?: T };

/** @throws TypeError for what JSON has no form for */
export function toText<T>(value: T): JsonText<T> {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError(`the store keeps JSON values only, not ${typeof value}`);
  return text;
}

/** What `toText` was given. */
export function fromText<T>(text: JsonText<T>): T {
  return JSON.parse(text) as T;
}
