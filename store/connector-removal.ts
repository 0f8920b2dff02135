import type { Db, Filter } from 'mongodb';
import { gateUsageIndexes } from './gate-usage';
import { groupLinkIndexes } from './group-links';
import { linkIndexes } from './link-document';
import { membershipIndexes } from './memberships';
import { purgeSome } from './mongo';
import type { Identified } from './mongo';
import { idsUnder } from './ranges';

const REMOVED_AT_ONCE = 1_000;

const OWNED = [linkIndexes, groupLinkIndexes, membershipIndexes, gateUsageIndexes];

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
}
