import { randomUUID } from 'node:crypto';
import type { ActivityDeps, Timings } from '../activities';
import { createCallLimiters } from '../activities/limiter/limiter';
import type { ConfigSchema } from '../config/schema';
import { createProvider } from '../connectors/registry';
import type { ProviderDefinition } from '../connectors/provider';
import type { PushedRecords } from '../connectors/scim/pushed';
import { canonicalJson } from '../domain/canonical-json';
import { fingerprint } from '../domain/ids';
import type { ConnectorConfig } from '../config/connector';
import type { TargetConfig } from '../config/target';
import { settledGroup } from '../store/scim-intents';
import { openSecrets } from '../store/secrets';
import type { SecretBox } from '../store/secrets';
import type { Store } from '../store/store';
import { createTarget } from '../targets/registry';
import type { Log } from '../telemetry/log';
import type { WorkMetrics } from '../telemetry/work-metrics';
import { observedProvider } from './observedProvider';

export interface WorkerParts {
  readonly store: Store;
  readonly schema: ConfigSchema;
  readonly definitions: readonly ProviderDefinition[];
  readonly secretBox: SecretBox;
  readonly timings: Timings;
  readonly log: Log;
  readonly metrics: WorkMetrics;
}

/** Puts together what the activities need; a stored configuration is opened and parsed at every use, never kept. */
export function activityDeps(parts: WorkerParts): ActivityDeps {
  const { store, schema, definitions, secretBox, timings, log, metrics } = parts;
  const limiters = createCallLimiters(store.callLimits, {
    holder: randomUUID(),
    // What leases.ensure leaves beyond a call: a request that waits longer might start on a lease that has ended.
    maxWaitMs: (timings.leaseMs - timings.httpTimeoutMs) / 2,
  });
  return {
    store,
    timings,
    log,
    metrics,
    now: () => new Date(),
    openConnector: (config, id) => schema.parseConnector(openSecrets(config, secretBox, `connector:${id}`)),
    createProvider: (settings, priority) => {
      const provider = createProvider(definitions, settings, {
        limiterOf: ({ connection, concurrency }) => limiters.limiter(connection, concurrency, priority),
        context: { connectorId: settings.id, pushed: pushedRecords(store) },
      });
      return observedProvider(provider, settings.id, metrics);
    },
    openTarget: (config, id) => schema.parseTarget(openSecrets(config, secretBox, `target:${id}`)),
    createTarget: (settings, priority, { erasure } = { erasure: false }) =>
      createTarget(settings, {
        erasure,
        httpTimeoutMs: timings.httpTimeoutMs,
        onAnswer: (call) => {
          metrics.targetCalled({ target: settings.id, ...call });
        },
        limiter: limiters.limiter(connectionOf(settings), settings.concurrency, priority),
      }),
    scopeFingerprint: (settings) => scopeFingerprint(settings, definitions),
    close: () => limiters.close(),
  };
}

/** What the provider of a connector reads of what was pushed to it. */
const pushedRecords = ({ scim }: Store): PushedRecords => ({
  ...scim,
  settle: async (connectorId, groupId) => {
    await settledGroup(scim, connectorId, groupId);
  },
});

/** Two targets of one address are one connection: its limits do not count them apart. */
const connectionOf = ({ type, baseUrl }: TargetConfig): string => `${type}-${fingerprint(baseUrl)}`;

/** Changes with the source, match or scope, not with a new secret or another pace (rules 4.4). */
function scopeFingerprint(
  { source, match, scope }: ConnectorConfig,
  definitions: readonly ProviderDefinition[]
): string {
  const { secrets = [], immaterial = [] } = definitions.find(({ type }) => type === source.type) ?? {};
  const known = Object.entries(source).filter(([name]) => !secrets.includes(name) && !immaterial.includes(name));
  return fingerprint(canonicalJson({ source: Object.fromEntries(known), match, scope }));
}
