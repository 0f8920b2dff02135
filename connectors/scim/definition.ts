import { DEFAULTS } from '../../config/defaults';
import { SCIM_SOURCE, scimSettingsSchema } from '../../config/scim';
import type { ScimSettings } from '../../config/scim';
import type { AttributeRule, MappingSettings } from '../../domain/settings';
import { ProviderError } from '../errors';
import type { ProviderDefinition } from '../provider';
import { createScimProvider } from './provider';

const attribute = (source: string, fallback: readonly string[]): AttributeRule => ({
  ...DEFAULTS.attribute,
  source,
  fallback,
});

/** What pushed people are mapped by where the connector has no mapping (docs/connectors/scim-generic.md). */
export const SCIM_PRESET: MappingSettings = {
  username: { ...attribute('userName', []), ...DEFAULTS.username },
  email: attribute('email', []),
  displayName: attribute('displayName', ['fullName', 'userName']),
};

/** The source type `scim`: the provider pushes, and what it pushed is read from the store. */
export const scimDefinition: ProviderDefinition<ScimSettings> = {
  type: SCIM_SOURCE,
  settings: scimSettingsSchema,
  secrets: [],
  identityKeys: [],
  preset: SCIM_PRESET,
  create: (settings, { context } = {}) => {
    if (context === undefined) throw new ProviderError('configuration', 'a scim source is read by a worker alone');
    return createScimProvider(settings, context);
  },
};
