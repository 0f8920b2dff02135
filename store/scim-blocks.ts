import type { Collection, Db } from 'mongodb';
import { scimBlockId, scimBlocksOf } from '../domain/ids';
import type { ScimKindName } from '../domain/scim/kinds';
import { isDuplicateKey } from './mongo';
import type { CollectionIndexes } from './mongo';
import { idsUnder } from './ranges';

/** So many numbers of a sequence are counted together: those of one page. */
export const BLOCK = 200;

interface BlockDocument {
  readonly _id: string;
  readonly block: number;
  /** Resources that are there, tombstones not counted. */
  readonly n: number;
}
export const scimBlockIndexes: CollectionIndexes = { collection: 'scimBlocks', indexes: [] };

export interface BlockCount {
  readonly block: number;
  readonly n: number;
}
/**
 * How many resources each block of a sequence holds, so that the n-th is found without counting (durability 1.2). A crash
 * between a resource and its count leaves a block wrong until it is read whole or its change is carried.
 */
export interface ScimBlocks {
  note(connectorId: string, seq: number, change: 1 | -1): Promise<void>;
  /** In order. */
  list(connectorId: string): Promise<readonly BlockCount[]>;
  /** Sets what was counted, unless somebody changed the count meanwhile. */
  correct(connectorId: string, block: number, seen: number, counted: number): Promise<void>;
  read(connectorId: string, block: number): Promise<number>;
}

export const blockOf = (seq: number): number => Math.floor((seq - 1) / BLOCK);
export const firstOf = (block: number): number => block * BLOCK + 1;

export function createScimBlocks(db: Db, kind: ScimKindName): ScimBlocks {
  const blocks: Collection<BlockDocument> = db.collection(scimBlockIndexes.collection);
  const add = async (connectorId: string, block: number, n: number): Promise<void> => {
    const update = { $inc: { n }, $setOnInsert: { block } };
    await blocks.updateOne({ _id: scimBlockId(connectorId, kind, block) }, update, { upsert: true });
  };
  return {
    note: async (connectorId, seq, change) => {
      try {
        await add(connectorId, blockOf(seq), change);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        await add(connectorId, blockOf(seq), change);
      }
    },
    list: async (connectorId) => {
      const found = await blocks.find({ _id: idsUnder(scimBlocksOf(connectorId, kind)) }).toArray();
      return found.map(({ block, n }) => ({ block, n })).sort((a, b) => a.block - b.block);
    },
    correct: async (connectorId, block, seen, counted) => {
      await blocks.updateOne({ _id: scimBlockId(connectorId, kind, block), n: seen }, { $set: { n: counted } });
    },
    read: async (connectorId, block) => (await blocks.findOne({ _id: scimBlockId(connectorId, kind, block) }))?.n ?? 0,
  };
}
