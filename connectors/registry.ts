import type { SourceConfig } from '../config/source';
import type { CallLimiter } from '../domain/call-limiter';
import { looksAtGroups } from '../domain/expression/uses';
import type { GroupSettings, MappingSettings, ScopeSettings } from '../domain/settings';
import { entraDefinition } from './entra/definition';
import { ProviderError } from './errors';
import { fileDefinition } from './file/definition';
import { googleDefinition } from './google/definition';
import { keycloakDefinition } from './keycloak/definition';
import { oktaDefinition } from './okta/definition';
import type { CallBudget, IdentityProvider, ProviderContext, ProviderDefinition, ProviderParts } from './provider';
import { scimDefinition } from './scim/definition';

export interface RegistryOptions {
  /** Folder that relative paths of settings are taken from: that of the configuration file, else the working directory. */
  readonly baseDirectory: string;
}

/** Every identity provider there is: a new one is a line here. */
export function providerDefinitions({ baseDirectory }: RegistryOptions): readonly ProviderDefinition[] {
  return [
    erased(fileDefinition(baseDirectory)),
    erased(keycloakDefinition),
    erased(entraDefinition),
    erased(oktaDefinition),
    erased(googleDefinition),
    erased(scimDefinition),
  ];
}

/** What of a connector's configuration a provider is made of. */
export interface ProviderSource {
  readonly source: SourceConfig;
  readonly mapping: MappingSettings;
  readonly scope?: ScopeSettings;
  readonly groups?: GroupSettings;
}

/** What a process has for its providers. */
export interface ProviderSurroundings {
  readonly limiterOf?: (budget: CallBudget) => CallLimiter;
  readonly context?: ProviderContext;
}

/**
 * The provider of a connector. `limiterOf` gives the budget that all workers share; without it each provider counts alone.
 * @throws ProviderError configuration: no such type, or settings that its schema refuses
 */
export function createProvider(
  definitions: readonly ProviderDefinition[],
  connector: ProviderSource,
  { limiterOf, context }: ProviderSurroundings = {}
): IdentityProvider {
  const { type, ...settings } = connector.source;
  const definition = definitions.find((candidate) => candidate.type === type);
  if (definition === undefined) throw new ProviderError('configuration', `source type ${type} is not built yet`);
  const parsed = definition.settings.safeParse(settings);
  if (parsed.success) {
    const budget = definition.budget?.(parsed.data) ?? null;
    const limiter = budget === null ? undefined : limiterOf?.(budget);
    return definition.create(parsed.data, {
      ...partsOf(connector),
      ...(limiter !== undefined && { limiter }),
      ...(context !== undefined && { context }),
    });
  }
  const paths = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new ProviderError('configuration', `the settings of the source ${type} are not valid: ${paths}`);
}

function partsOf({ mapping, scope, groups }: ProviderSource): ProviderParts {
  return {
    mapping,
    ...(scope !== undefined && { scope }),
    ...(groups !== undefined && { groups: groups.include, naming: groups }),
    ...(scope !== undefined && groups !== undefined && { looksAtGroups: looksAtGroups({ mapping, scope, groups }) }),
  };
}

/** Lets definitions of different settings stand in one list; each parses its own settings before it creates. */
function erased<S>(definition: ProviderDefinition<S>): ProviderDefinition {
  const create = (settings: unknown, parts?: ProviderParts) => definition.create(settings as S, parts);
  const budgetOf = (settings: unknown) => definition.budget?.(settings as S) ?? null;
  return { ...definition, create, budget: budgetOf };
}
