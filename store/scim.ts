import type { Db } from 'mongodb';
import type { Counters } from './counters';
import { scimBlockIndexes } from './scim-blocks';
import { createScimMemberRepository, scimIntentIndexes, scimMemberIndexes } from './scim-members';
import { createScimPendingRepository } from './scim-pending';
import { scimGroupIndexes, scimUserIndexes } from './scim-resource-document';
import { createScimResourceRepository } from './scim-resources';
import type { ScimStore } from './scim-store';
import { createScimTokenRepository, scimTokenIndexes } from './scim-tokens';

export const scimIndexes = [
  scimUserIndexes,
  scimGroupIndexes,
  scimMemberIndexes,
  scimIntentIndexes,
  scimBlockIndexes,
  scimTokenIndexes,
];

/** Everything that identity providers pushed, and what opens the door to them. */
export function createScimStore(db: Db, counters: Counters): ScimStore {
  return {
    users: createScimResourceRepository(db, 'User', counters),
    groups: createScimResourceRepository(db, 'Group', counters),
    members: createScimMemberRepository(db),
    pending: createScimPendingRepository(db, counters),
    tokens: createScimTokenRepository(db),
  };
}
