import fc from 'fast-check';
import { START, type Position } from '../../../connectors/keycloak/position';
import { nextRows, PAGE_ROWS } from '../../../connectors/keycloak/rows';

interface Row {
  readonly id: string;
}

const rows = (count: number): Row[] => Array.from({ length: count }, (_, n) => ({ id: `id-${n}` }));

/** Reads a list page by page while `change` alters it after each page; what came, in its order. */
async function readWhile(list: Row[], change: (page: number, read: readonly string[]) => void): Promise<string[]> {
  const read: string[] = [];
  let position: Position = START;
  for (let page = 1; ; page++) {
    const next = await nextRows((first, max) => Promise.resolve(list.slice(first, first + max)), position);
    read.push(...next.rows.map(({ id }) => id));
    if (next.ended) return read;
    position = next.position;
    change(page, read);
  }
}

const removeFrom = (list: Row[], indexes: readonly number[]): void => {
  for (const index of [...new Set(indexes)].sort((a, b) => b - a)) list.splice(index, 1);
};

describe('pages of a list that is given out by offset', () => {
  it.each([0, 1, 9, 10, 11, PAGE_ROWS - 1, PAGE_ROWS, PAGE_ROWS + 10, PAGE_ROWS + 11, 3 * PAGE_ROWS + 1])(
    'deliver %i rows that do not change once each, in order',
    async (count) => {
      const list = rows(count);
      expect(await readWhile(list, () => undefined)).toEqual(list.map(({ id }) => id));
    }
  );

  it('lose no row that stays, and deliver none twice, whichever rows are deleted between pages', async () => {
    const deletions = fc.array(fc.array(fc.nat(1_999), { maxLength: 40 }), { minLength: 4, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(deletions, async (perPage) => {
        const list = rows(2_000);
        const read = await readWhile(list, (page) => {
          removeFrom(
            list,
            (perPage[page - 1] ?? []).filter((index) => index < list.length)
          );
        });
        expect(new Set(read).size).toBe(read.length);
        const seen = new Set(read);
        expect(list.filter(({ id }) => !seen.has(id))).toEqual([]);
      }),
      { numRuns: 60 }
    );
  });

  it('find their place again when more rows than a page were deleted before it', async () => {
    const list = rows(4 * PAGE_ROWS);
    const read = await readWhile(list, (page) => {
      if (page === 3) list.splice(0, 2 * PAGE_ROWS);
    });
    expect(new Set(read).size).toBe(read.length);
    expect(list.every(({ id }) => read.includes(id))).toBe(true);
  });

  it('deliver rows that were added before the place no second time', async () => {
    const list = rows(2 * PAGE_ROWS);
    const read = await readWhile(list, (page) => {
      if (page === 1) list.splice(3, 0, { id: 'new-1' }, { id: 'new-2' });
    });
    expect(read).toEqual(rows(2 * PAGE_ROWS).map(({ id }) => id));
  });

  it('deliver a row that was added among the last ones that were read', async () => {
    const list = rows(2 * PAGE_ROWS);
    const read = await readWhile(list, (page, before) => {
      if (page === 1) list.splice(before.length - 2, 0, { id: 'new' });
    });
    expect(read.filter((id) => id === 'new')).toHaveLength(1);
    expect(new Set(read).size).toBe(2 * PAGE_ROWS + 1);
  });

  it('refuse to go on when nobody can tell any more what was read', async () => {
    const list = rows(3 * PAGE_ROWS);
    const read = readWhile(list, () => {
      list.splice(0, list.length, ...rows(3 * PAGE_ROWS).map(({ id }) => ({ id: `other-${id}` })));
    });
    await expect(read).rejects.toMatchObject({ name: 'ProviderError', kind: 'cursorExpired' });
  });

  it('end where what has the list is gone', async () => {
    const next = await nextRows(() => Promise.resolve(null), START);
    expect(next).toMatchObject({ rows: [], ended: true });
  });
});
