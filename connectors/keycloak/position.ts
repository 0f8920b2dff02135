import { createHash } from 'node:crypto';
import { z } from 'zod';

/**
 * A place in a list that Keycloak gives out by offset: the number of rows before it, and which rows those last were.
 * The rows find the place again when others before it were deleted or added meanwhile.
 */
export interface Position {
  readonly offset: number;
  /** Fingerprints of the last rows before the place, the nearest one last. An id may hold a name, a fingerprint does not. */
  readonly anchors: readonly string[];
}

export const START: Position = { offset: 0, anchors: [] };

/** So many rows deleted just before a place leave it findable without reading backwards. */
export const ANCHORS = 10;
/** 48 bits: with 500 rows a page, one page in 10^10 takes a new row for a known one. */
const FINGERPRINT_LENGTH = 8;

export const positionShape = z.strictObject({
  offset: z.int().min(0),
  anchors: z.array(z.string().length(FINGERPRINT_LENGTH)).max(ANCHORS),
});

export function fingerprint(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, FINGERPRINT_LENGTH);
}

/** The place behind rows that were taken from `position` on; `offset` is where the list has the last of them, plus one. */
export function behind(position: Position, ids: readonly string[], offset: number): Position {
  const anchors = [...position.anchors, ...ids.slice(-ANCHORS).map(fingerprint)].slice(-ANCHORS);
  return { offset, anchors };
}
