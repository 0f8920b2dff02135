/** Faults that change what a page of a list holds and where it says that the next one is. */
export type PageFault = 'empty-page' | 'repeated-page' | 'lost-page' | 'lost-rest';

export interface PageRequest {
  /** The id that the page begins behind; null for the first one. */
  readonly after: string | null;
  readonly limit: number;
  readonly fault: PageFault | null;
}

export interface PageOf<T> {
  readonly rows: readonly T[];
  /** Cursor of the next page; null behind the last one. */
  readonly next: string | null;
}

/** One page of rows that stand in the order of their ids. */
export function pageOf<T extends { readonly id: string }>(rows: readonly T[], request: PageRequest): PageOf<T> {
  const { after, limit, fault } = request;
  const from = after === null ? 0 : firstBehind(rows, after);
  switch (fault) {
    case 'empty-page':
      return { rows: [], next: after ?? '' };
    case 'repeated-page':
      return { rows: rows.slice(Math.max(0, from - limit), from), next: after ?? '' };
    case 'lost-page':
      return slice(rows, from + limit, limit);
    case 'lost-rest':
      return { rows: rows.slice(from, from + limit), next: null };
    case null:
      return slice(rows, from, limit);
  }
}

function slice<T extends { readonly id: string }>(rows: readonly T[], from: number, limit: number): PageOf<T> {
  const page = rows.slice(from, from + limit);
  const isLast = from + limit >= rows.length;
  return { rows: page, next: isLast ? null : (page.at(-1)?.id ?? null) };
}

function firstBehind(rows: readonly { readonly id: string }[], after: string): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.id ?? '') <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}
