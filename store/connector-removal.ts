import type { Db, Filter } from 'mongodb';
import { gateUsageIndexes } from './gate-usage';
import { groupLinkIndexes } from './group-links';
import { linkIndexes } from './link-document';
import { membershipIndexes } from './memberships';
import { purgeSome } from './mongo';
import type { Identified } from './mongo';
import { idsUnder } from './ranges';
import { scimBlockIndexes } from './scim-blocks';
import { scimIntentIndexes, scimMemberIndexes } from './scim-members';
import { scimGroupIndexes, scimUserIndexes } from './scim-resource-document';
import { scimTokenIndexes } from './scim-tokens';

const REMOVED_AT_ONCE = 1_000;

/** Collections whose ids begin with that of the connector. */
const OWNED = [
  linkIndexes,
  groupLinkIndexes,
  membershipIndexes,
  gateUsageIndexes,
  scimUserIndexes,
  scimGroupIndexes,
  scimMemberIndexes,
  scimIntentIndexes,
  scimBlockIndexes,
];

/** Deletes what belongs to a connector and is found by the beginning of its id, a bounded number a write. */
export async function removeConnectorData(db: Db, connectorId: string): Promise<void> {
  const mine: Filter<Identified> = { _id: idsUnder(connectorId) };
  for (const { collection } of OWNED) {
    const documents = db.collection<Identified>(collection);
    let removed: number;
    do {
      removed = await purgeSome(documents, mine, REMOVED_AT_ONCE);
    } while (removed > 0);
  }
  await db.collection(scimTokenIndexes.collection).deleteMany({ connectorId });
}
