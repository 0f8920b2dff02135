import { DEFAULTS } from '../../config/defaults';
import type { AttributeRule, MappingSettings } from '../../domain/settings';
import type { ProviderDefinition } from '../provider';
import { createKeycloakProvider } from './provider';
import { keycloakSettingsSchema, type KeycloakSettings } from './settings';

const attribute = (source: string, fallback: readonly string[]): AttributeRule => ({
  ...DEFAULTS.attribute,
  source,
  fallback,
});

/** What a realm is mapped by where the connector has no mapping (docs/connectors/keycloak.md). */
export const KEYCLOAK_PRESET: MappingSettings = {
  username: { ...attribute('username', []), ...DEFAULTS.username },
  email: attribute('email', []),
  displayName: attribute('fullName', ['username']),
};

/** The source type `keycloak`. */
export const keycloakDefinition: ProviderDefinition<KeycloakSettings> = {
  type: 'keycloak',
  settings: keycloakSettingsSchema,
  secrets: ['clientSecret'],
  identityKeys: ['baseUrl', 'realm'],
  preset: KEYCLOAK_PRESET,
  create: (settings) => createKeycloakProvider(settings),
};
