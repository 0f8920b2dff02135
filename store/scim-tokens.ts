import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './mongo';
import { without } from './mongo';
import { byText } from './ranges';
import type { ScimToken, ScimTokenRepository } from './scim-store';

interface TokenDocument extends Omit<ScimToken, 'id'> {
  readonly _id: string;
  readonly digest: string;
}
export const scimTokenIndexes: CollectionIndexes = {
  collection: 'scimTokens',
  indexes: [{ keys: ['digest'] }, { keys: ['connectorId', '_id'] }],
};

function toToken(document: TokenDocument): ScimToken {
  const { _id, ...rest } = without(document, 'digest');
  return { id: _id, ...rest };
}

/** Digests of the tokens with which identity providers open their connectors. */
export function createScimTokenRepository(db: Db): ScimTokenRepository {
  const tokens: Collection<TokenDocument> = db.collection(scimTokenIndexes.collection);
  const shown = (found: TokenDocument | null): ScimToken | null => found && toToken(found);
  return {
    insert: async ({ id, ...token }, digest) => {
      await tokens.insertOne({ _id: id, ...token, digest });
    },
    byDigest: async (digest) => shown(await tokens.findOne({ digest })),
    get: async (connectorId, id) => shown(await tokens.findOne({ _id: id, connectorId })),
    list: async (connectorId) => {
      const found = await tokens.find({ connectorId }).toArray();
      return found.map(toToken).sort(byText(({ createdAt, id }) => `${createdAt} ${id}`));
    },
    used: async (id, at) => {
      await tokens.updateOne({ _id: id }, { $set: { lastUsedAt: at } });
    },
    remove: async (connectorId, id) => (await tokens.deleteOne({ _id: id, connectorId })).deletedCount === 1,
  };
}
