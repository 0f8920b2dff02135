import { z } from 'zod';
import type { MappingSettings } from '../domain/settings';
import { nearestName } from './nearest';
import { schemaIssues, splitUnbuilt, type SchemaIssue, type UnbuiltKeys } from './section';
import { SOURCE_TYPES, UNBUILT } from './unbuilt';
import { plainWords } from './words';

/** What the schema needs of a source type; `ProviderDefinition` of connectors/ has it. */
export interface SourceDefinition {
  readonly type: string;
  readonly settings: z.ZodType;
  readonly secrets: readonly string[];
  readonly preset: MappingSettings;
  /** Keys of UNBUILT.source that its own settings have. */
  readonly supports?: readonly string[];
}

/** The settings of an identity provider, parsed by its own schema. */
export interface SourceConfig {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** `{ type, ...settings }`, where the type chooses the schema of the settings. */
export function sourceSchema(definitions: readonly SourceDefinition[]) {
  return z.looseObject({ type: z.string() }).transform((written, context): SourceConfig => {
    const { type, ...settings } = written;
    const parsed = parseSource(type, settings, definitions);
    if ('source' in parsed) return parsed.source;
    for (const { path, message } of parsed.issues) context.addIssue({ code: 'custom', path: [...path], message });
    return z.NEVER;
  });
}

function parseSource(
  type: string,
  settings: Readonly<Record<string, unknown>>,
  definitions: readonly SourceDefinition[]
): { readonly source: SourceConfig } | { readonly issues: readonly SchemaIssue[] } {
  const definition = definitions.find((candidate) => candidate.type === type);
  if (definition === undefined) return { issues: [{ path: ['type'], message: typeMessage(type, definitions) }] };
  const { rest, issues } = splitUnbuilt(settings, unbuiltFor(definition));
  const result = definition.settings.safeParse(rest, { error: plainWords });
  if (!result.success) return { issues: [...issues, ...schemaIssues(result.error)] };
  if (issues.length > 0) return { issues };
  return { source: { ...(result.data as Record<string, unknown>), type } };
}

/** What several sources may have one day and this one has not. */
function unbuiltFor({ supports = [] }: SourceDefinition): UnbuiltKeys {
  return Object.fromEntries(Object.entries(UNBUILT.source).filter(([key]) => !supports.includes(key)));
}

function typeMessage(type: string, definitions: readonly SourceDefinition[]): string {
  const built = definitions.map((definition) => definition.type);
  if (SOURCE_TYPES.some((known) => known === type)) return `"${type}" is not built yet; built: ${built.join(', ')}`;
  const near = nearestName(type, SOURCE_TYPES);
  const hint = near === null ? `known: ${SOURCE_TYPES.join(', ')}` : `did you mean "${near}"?`;
  return `unknown source type; ${hint}`;
}
