import { DEFAULTS } from '../../config/defaults';
import { fingerprint } from '../../domain/ids';
import type { AttributeRule, MappingSettings } from '../../domain/settings';
import type { ProviderDefinition } from '../provider';
import { entraConcurrency } from './api';
import { createEntraProvider } from './provider';
import { entraSettingsSchema, type EntraSettings } from './settings';

const attribute = (source: string, fallback: readonly string[]): AttributeRule => ({
  ...DEFAULTS.attribute,
  source,
  fallback,
});

/** What a tenant is mapped by where the connector has no mapping (docs/connectors/entra.md). */
export const ENTRA_PRESET: MappingSettings = {
  username: {
    ...attribute('userPrincipalName', []),
    ...DEFAULTS.username,
    transforms: [{ type: 'guestUpn' }, { type: 'stripDomain' }, { type: 'lowercase' }],
  },
  email: attribute('mail', ['userPrincipalName']),
  displayName: attribute('displayName', ['userPrincipalName']),
};

/** The source type `entra`. */
export const entraDefinition: ProviderDefinition<EntraSettings> = {
  type: 'entra',
  settings: entraSettingsSchema,
  secrets: ['clientSecret', 'privateKey'],
  identityKeys: ['tenantId', 'graphUrl'],
  immaterial: ['clientId', 'certificate', 'clientSecretExpires', 'quotaShare', 'allowHttp', 'loginUrl'],
  supports: ['read', 'nested', 'guests', 'managers', 'quotaShare'],
  preset: ENTRA_PRESET,
  // Graph counts by application and tenant.
  budget: ({ tenantId, clientId, graphUrl }) => ({
    connection: `entra-${fingerprint(`${graphUrl} ${tenantId} ${clientId}`)}`,
    concurrency: entraConcurrency,
  }),
  create: (settings, parts) => createEntraProvider(settings, parts),
};
