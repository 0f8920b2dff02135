/** Where in an expression something stands; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * An expression that cannot be used, or that failed for one person. The text says what and where; it never holds a value
 * of an attribute.
 */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  constructor(
    /** What is wrong, without the place. */
    readonly what: string,
    readonly place: Place | null,
    /** A name that is not known, and those that are. */
    readonly unknown: { readonly name: string; readonly known: readonly string[] } | null = null,
    options?: ErrorOptions
  ) {
    super(place === null ? what : `${what} (line ${place.line}, column ${place.column})`, options);
  }
}

/** The place of a position in a text. */
export function placeAt(source: string, position: number): Place {
  const before = source.slice(0, position);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: position - lineStart + 1 };
}
