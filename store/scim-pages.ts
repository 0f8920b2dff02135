import { BLOCK, blockOf, firstOf } from './scim-blocks';
import type { BlockCount, ScimBlocks } from './scim-blocks';
import type { ScimPage, ScimRecord } from './scim-store';

interface Paged {
  readonly blocks: ScimBlocks;
  /** Resources with a number of the sequence in from..to, in order. */
  readonly read: (connectorId: string, from: number, to: number) => Promise<readonly ScimRecord[]>;
}

/** One block as it is now; a count that a crash left wrong is put right on the way. */
async function readBlock(
  { blocks, read }: Paged,
  connectorId: string,
  { block, n }: BlockCount
): Promise<readonly ScimRecord[]> {
  const found = await read(connectorId, firstOf(block), firstOf(block) + BLOCK - 1);
  if (found.length !== n) await blocks.correct(connectorId, block, n, found.length);
  return found;
}

/** The page that begins at the `start`-th resource: the blocks before it are counted, those it lies in are read. */
export async function pageOf(paged: Paged, connectorId: string, start: number, count: number): Promise<ScimPage> {
  const all = await paged.blocks.list(connectorId);
  let total = all.reduce((sum, { n }) => sum + n, 0);
  const items: ScimRecord[] = [];
  let before = 0;
  for (const counted of all) {
    if (items.length >= count) break;
    if (before + counted.n >= start) {
      const found = await readBlock(paged, connectorId, counted);
      total += found.length - counted.n;
      items.push(
        ...found.slice(Math.max(0, start - 1 - before), Math.max(0, start - 1 - before) + count - items.length)
      );
      before += found.length;
    } else before += counted.n;
  }
  return { items, total };
}

/** Counts the blocks of these numbers anew. */
export async function recount(paged: Paged, connectorId: string, seqs: readonly number[]): Promise<void> {
  for (const block of new Set(seqs.map(blockOf))) {
    await readBlock(paged, connectorId, { block, n: await paged.blocks.read(connectorId, block) });
  }
}
