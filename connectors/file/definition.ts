import { DEFAULTS } from '../../config/defaults';
import type { AttributeRule, MappingSettings } from '../../domain/settings';
import type { ProviderDefinition } from '../provider';
import { createFileProvider } from './provider';
import { fileSettingsSchema, type FileSettings } from './settings';

const attribute = (source: string, fallback: readonly string[]): AttributeRule => ({
  ...DEFAULTS.attribute,
  source,
  fallback,
});

/** What a file is mapped by where the connector has no mapping (docs/connectors/file.md). */
export const FILE_PRESET: MappingSettings = {
  username: { ...attribute('username', ['email']), ...DEFAULTS.username },
  email: attribute('email', []),
  displayName: attribute('displayName', ['fullName']),
};

/** The source type `file`. Relative paths of its settings are taken from `baseDirectory`. */
export function fileDefinition(baseDirectory: string): ProviderDefinition<FileSettings> {
  return {
    type: 'file',
    settings: fileSettingsSchema(baseDirectory),
    secrets: [],
    // A file that was moved is still the same source; another path holds the next run by `identity()` (rules 4.3).
    identityKeys: [],
    preset: FILE_PRESET,
    create: (settings, { mapping = FILE_PRESET } = {}) => createFileProvider(settings, mapping),
  };
}
