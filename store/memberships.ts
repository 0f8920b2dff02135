import type { Collection, Db } from 'mongodb';
import type { SliceRange } from '../domain/ids';
import { membershipId, sliceOf } from '../domain/ids';
import type { LedgerMembership, MembershipOrigin } from '../domain/model';
import { nameKey } from '../domain/names';
import { deleteByIds, putAll } from './mongo';
import type { CollectionIndexes } from './mongo';
import { byText, sliceFilter } from './ranges';
import type { StoredMembership } from './link-records';
import type { MembershipRepository } from './link-repositories';

interface MembershipDocument {
  /** connector, user and group: so it is unique whichever of the two one comes from (durability 1.5). */
  readonly _id: string;
  readonly connectorId: string;
  readonly slice: number;
  readonly externalId: string;
  readonly group: string;
  readonly addedBy: MembershipOrigin;
}
export const membershipIndexes: CollectionIndexes = {
  collection: 'memberships',
  indexes: [{ keys: ['connectorId', 'slice', '_id'] }],
};

const idOf = (connectorId: string, externalId: string, group: string): string =>
  membershipId(connectorId, externalId, nameKey(group));

function toDocument({ connectorId, externalId, group, addedBy }: StoredMembership): MembershipDocument {
  const slice = sliceOf(externalId);
  return { _id: idOf(connectorId, externalId, group), connectorId, slice, externalId, group, addedBy };
}

async function inSlices(
  memberships: Collection<MembershipDocument>,
  connectorId: string,
  range: SliceRange
): Promise<ReadonlyMap<string, readonly LedgerMembership[]>> {
  const found = await memberships.find({ connectorId, slice: sliceFilter(range) }).toArray();
  const byUser = new Map<string, LedgerMembership[]>();
  for (const { externalId, group, addedBy } of found.sort(byText((membership) => membership._id))) {
    const list = byUser.get(externalId) ?? [];
    list.push({ group, addedBy });
    byUser.set(externalId, list);
  }
  return byUser;
}

/** The ledger: which memberships are in the target, and who brought them there (rules 2.6). */
export function createMembershipRepository(db: Db): MembershipRepository {
  const memberships = db.collection<MembershipDocument>(membershipIndexes.collection);
  return {
    inSlices: (connectorId, range) => inSlices(memberships, connectorId, range),
    put: (given) => putAll(memberships, given.map(toDocument)),
    remove: async (connectorId, given) => {
      await deleteByIds(
        memberships,
        given.map(({ externalId, group }) => idOf(connectorId, externalId, group))
      );
    },
  };
}
