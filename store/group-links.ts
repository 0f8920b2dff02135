import type { Db } from 'mongodb';
import { groupLinkId } from '../domain/ids';
import { putAll } from './mongo';
import type { CollectionIndexes } from './mongo';
import { byText, idsUnder } from './ranges';
import type { StoredGroupLink } from './link-records';
import type { GroupLinkRepository } from './link-repositories';

interface GroupLinkDocument extends StoredGroupLink {
  readonly _id: string;
}
export const groupLinkIndexes: CollectionIndexes = { collection: 'groupLinks', indexes: [] };

/** Which source group is which target group (rules 2.1). */
export function createGroupLinkRepository(db: Db): GroupLinkRepository {
  const links = db.collection<GroupLinkDocument>(groupLinkIndexes.collection);
  return {
    list: async (connectorId) => {
      const found = await links
        .find<StoredGroupLink>({ _id: idsUnder(connectorId) }, { projection: { _id: 0 } })
        .toArray();
      return found.sort(byText((link) => groupLinkId(link.connectorId, link.groupId, link.targetName)));
    },
    put: (link) => putAll(links, [{ _id: groupLinkId(link.connectorId, link.groupId, link.targetName), ...link }]),
  };
}
