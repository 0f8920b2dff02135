import type { Collection, Db } from 'mongodb';
import { isDuplicateKey } from './mongo';
import type { CollectionIndexes } from './mongo';
import type { SealedConfig, TargetRecord } from './records';
import type { TargetRepository } from './store';
import { byText } from './ranges';
import { fromText, toText } from './text';
import type { JsonText } from './text';

interface TargetDocument {
  readonly _id: string;
  readonly config: JsonText<SealedConfig>;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}
export const targetIndexes: CollectionIndexes = { collection: 'targets', indexes: [] };

function toRecord({ _id, config, ...rest }: TargetDocument): TargetRecord {
  return { id: _id, config: fromText(config), ...rest };
}

async function insert(
  targets: Collection<TargetDocument>,
  { id, config, now }: Parameters<TargetRepository['insert']>[0]
): Promise<boolean> {
  try {
    await targets.insertOne({ _id: id, config: toText(config), version: 1, createdAt: now, updatedAt: now });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/** Targets and their configuration; few, so the list reads them all. */
export function createTargetRepository(db: Db): TargetRepository {
  const targets = db.collection<TargetDocument>(targetIndexes.collection);
  return {
    insert: (record) => insert(targets, record),
    get: async (id) => {
      const found = await targets.findOne({ _id: id });
      return found && toRecord(found);
    },
    list: async () => (await targets.find({}).toArray()).map(toRecord).sort(byText((target) => target.id)),
    replace: async (id, version, config, now) => {
      const set = { config: toText(config), version: version + 1, updatedAt: now };
      return (await targets.updateOne({ _id: id, version }, { $set: set })).matchedCount === 1;
    },
    remove: async (id) => {
      await targets.deleteOne({ _id: id });
    },
  };
}
