import type { ConnectorConfig } from '../config/connector';
import type { TargetConfig } from '../config/target';
import type { CallPriority } from '../domain/call-slots';
import type { IdentityProvider } from '../connectors/provider';
import type { ProvisioningTarget } from '../targets/target';
import type { SealedConfig } from '../store/records';
import type { Store } from '../store/store';
import type { WorkMetrics } from '../telemetry/work-metrics';

/** Structured logs (pino's shape): attributes first, then a lower-case message. */
export interface Log {
  info(attributes: object, message: string): void;
  warn(attributes: object, message: string): void;
}

/** Times that keep crash safety, milliseconds (durability 2.2): lease > httpTimeout + heartbeat interval. */
export interface Timings {
  readonly leaseMs: number;
  readonly httpTimeoutMs: number;
}

/** What a connector may do with a target beyond what every one may. */
export interface TargetRights {
  /** Anonymize and delete accounts. @default false */
  readonly erasure: boolean;
}

/** What activities are built from; entry points hand it in (workers/worker.ts). */
export interface ActivityDeps {
  readonly store: Store;
  /** Opens the secrets of a stored configuration and parses it. @throws ConfigurationError */
  openConnector(config: SealedConfig, id: string): ConnectorConfig;
  /** Calls of a provider with a budget go by a limiter that all processes share. */
  createProvider(settings: ConnectorConfig, priority: CallPriority): IdentityProvider;
  /** A text that changes when another source, key, match or scope is configured (rules 4.4). */
  scopeFingerprint(settings: ConnectorConfig): string;
  openTarget(config: SealedConfig, id: string): TargetConfig;
  /** Calls of the target go by a limiter that all processes share. */
  createTarget(settings: TargetConfig, priority: CallPriority, options?: TargetRights): ProvisioningTarget;
  readonly timings: Timings;
  /** Wall clock; injected so that tests of grace can move it. */
  now(): Date;
  readonly log: Log;
  readonly metrics: WorkMetrics;
  /** Gives back what this process holds in common with others. */
  close(): Promise<void>;
}
