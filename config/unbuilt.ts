import { ABSENT, type UnbuiltKeys } from './section';

/**
 * Keys of the configuration whose feature is not built yet, by section, with the only value accepted for each.
 * Building a feature moves its key from here into the schema.
 */
export const UNBUILT = {
  connector: {
    priority: 100,
    handoff: null,
    key: { source: 'id' },
  },
  source: { read: 'scoped', nested: 'flatten', guests: 'exclude', managers: false, photos: false, quotaShare: 50 },
  match: { guests: false },
  lifecycle: { whenConnectorIsDeleted: 'release' },
  unmatched: { in: [], graceDays: ABSENT, then: ABSENT },
  approval: { twoPerson: false },
  settings: { notifications: [], allowedHosts: [] },
} as const satisfies Readonly<Record<string, UnbuiltKeys>>;

/** Every source type there will be; those without a definition are refused as not built yet. */
export const SOURCE_TYPES = [
  'file',
  'keycloak',
  'entra',
  'okta',
  'google',
  'onelogin',
  'jumpcloud',
  'ldap',
  'rest',
  'scimClient',
  'scim',
  'inactivity',
] as const;
