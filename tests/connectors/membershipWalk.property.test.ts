import fc from 'fast-check';
import { membershipsPage, type LinkedPage, type MembershipSource } from '../../connectors/membershipWalk';

type Directory = ReadonlyMap<string, readonly string[]>;

/** Pages of a list by number; `lost` pages are skipped, which nobody says. */
function paged<T>(rows: readonly T[], size: number, next: string | null, lost: ReadonlySet<number>): LinkedPage<T> {
  let page = Number(next ?? '0');
  while (lost.has(page)) page++;
  const isLast = (page + 1) * size >= rows.length;
  return { rows: rows.slice(page * size, (page + 1) * size), next: isLast ? null : String(page + 1) };
}

interface Loss {
  /** Pages of the list of groups that are lost while members are read, not when the groups are listed again. */
  readonly groups: ReadonlySet<number>;
  /** Pages of members, of the first reading of each group, or of every one. */
  readonly members: ReadonlySet<number>;
  readonly always: boolean;
}

const NOTHING: Loss = { groups: new Set(), members: new Set(), always: false };
const PAGE = 3;

function sourceOf(directory: Directory, { groups, members, always }: Loss = NOTHING): MembershipSource {
  const ids = [...directory.keys()];
  const begun = new Map<string, number>();
  let walks = 0;
  return {
    service: 'Test',
    groups: (next) => {
      if (next === null) walks += 1;
      const page = paged(ids, PAGE, next, walks === 1 ? groups : new Set());
      return Promise.resolve({
        ...page,
        rows: page.rows.map((id) => ({ id, members: directory.get(id)?.length ?? null })),
      });
    },
    members: (group, next) => {
      if (next === null) begun.set(group, (begun.get(group) ?? 0) + 1);
      const isSpoiled = always || begun.get(group) === 1;
      const page = paged(directory.get(group) ?? [], PAGE, next, isSpoiled ? members : new Set());
      return Promise.resolve({ ...page, rows: page.rows.map((id) => ({ id, kind: 'user' as const })) });
    },
    count: (group) => Promise.resolve(directory.get(group)?.length ?? null),
  };
}

async function readAll(source: MembershipSource) {
  const pairs = new Set<string>();
  const incomplete: string[] = [];
  for (let cursor: string | null = null, pages = 0; pages === 0 || cursor !== null; pages++) {
    const page = await membershipsPage(source, cursor);
    for (const { record } of page.items) pairs.add(`${record.groupId} ${record.userId}`);
    incomplete.push(...(page.incomplete ?? []));
    cursor = page.cursor;
  }
  return { pairs, incomplete };
}

const pairsOf = (directory: Directory): ReadonlySet<string> =>
  new Set([...directory].flatMap(([group, users]) => users.map((user) => `${group} ${user}`)));

const directories = fc
  .array(fc.nat(14), { maxLength: 30 })
  .map(
    (sizes): Directory => new Map(sizes.map((size, n) => [`g${n}`, Array.from({ length: size }, (_, k) => `u${k}`)]))
  );
const lostPages = fc.array(fc.nat(9), { maxLength: 3 }).map((pages) => new Set(pages));

describe('the walk over all groups and their members', () => {
  it('delivers every membership, and calls the read complete', async () => {
    await fc.assert(
      fc.asyncProperty(directories, async (directory) => {
        expect(await readAll(sourceOf(directory))).toEqual({ pairs: pairsOf(directory), incomplete: [] });
      })
    );
  });

  it('is right or called incomplete, whichever pages are lost', async () => {
    await fc.assert(
      fc.asyncProperty(directories, lostPages, lostPages, fc.boolean(), async (directory, groups, members, always) => {
        const { pairs, incomplete } = await readAll(sourceOf(directory, { groups, members, always }));
        const all = pairsOf(directory);
        for (const pair of pairs) expect(all).toContain(pair);
        if (pairs.size < all.size) expect(incomplete).not.toEqual([]);
      })
    );
  });

  it('reads a group once more that lost a page for a moment', async () => {
    await fc.assert(
      fc.asyncProperty(directories, lostPages, async (directory, members) => {
        const read = await readAll(sourceOf(directory, { ...NOTHING, members }));
        expect(read).toEqual({ pairs: pairsOf(directory), incomplete: [] });
      })
    );
  });
});
