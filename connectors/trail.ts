import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ProviderError } from './errors';

/**
 * What is remembered of the pages behind a place in a list that links to its next page: enough to notice a circle of any
 * length (Brent's algorithm: one mark, moved at every power of two), and small enough to stand in a cursor.
 */
export interface Trail {
  readonly pages: number;
  /** Fingerprint of an earlier link. */
  readonly mark: string;
  /** Fingerprint of the latest link. */
  readonly last: string;
  /** How often a link came again. */
  readonly repeats: number;
}

export const NO_TRAIL: Trail = { pages: 0, mark: '', last: '', repeats: 0 };

export const trailShape = z.strictObject({
  pages: z.int().min(0),
  mark: z.string(),
  last: z.string(),
  repeats: z.int().min(0),
});

/** A service under load may give the same page once more; a circle goes on for ever. */
const MOST_REPEATS = 3;
/** Millions of records at the smallest usual pages. */
const MOST_PAGES = 200_000;
const FINGERPRINT_LENGTH = 12;

/**
 * The trail behind one more link.
 * @param list what is read, as error messages name it
 * @throws ProviderError data when the list leads in a circle or does not end
 */
export function followed(trail: Trail, link: string, list: string): Trail {
  const print = createHash('sha256').update(link).digest('base64url').slice(0, FINGERPRINT_LENGTH);
  const isAgain = print === trail.mark || print === trail.last;
  const repeats = trail.repeats + (isAgain ? 1 : 0);
  if (repeats > MOST_REPEATS) {
    throw new ProviderError('data', `${list}: page ${trail.pages + 1} leads back to an earlier one, again and again`);
  }
  const pages = trail.pages + 1;
  if (pages > MOST_PAGES) throw new ProviderError('data', `${list}: it does not end after ${MOST_PAGES} pages`);
  const isPowerOfTwo = (pages & (pages - 1)) === 0;
  return { pages, mark: isPowerOfTwo ? print : trail.mark, last: print, repeats };
}

/** The cursor of a list that links to its next page. */
export const linkShape = z.strictObject({ next: z.string().nullable(), trail: trailShape });
