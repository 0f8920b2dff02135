import type { ActivityDeps, Timings } from '../activities';
import type { ConfigSchema } from '../config/schema';
import { createProvider } from '../connectors/registry';
import type { ProviderDefinition } from '../connectors/provider';
import { canonicalJson } from '../domain/canonical-json';
import { fingerprint } from '../domain/ids';
import type { ConnectorConfig } from '../config/connector';
import { openSecrets } from '../store/secrets';
import type { SecretBox } from '../store/secrets';
import type { Store } from '../store/store';
import { createTarget } from '../targets/registry';
import type { Log } from '../telemetry/log';

export interface WorkerParts {
  readonly store: Store;
  readonly schema: ConfigSchema;
  readonly definitions: readonly ProviderDefinition[];
  readonly secretBox: SecretBox;
  readonly timings: Timings;
  readonly log: Log;
}

/** Puts together what the activities need; a stored configuration is opened and parsed at every use, never kept. */
export function activityDeps(parts: WorkerParts): ActivityDeps {
  const { store, schema, definitions, secretBox, timings, log } = parts;
  return {
    store,
    timings,
    log,
    now: () => new Date(),
    openConnector: (config, id) => schema.parseConnector(openSecrets(config, secretBox, `connector:${id}`)),
    createProvider: (settings) => createProvider(definitions, settings),
    openTarget: (config, id) => schema.parseTarget(openSecrets(config, secretBox, `target:${id}`)),
    createTarget: (settings) => createTarget(settings, { httpTimeoutMs: timings.httpTimeoutMs }),
    scopeFingerprint: (settings) => scopeFingerprint(settings, definitions),
  };
}

/** Changes with the source, match or scope, not with a new secret (rules 4.4). */
function scopeFingerprint(
  { source, match, scope }: ConnectorConfig,
  definitions: readonly ProviderDefinition[]
): string {
  const secrets = definitions.find(({ type }) => type === source.type)?.secrets ?? [];
  const known = Object.entries(source).filter(([name]) => !secrets.includes(name));
  return fingerprint(canonicalJson({ source: Object.fromEntries(known), match, scope }));
}
