import { DEFAULTS } from '../../config/defaults';
import type { AttributeRule, MappingSettings } from '../../domain/settings';
import type { ProviderDefinition } from '../provider';
import { createOktaProvider } from './provider';
import { oktaSettingsSchema, type OktaSettings } from './settings';

const attribute = (source: string, fallback: readonly string[]): AttributeRule => ({
  ...DEFAULTS.attribute,
  source,
  fallback,
});

/** What an org is mapped by where the connector has no mapping (docs/connectors/okta.md). */
export const OKTA_PRESET: MappingSettings = {
  username: { ...attribute('login', []), ...DEFAULTS.username },
  email: attribute('email', []),
  displayName: attribute('displayName', ['fullName', 'login']),
};

/** Okta lets 75 requests be open at once in the whole org; a sync takes few of them. */
const OPEN_CALLS = 8;

/** The source type `okta`. */
export const oktaDefinition: ProviderDefinition<OktaSettings> = {
  type: 'okta',
  settings: oktaSettingsSchema,
  secrets: ['privateKey', 'apiToken'],
  identityKeys: ['baseUrl'],
  immaterial: ['clientId', 'keyId', 'quotaShare', 'allowHttp'],
  supports: ['quotaShare'],
  preset: OKTA_PRESET,
  budget: ({ baseUrl }) => ({ connection: `okta ${baseUrl}`, concurrency: OPEN_CALLS }),
  create: (settings, parts) => createOktaProvider(settings, { limiter: parts?.limiter }),
};
