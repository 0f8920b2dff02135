import { Registry, collectDefaultMetrics } from 'prom-client';
import { createConnectorMetrics } from './connector-metrics';
import type { ConnectorMetrics } from './connector-metrics';

/** The metrics of one process. Whatever measures something is made from it and handed on; there is no global registry. */
export interface Metrics {
  readonly registry: Registry;
  /** Names where the state of the connectors is read from. */
  watchConnectors(read: Parameters<ConnectorMetrics['watch']>[0]): void;
  /** Everything measured so far, in Prometheus's text format. */
  exposition(): Promise<Exposition>;
}
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/**
 * Opens the metrics of this process, with what Node itself tells (memory, processor, event loop).
 * Labels are ids that an admin gave, words of ours and classes of numbers: never a person, never free text.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const connectors = createConnectorMetrics(registry);
  return {
    registry,
    watchConnectors: (read) => {
      connectors.watch(read);
    },
    exposition: async () => {
      await connectors.refresh();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

const HUNDREDS = 100;

/** `2xx` for 204; `none` where no answer came. */
export function statusClass(status: number | null): string {
  return status === null ? 'none' : `${Math.floor(status / HUNDREDS)}xx`;
}
