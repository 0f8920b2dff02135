import type { Collection } from 'mongodb';
import type { Link } from '../domain/model';
import { without } from './mongo';
import type { CollectionIndexes } from './mongo';
import type { StoredLink } from './link-records';

export interface Lease {
  readonly owner: string;
  readonly token: string;
  /** Epoch milliseconds. */
  readonly until: number;
}
/** A document always has a lease, so that "free" is one flat condition: until <= now. */
export const NO_LEASE: Lease = { owner: '', token: '', until: 0 };

export interface LinkDocument extends Link {
  readonly _id: string;
  readonly slice: number;
  readonly lease: Lease;
  /** The account this link owns. Unset, never null, when it owns none (durability 1.3). */
  readonly targetClaim?: string;
  /** The name a link without an account is about to take. Unset, never null, otherwise. */
  readonly nameClaim?: string;
}
export type Links = Collection<LinkDocument>;

export const linkIndexes: CollectionIndexes = {
  collection: 'links',
  indexes: [
    { keys: ['connectorId', 'slice', '_id'] },
    { keys: ['targetClaim'], sparse: true },
    { keys: ['nameClaim'], sparse: true },
    { keys: ['due'], sparse: true },
  ],
};

export function toStoredLink(document: LinkDocument): StoredLink {
  const { _id, lease, ...rest } = without(document, 'targetClaim', 'nameClaim');
  return { id: _id, ...rest, lease: lease.token === NO_LEASE.token ? null : lease };
}
