import { createHash } from 'node:crypto';
import { DEFAULTS } from '../../config/defaults';
import type { AttributeRule, MappingSettings } from '../../domain/settings';
import type { ProviderDefinition } from '../provider';
import { createGoogleProvider } from './provider';
import { googleSettingsSchema, serviceAccountIn, type GoogleSettings } from './settings';

const attribute = (source: string, fallback: readonly string[]): AttributeRule => ({
  ...DEFAULTS.attribute,
  source,
  fallback,
});

/** What a domain is mapped by where the connector has no mapping (docs/connectors/google.md). */
export const GOOGLE_PRESET: MappingSettings = {
  username: { ...attribute('primaryEmail', []), ...DEFAULTS.username },
  email: attribute('primaryEmail', []),
  displayName: attribute('fullName', ['primaryEmail']),
};

const OPEN_CALLS = 8;

/** Google counts by administrator and project; the account's address names the project. */
function connectionOf({ baseUrl, adminEmail, serviceAccountKey }: GoogleSettings): string {
  const { clientEmail = '' } = serviceAccountIn(serviceAccountKey) ?? {};
  const counted = `${baseUrl} ${adminEmail.toLowerCase()} ${clientEmail.split('@').at(-1) ?? ''}`;
  return `google-${createHash('sha256').update(counted).digest('hex').slice(0, 16)}`;
}

/** The source type `google`. */
export const googleDefinition: ProviderDefinition<GoogleSettings> = {
  type: 'google',
  settings: googleSettingsSchema,
  secrets: ['serviceAccountKey'],
  identityKeys: ['baseUrl', 'customer', 'domain'],
  immaterial: ['adminEmail', 'quotaShare', 'tokenUrl', 'allowHttp'],
  supports: ['nested', 'photos', 'quotaShare'],
  preset: GOOGLE_PRESET,
  budget: (settings) => ({ connection: connectionOf(settings), concurrency: OPEN_CALLS }),
  create: (settings, parts) => createGoogleProvider(settings, { limiter: parts?.limiter }),
};
