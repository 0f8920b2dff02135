import { z } from 'zod';
import { connectorSchema, type ConnectorConfig, type ConnectorSchemaOptions } from './connector';
import { DEFAULTS } from './defaults';
import { ConfigurationError } from './errors';
import { wholeNumber } from './scalars';
import { parseWith, section, strict } from './section';
import { targetSchema, type TargetConfig } from './target';
import { UNBUILT } from './unbuilt';

const MAX_KEPT_RUNS = 10_000;
const MAX_KEPT_DAYS = 3650;

/** Settings of the whole installation. */
export interface InstallationSettings {
  /** Snapshots and outcomes are kept for so many runs of a connector and so many days, whichever is less. */
  readonly retention: { readonly runs: number; readonly days: number };
}

/** A configuration file as parsed. */
export interface ConfigFile {
  readonly targets: readonly TargetConfig[];
  readonly connectors: readonly ConnectorConfig[];
  readonly settings: InstallationSettings;
}

export const settingsSchema = section(
  {
    retention: strict({
      runs: wholeNumber(1, MAX_KEPT_RUNS).default(DEFAULTS.retention.runs),
      days: wholeNumber(1, MAX_KEPT_DAYS).default(DEFAULTS.retention.days),
    }).prefault({}),
  },
  UNBUILT.settings
);

export type ConfigSchema = ReturnType<typeof createConfigSchema>;

/**
 * The schemas of configuration, the same for API bodies and files (rules 7).
 * The zod schemas are for composing and for OpenAPI; the parse functions throw
 * ConfigurationError with every issue and its path.
 */
export function createConfigSchema(options: ConnectorSchemaOptions) {
  const connector = connectorSchema(options);
  const file = fileSchema(connector);
  return {
    connector,
    target: targetSchema,
    settings: settingsSchema,
    file,
    parseConnector: (raw: unknown): ConnectorConfig => parse(connector, raw),
    parseTarget: (raw: unknown): TargetConfig => parse(targetSchema, raw),
    parseSettings: (raw: unknown): InstallationSettings => parse(settingsSchema, raw),
    parseFile: (raw: unknown): ConfigFile => parse(file, raw),
    /** Where the secrets of a connector lie, as paths of keys. */
    connectorSecrets: (sourceType: string): readonly (readonly string[])[] =>
      (options.definitions.find(({ type }) => type === sourceType)?.secrets ?? []).map((key) => ['source', key]),
  };
}

function parse<T>(schema: z.ZodType<T>, raw: unknown): T {
  const result = parseWith(schema, raw);
  if ('issues' in result) throw new ConfigurationError(result.issues);
  return result.value;
}

function fileSchema(connector: z.ZodType<ConnectorConfig>) {
  return strict({
    targets: z.array(targetSchema).default([]),
    connectors: z.array(connector).default([]),
    settings: settingsSchema.prefault({}),
  }).superRefine((file, context) => {
    refuseRepeated(file.targets, 'targets', context);
    refuseRepeated(file.connectors, 'connectors', context);
    const targets = new Set(file.targets.map(({ id }) => id));
    for (const [n, { target }] of file.connectors.entries()) {
      if (targets.has(target)) continue;
      const known = targets.size === 0 ? 'the file has no targets' : `targets of the file: ${[...targets].join(', ')}`;
      context.addIssue({ code: 'custom', path: ['connectors', n, 'target'], message: `names no target; ${known}` });
    }
  });
}

function refuseRepeated(
  items: readonly { readonly id: string }[],
  list: string,
  context: { addIssue: (issue: { code: 'custom'; path: PropertyKey[]; message: string }) => void }
): void {
  const first = new Map<string, number>();
  for (const [n, { id }] of items.entries()) {
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, n);
    else
      context.addIssue({ code: 'custom', path: [list, n, 'id'], message: `is already the id of ${list}[${earlier}]` });
  }
}
