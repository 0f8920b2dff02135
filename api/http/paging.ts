/** A page of a short list that is read whole, ordered by id; the cursor is the last id of the page before. */
export function pageById<T extends { readonly id: string }>(
  all: readonly T[],
  query: { readonly limit: number; readonly cursor?: string | undefined }
): { readonly items: readonly T[]; readonly nextCursor: string | null } {
  const after = query.cursor ?? '';
  const rest = all.filter(({ id }) => id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
  const items = rest.slice(0, query.limit);
  return { items, nextCursor: rest.length > items.length ? (items.at(-1)?.id ?? null) : null };
}
