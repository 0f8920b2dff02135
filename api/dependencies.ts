import type { z } from 'zod';
import type { ConnectorConfig } from '../config/connector';
import type { TargetConfig } from '../config/target';
import type { SecretBox } from '../store/secrets';
import type { Store } from '../store/store';
import type { HttpMetrics } from '../telemetry/http-metrics';
import type { Log } from '../telemetry/log';
import type { Metrics } from '../telemetry/metrics';
import type { Gateway } from './gateway';
import type { ChangeNotifier } from './scim/notifier';

/** Keys that lead to a secret. */
export type SecretPath = readonly string[];

/** The schema of configuration, and what the API must know of the source types (config/schema.ts, connectors/registry.ts). */
export interface ConfigurationRules {
  /** @throws ConfigurationError */
  parseConnector(written: unknown): ConnectorConfig;
  /** @throws ConfigurationError */
  parseTarget(written: unknown): TargetConfig;
  /** Where the secrets of a connector of this source type lie. */
  connectorSecrets(sourceType: string): readonly SecretPath[];
  readonly targetSecrets: readonly SecretPath[];
  /** Settings whose change makes it another source (rules 1.1). */
  identityKeys(sourceType: string): readonly string[];
  /** For /openapi.json. */
  readonly schemas: { readonly connector: z.ZodType; readonly target: z.ZodType };
}

/** Everything the API needs from outside. */
export interface ApiDependencies {
  readonly store: Store;
  readonly gateway: Gateway;
  /** Tells the workflows of what identity providers pushed. */
  readonly notifier: ChangeNotifier;
  readonly configuration: ConfigurationRules;
  readonly secretBox: SecretBox;
  readonly adminToken: string;
  /** How long a caller waits for a task, milliseconds. @default 8000 */
  readonly taskWithinMs?: number;
  readonly clock: () => Date;
  /** A new id of the form ^[A-Za-z0-9_-]{8,128}$. */
  readonly newId: () => string;
  readonly log: Log;
  /** What GET /metrics shows. */
  readonly metrics: Metrics;
  readonly httpMetrics: HttpMetrics;
}
