import { basename, dirname } from 'node:path';
import type { ConnectorConfig } from '../../config/connector';
import { connectorDocument } from '../../config/document';
import { ConfigurationError } from '../../config/errors';
import { loadConfigFile } from '../../config/file';
import type { ConfigFile, ConfigSchema } from '../../config/schema';
import { TARGET_SECRETS } from '../../config/target';
import type { Configuration } from './answers';
import { usageError } from './exits';
import type { StartMode } from './options';
import { checkUsersFile } from './users-file';
import type { CheckableSource } from './users-file';

/** A configuration to be stored, and where its secrets lie. */
export interface WantedItem {
  readonly id: string;
  readonly document: Configuration;
  readonly secrets: readonly (readonly string[])[];
}

/** What a start brings in. */
export type Wanted =
  /** Our own connector over one file, into the simulated Jira. What was changed on it over the API stays. */
  | { readonly kind: 'file'; readonly connector: Configuration & { readonly id: string }; readonly file: string }
  /** The demo: as before, but only into a data folder that has no connectors of its own. */
  | { readonly kind: 'demo'; readonly connector: Configuration & { readonly id: string }; readonly file: string }
  /** The file decides: what is stored otherwise is changed. */
  | { readonly kind: 'config'; readonly targets: readonly WantedItem[]; readonly connectors: readonly WantedItem[] }
  | { readonly kind: 'empty' };

export interface WantedOptions {
  readonly mode: StartMode;
  readonly demoFile: string;
  readonly env: NodeJS.ProcessEnv;
  /** The schema whose sources take relative files from this folder. */
  readonly schemaFor: (folder: string) => ConfigSchema;
  readonly createSource: (connector: ConnectorConfig) => CheckableSource;
}

/** The target that is there without being configured. */
export const BUILT_IN_TARGET = 'jira';
const DEMO_CONNECTOR = 'demo';
const USERS_CONNECTOR = 'people';
const HOURLY = { cron: '0 * * * *' };

/**
 * Decides what the start brings in, and checks it before anything is started.
 * @throws StartError with the usage code and everything that is wrong
 */
export async function readWanted(options: WantedOptions): Promise<Wanted> {
  const { mode, demoFile } = options;
  switch (mode.kind) {
    case 'empty':
      return { kind: 'empty' };
    case 'demo':
      return { kind: 'demo', file: demoFile, connector: fileConnector(DEMO_CONNECTOR, 'Demo', demoFile) };
    case 'users':
      return ownFile(mode.file, options);
    case 'config':
      return configFile(mode.file, options);
  }
}

function fileConnector(id: string, name: string, file: string): Configuration & { readonly id: string } {
  return { id, name, target: BUILT_IN_TARGET, source: { type: 'file', users: file }, schedule: HOURLY };
}

async function ownFile(file: string, { schemaFor, createSource }: WantedOptions): Promise<Wanted> {
  const connector = fileConnector(USERS_CONNECTOR, basename(file), file);
  try {
    const parsed = schemaFor(dirname(file)).parseConnector(connector);
    await checkUsersFile(createSource(parsed));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const problems = error.issues.map(({ message }) => message).join('\n');
    throw usageError(`--users ${file}: ${problems}`, { cause: error });
  }
  return { kind: 'file', file, connector };
}

async function configFile(path: string, { env, schemaFor }: WantedOptions): Promise<Wanted> {
  const schema = schemaFor(dirname(path));
  try {
    const file = await loadConfigFile({ path, env, schema });
    refuseUnused(file, schema);
    return {
      kind: 'config',
      targets: file.targets.map((target) => ({ id: target.id, document: { ...target }, secrets: TARGET_SECRETS })),
      connectors: file.connectors.map((connector) => ({
        id: connector.id,
        document: connectorDocument(connector),
        secrets: schema.connectorSecrets(connector.source.type),
      })),
    };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw usageError(`${path} is not valid:\n${indented(error.message)}`, { cause: error });
  }
}

/** Never ignored: a key that changes nothing yet is refused with any other value than what happens. */
function refuseUnused({ settings }: ConfigFile, schema: ConfigSchema): void {
  const { runs, days } = schema.parseSettings({}).retention;
  if (settings.retention.runs === runs && settings.retention.days === days) return;
  throw new ConfigurationError([
    { path: 'settings.retention', message: `is not built yet; leave it out, or write ${runs} runs and ${days} days` },
  ]);
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

/** Whether a target's address is that of the simulated Jira on this port. */
export function isSimulatedJira(baseUrl: unknown, port: number): boolean {
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) return false;
  const { hostname, port: written } = new URL(baseUrl);
  return ['127.0.0.1', 'localhost'].includes(hostname) && written === String(port);
}

/** Whether the simulated Jira has to run: always but for a configuration whose targets are all elsewhere. */
export function needsSimulatedJira(wanted: Wanted, port: number): boolean {
  if (wanted.kind !== 'config') return true;
  return wanted.targets.some(({ document }) => isSimulatedJira(document['baseUrl'], port));
}
