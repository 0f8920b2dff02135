import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ProviderError } from '../errors';

/** Where a list of Graph goes on: the link it gave, and what proves that the list ends and is whole. */
export interface ListPlace {
  /** Null: at the beginning. */
  readonly link: string | null;
  readonly pages: number;
  readonly rows: number;
  /** Rows that are of no concern. */
  readonly skipped: number;
  /** What Graph counted at the beginning. */
  readonly total: number | null;
  /** Pages without rows in a row. */
  readonly empty: number;
  /** Fingerprints of the last links. */
  readonly links: readonly string[];
  /** Fingerprint of the last page. */
  readonly page: string;
}

export const START: ListPlace = {
  link: null,
  pages: 0,
  rows: 0,
  skipped: 0,
  total: null,
  empty: 0,
  links: [],
  page: '',
};

export const placeShape = z.strictObject({
  link: z.string().nullable(),
  pages: z.int().min(0),
  rows: z.int().min(0),
  skipped: z.int().min(0),
  total: z.int().min(0).nullable(),
  empty: z.int().min(0),
  links: z.array(z.string()).readonly(),
  page: z.string(),
});

/** What a page of any list says of itself. */
export interface Turned {
  readonly ids: readonly string[];
  readonly nextLink: string | null;
  readonly count: number | null;
  /** How many of the rows are of no concern. */
  readonly skipped: number;
}

const LINKS_KEPT = 12;
/** A page that is given again now and then is no circle yet. */
const MOST_SAME_LINKS = 3;
const MOST_EMPTY_PAGES = 100;
const MOST_PAGES = 100_000;
const SPARE_ROWS = 5_000;

/**
 * The place behind a page.
 * @param step as error messages name the list
 * @throws ProviderError data: the list goes round in a circle or does not end
 */
export function turn(place: ListPlace, page: Turned, step: string): ListPlace {
  const total = place.total ?? page.count;
  const print = page.ids.length === 0 ? place.page : fingerprint(page.ids.join());
  const isRepeated = page.ids.length > 0 && print === place.page;
  const next: ListPlace = {
    link: page.nextLink,
    pages: place.pages + 1,
    rows: place.rows + (isRepeated ? 0 : page.ids.length),
    skipped: place.skipped + (isRepeated ? 0 : page.skipped),
    total,
    empty: page.ids.length === 0 ? place.empty + 1 : 0,
    links: page.nextLink === null ? [] : [...place.links, fingerprint(page.nextLink)].slice(-LINKS_KEPT),
    page: print,
  };
  refuseEndless(next, step);
  return next;
}

function refuseEndless({ links, empty, pages, rows, total }: ListPlace, step: string): void {
  const last = links.at(-1);
  const problem =
    last !== undefined && links.filter((link) => link === last).length > MOST_SAME_LINKS
      ? 'its pages go round in a circle'
      : empty > MOST_EMPTY_PAGES
        ? 'one empty page follows the other'
        : pages > MOST_PAGES || (total !== null && rows > 2 * total + SPARE_ROWS)
          ? 'it does not end'
          : null;
  if (problem !== null) throw new ProviderError('data', `Microsoft Graph: ${step}: ${problem}`);
}

/** How many different records there should be; null where Graph did not count. */
export const totalOf = ({ total, skipped }: ListPlace): number | null => (total === null ? null : total - skipped);

const FINGERPRINT_LENGTH = 8;
const fingerprint = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, FINGERPRINT_LENGTH);

/** Cursors are JSON without names of people: links of Graph, ids of groups, fingerprints and numbers. */
export const encode = (place: object): string => JSON.stringify(place);

/** @throws ProviderError cursorExpired for a cursor of another version, or none at all */
export function decode<T>(cursor: string, shape: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(cursor);
  } catch {
    value = undefined;
  }
  const decoded = shape.safeParse(value);
  if (decoded.success) return decoded.data;
  throw new ProviderError('cursorExpired', 'the place in the tenant is not known: read it from the start');
}
