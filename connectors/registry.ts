import type { SourceConfig } from '../config/source';
import type { MappingSettings } from '../domain/settings';
import { ProviderError } from './errors';
import { fileDefinition } from './file/definition';
import { keycloakDefinition } from './keycloak/definition';
import type { IdentityProvider, ProviderDefinition } from './provider';

export interface RegistryOptions {
  /** Folder that relative paths of settings are taken from: that of the configuration file, else the working directory. */
  readonly baseDirectory: string;
}

/** Every identity provider there is: a new one is a line here. */
export function providerDefinitions({ baseDirectory }: RegistryOptions): readonly ProviderDefinition[] {
  return [erased(fileDefinition(baseDirectory)), erased(keycloakDefinition)];
}

/**
 * The provider of a connector.
 * @throws ProviderError configuration: no such type, or settings that its schema refuses
 */
export function createProvider(
  definitions: readonly ProviderDefinition[],
  connector: { readonly source: SourceConfig; readonly mapping: MappingSettings }
): IdentityProvider {
  const { type, ...settings } = connector.source;
  const definition = definitions.find((candidate) => candidate.type === type);
  if (definition === undefined) throw new ProviderError('configuration', `source type ${type} is not built yet`);
  const parsed = definition.settings.safeParse(settings);
  if (parsed.success) return definition.create(parsed.data, connector.mapping);
  const paths = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new ProviderError('configuration', `the settings of the source ${type} are not valid: ${paths}`);
}

/** Lets definitions of different settings stand in one list; each parses its own settings before it creates. */
function erased<S>(definition: ProviderDefinition<S>): ProviderDefinition {
  return { ...definition, create: (settings, mapping) => definition.create(settings as S, mapping) };
}
